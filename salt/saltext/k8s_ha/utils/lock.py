"""Where a host asks for its turn: etcd's own members for control plane and etcd, Leases of Kubernetes for
workers and for balancers outside of the control plane.

Which it is, the pillar says; never what answers now.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from saltext.k8s_ha.utils import gate_certificate, observation
from saltext.k8s_ha.utils.host import Host, HostError

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Lock, Turn
    from saltext.k8s_ha.utils.gate import Member

LEASE_SECONDS = 30


def of(member: Member, host: Host) -> Turn:
    """The lock under which this host is disturbed, not held yet; with it, what is on record about steps.

    :raises HostError: on a host that has nothing to ask for it with.
    """
    return of_node(member, host, member.node)


def of_node(member: Member, host: Host, node: str) -> Turn:
    """The lock of a node, as this host reaches it; with it, where the node's step is on record.

    :raises HostError: on a host that has nothing to ask for it with.
    """
    from saltext.k8s_ha import _core

    asked = replace(member, node=node)
    if asked.has_external_member or not gate_certificate.needed(asked):
        return of_etcd(member, host)
    kubeconfig = observation.kubernetes_credentials(member, host)
    if kubeconfig is None:
        raise HostError(f"{member.node} has no certificate to ask for a slot: apply k8s.ha, which brings it")
    return _core.Slot(member.topology, node, kubeconfig, LEASE_SECONDS)


def of_etcd(member: Member, host: Host) -> Lock:
    """The lock in etcd, with what is on record there about steps and maintenance.

    :raises HostError: on a host that has no certificate of etcd.
    """
    from saltext.k8s_ha import _core

    etcd = observation.etcd_credentials(member, host)
    if etcd is None:
        raise HostError(
            f"{member.node} has no certificates of etcd: ask on a node of the control plane, or on a host of etcd"
        )
    return _core.Lock(member.topology, etcd, LEASE_SECONDS)
