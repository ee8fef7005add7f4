"""Brings the certificate of the cluster's CA to the hosts of the balancer, before there is any API server."""

from __future__ import annotations

from collections.abc import Callable

from saltext.k8s_ha.utils import delivery
from saltext.k8s_ha.utils.answer import Answer, state_answer
from saltext.k8s_ha.utils.ask_master import Master
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import Host, HostError


def apply(member: Member, host: Host, master: Callable[[], Master], *, test: bool) -> Answer:
    """Write the certificate where HAProxy reads it, once; the master is asked only where it is not there.

    :returns: ``result``, ``changes`` and ``comment`` of a state.
    :raises HostError: when the master does not answer, or the cluster was never created.
    """
    needed = any(delivery.BALANCER_CA in file["needs"] for file in member.files.values())
    if not needed or host.path(delivery.BALANCER_CA).exists():
        return state_answer(True, "Nothing to bring.")
    answered = master().request({"subject": "authorities"})
    if answered.outcome != "authorities":
        raise HostError(f"Refused: node {member.node}: {answered.reason}.")
    if not test:
        delivery.put_balancer_ca(host, answered.files["ca.crt"])
    changes = {delivery.BALANCER_CA: {"old": "absent", "new": answered.ca_fingerprint}}
    told = f"The certificate of the CA {'would be' if test else 'was'} written."
    return state_answer(None if test else True, told, changes)
