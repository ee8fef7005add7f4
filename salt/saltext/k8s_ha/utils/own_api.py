"""The API server of this host itself, past any balancer, as the administrator that kubeadm made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from saltext.k8s_ha.utils.host import Host, HostError

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Api
    from saltext.k8s_ha.utils.gate import Member

_PROBE_SECONDS = 5.0
KUBECONFIG = "/etc/kubernetes/admin.conf"


def own_api(member: Member, host: Host, seconds: float) -> Api:
    """The API server of a control-plane node, for calls of at most ``seconds``.

    :raises HostError: when the kubeconfig cannot be read.
    """
    from saltext.k8s_ha import _core

    try:
        kubeconfig = host.path(KUBECONFIG).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise HostError(f"the administrator's kubeconfig cannot be read: {error}") from error
    return _core.Api(kubeconfig, server=member.topology.api_server(member.node), timeout=seconds)


def serves(member: Member, host: Host) -> bool:
    """Whether the API server of this host says that it is ready."""
    from saltext.k8s_ha import _core

    try:
        return own_api(member, host, _PROBE_SECONDS).ready()["ready"]
    except _core.K8sHaError:
        return False
