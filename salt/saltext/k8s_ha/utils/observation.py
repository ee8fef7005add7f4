"""One look at the whole cluster, with what this host may show, and the gate's word on a step."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from saltext.k8s_ha.utils import gate_certificate
from saltext.k8s_ha.utils.etcd_certificates import OF_API_SERVER, OF_MEMBER
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.own_api import KUBECONFIG
from saltext.k8s_ha.utils.own_etcd import PATHS
from saltext.k8s_ha.utils.record import write_durably

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Action, Judgement
    from saltext.k8s_ha.utils.gate import Member

LAST = "/run/k8s-ha/observation.json"
"""What the last verdict on this host was judged by."""

_PROBE_SECONDS = 1.0


def look(member: Member, host: Host, evicted: Iterable[str] = ()) -> str:
    """What is seen of the cluster, as JSON. What nothing is there for is not asked, and counts as unknown.

    :param evicted: nodes whose pods would go.
    :raises HostError: on a host that has nothing to show to the control plane, or something that cannot be used.
    """
    from saltext.k8s_ha import _core

    kubeconfig, etcd = kubernetes_credentials(member, host), etcd_credentials(member, host)
    if kubeconfig is None and etcd is None:
        raise HostError(
            "this host has no credentials with which the cluster could be looked at: on a worker, or on a host of the "
            "load balancer, apply k8s.ha, which brings them; or ask on a node of the control plane, or on a host of "
            "etcd"
        )
    try:
        return _core.observe(
            member.topology,
            kubeconfig=kubeconfig,
            etcd=etcd,
            observer=member.node,
            evicted=list(evicted),
            timeout=_PROBE_SECONDS,
        )
    except _core.K8sHaError as error:
        raise HostError(f"the cluster cannot be looked at: {error}") from error


def judge(
    member: Member, host: Host, action: Action, nodes: list[str], programs: list[str]
) -> tuple[Judgement, str]:
    """The gate's word on a step now, and what it was judged by.

    :raises HostError: as :func:`look`, and for a step that is none.
    """
    from saltext.k8s_ha import _core

    try:
        seen = look(member, host, nodes if _core.evicts(action) else ())
        _keep(host, seen)
        return _core.judge(member.topology, seen, action, nodes, programs), seen
    except ValueError as error:
        raise HostError(str(error)) from error


def _keep(host: Host, seen: str) -> None:
    """For whoever wants to judge it again: ``k8s-ha gate PILLAR --observation /run/k8s-ha/observation.json``."""
    place = host.path(LAST)
    # The verdict does not depend on it.
    with suppress(OSError):
        place.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        write_durably(place, seen + "\n")


def kubernetes_credentials(member: Member, host: Host) -> str | None:
    """The kubeconfig by which this host speaks to the API: workers and balancers have their own; None without one."""
    return _text(host, gate_certificate.PATH if gate_certificate.needed(member) else KUBECONFIG)


def etcd_paths(member: Member) -> list[str]:
    """Authority, client certificate and key with which this host speaks to etcd."""
    if member.has_external_member:
        return OF_MEMBER.paths()[:3]
    if member.has_stacked_etcd:
        return list(PATHS)
    return OF_API_SERVER.paths()


def etcd_credentials(member: Member, host: Host) -> tuple[str, str, str] | None:
    """Authority, certificate and key with which this host speaks to etcd, PEM; None where it has not all of them."""
    authority, certificate, key = (_text(host, path) for path in etcd_paths(member))
    if authority is None or certificate is None or key is None:
        return None
    return authority, certificate, key


def _text(host: Host, path: str) -> str | None:
    try:
        return host.path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
