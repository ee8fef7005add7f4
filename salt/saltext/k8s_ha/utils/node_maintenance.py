"""Maintenance on a Node object, beside etcd's record: workers see it there, who have nothing to show to etcd."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils.observation import kubernetes_credentials

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Api
    from saltext.k8s_ha.utils.gate import Member
    from saltext.k8s_ha.utils.host import Host

_SECONDS = 5.0


def put(member: Member, host: Host, node: str, until: float, reason: str, now: float) -> dict[str, Any]:
    """Put it on the object of a node that runs a kubelet.

    :returns: ``api_knows``, and a ``comment`` where the API does not take it; nothing for a node without an object.
    """
    return _tell(
        member, host, node, "does not see it", lambda api: api.mark_maintenance(node, until, reason, now)
    )


def take_off(member: Member, host: Host, node: str) -> dict[str, Any]:
    """Take it off; returns as :func:`put`."""
    return _tell(member, host, node, "still sees it", lambda api: api.unmark_maintenance(node))


def _tell(
    member: Member, host: Host, node: str, otherwise: str, ask: Callable[[Api], None]
) -> dict[str, Any]:
    from saltext.k8s_ha import _core

    if not {"control_plane", "worker"} & set(member.topology.roles(node)):
        return {}
    why = "this host has no credentials for it"
    kubeconfig = kubernetes_credentials(member, host)
    if kubeconfig is not None:
        try:
            ask(_core.Api(kubeconfig, timeout=_SECONDS))
        except _core.K8sHaError as error:
            why = str(error)
        else:
            return {"api_knows": True}
    told = f"A worker that asks the gate {otherwise}, for the API was not told: {why}. Run this again when it answers"
    return {"api_knows": False, "comment": told}
