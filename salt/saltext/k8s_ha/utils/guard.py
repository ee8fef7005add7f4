"""What starting a unit anew takes from others, and the gate before it where it takes something."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from saltext.k8s_ha.utils import gate_certificate, membership
from saltext.k8s_ha.utils.disruption import Disruption
from saltext.k8s_ha.utils.host import Host
from saltext.k8s_ha.utils.identity import OF_EXTERNAL_MEMBER, OF_NODE
from saltext.k8s_ha.utils.tell import Tell

if TYPE_CHECKING:
    from saltext.k8s_ha.utils.gate import Member

# What takes something from others for a moment, and the programs that it takes. HAProxy's reload hands its sockets
# over; keepalived's may move the address, and a firewall's stands before everything. Where `load_balancer.type` is
# `local`, HAProxy on a worker is the way of that host alone: nobody else is served by it, so nobody is asked.
_BRIEF: dict[tuple[str, str], tuple[str, ...]] = {
    ("haproxy.service", "restart"): ("haproxy",),
    ("keepalived.service", "reload"): ("keepalived",),
    ("keepalived.service", "restart"): ("keepalived",),
    ("containerd.service", "restart"): ("containerd",),
    ("kubelet.service", "restart"): ("kubelet",),
    ("nftables.service", "reload"): ("haproxy", "keepalived", "kube-apiserver", "etcd"),
    ("nftables.service", "restart"): ("haproxy", "keepalived", "kube-apiserver", "etcd"),
    ("firewalld.service", "reload"): ("haproxy", "keepalived", "kube-apiserver", "etcd"),
    ("firewalld.service", "restart"): ("haproxy", "keepalived", "kube-apiserver", "etcd"),
}
# What others have of a balancer outside of the control plane, whatever its firewall stands before elsewhere. A worker
# that is one takes nothing of its pods by a restart.
_OF_BALANCER = ("haproxy", "keepalived")


@dataclass(frozen=True)
class Guard:
    """The gate before the units of this host."""

    member: Member
    host: Host
    tell: Tell

    @contextmanager
    def around(self, unit: str, step: str) -> Iterator[None]:
        """Around a step on a unit: it waits for its turn where the step takes something from others.

        :raises HostError: when the step is refused, deferred, or has not ended well.
        """
        programs = self.takes(unit, step)
        if not programs:
            yield
            return
        with Disruption(self.member, self.host, "restart", programs, self.tell).allowed() as allowed:
            allowed.confirm()
            yield

    def takes(self, unit: str, step: str) -> tuple[str, ...]:
        """The programs that a step takes from others; none before this host is a member, or where only pods run."""
        programs = _BRIEF.get((unit, step), ())
        if not programs or not self._serves_others():
            return ()
        if gate_certificate.of_balancer(self.member.roles):
            return tuple(program for program in programs if program in _OF_BALANCER)
        return programs

    def _serves_others(self) -> bool:
        """Whether others rely on this host, and it can ask: a node of the control plane, a host of etcd or a balancer.

        A balancer is asked for once its certificate is there: before that the cluster is being made.
        """
        if "control_plane" in self.member.roles:
            return membership.is_member(OF_NODE.read(self.host) or {}, self.host)
        if self.member.has_external_member:
            return (OF_EXTERNAL_MEMBER.read(self.host) or {}).get("stage") == "member"
        if gate_certificate.of_balancer(self.member.roles):
            return self.host.path(gate_certificate.PATH).exists()
        return False
