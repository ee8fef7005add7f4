"""Bring the member of etcd on a host to what the pillar ``k8s_ha`` says about it.

These states belong to ``k8s_ha``; see there.
"""

from __future__ import annotations

from saltext.k8s_ha.utils import activation, gate
from saltext.k8s_ha.utils.answer import Answer
from saltext.k8s_ha.utils.loaded import loaded
from saltext.k8s_ha.utils.minion import Minion

__virtualname__ = "k8s_ha"


def __virtual__() -> str | tuple[bool, str]:
    return loaded(__virtualname__)


def etcd_protected(name: str, wait: float = 120.0) -> Answer:
    """Make sure that this host's member of etcd never starts anew over lost data.

    kubeadm's record of the cluster and the manifest of the member get the state ``existing``; an upgrade by kubeadm
    keeps it. The change of the manifest restarts the member: one at a time, and only while all others serve.

    name
        Anything; it identifies the state.

    wait
        Seconds for which it waits, while the cluster is made, for the other declared members before it leaves the
        manifest for a later run.

    .. code-block:: yaml

        etcd starts no second cluster:
          k8s_ha.etcd_protected
    """
    minion = Minion.of(globals())

    def protect(member: gate.Member) -> Answer:
        from saltext.k8s_ha.utils.etcd_protection import Protection

        steps = Protection(
            member=member,
            host=minion.host(),
            modules=minion.modules,
            tell=minion.teller(member),
            wait_seconds=float(wait),
        )
        return minion.attain(member, steps)

    return minion.do(name, protect)


def etcd_certified(name: str) -> Answer:
    """Bring what this node needs of certificates of an external etcd: keys are made here, the master signs.

    A host of etcd gets those of its member, a node of the control plane the one of its API server. They are
    renewed when less than a third of their life is left, and nothing is restarted for it. The comment says
    when they end.

    name
        Anything; it identifies the state.

    .. code-block:: yaml

        certificates of etcd are there:
          k8s_ha.etcd_certified
    """
    minion = Minion.of(globals())

    def certify(member: gate.Member) -> Answer:
        from saltext.k8s_ha.utils import etcd_certificates
        from saltext.k8s_ha.utils.etcd_host import EtcdHost

        host, test = minion.host(), minion.test
        places = etcd_certificates.places(member, host)
        if places and not host.is_live and not minion.has_master():
            return {"result": True, "changes": {}, "comment": "There is no master to ask."}
        if member.has_external_member and host.is_live and not test:
            EtcdHost(host, minion.modules, member.topology.etcd_data_dir).ensure_user()
        return etcd_certificates.apply(
            places,
            host,
            member.topology,
            minion.master(member),
            test=test,
        )

    return minion.do(name, certify)


def etcd_joined(name: str, wait: float = 900.0) -> Answer:
    """Make this host a member of an external etcd: the first begins where the master grants it, the others join.

    As with :py:func:`joined`, the master's ledger decides, so all hosts may ask at once, in any order, and again after
    any crash. A recorded member without its data is refused, and says why. One whose files have changed is restarted:
    one at a time, and only while the others keep the quorum.

    name
        Anything; it identifies the state.

    wait
        Seconds for which it waits for its turn before it gives up without having changed anything.

    .. code-block:: yaml

        this host is a member of etcd:
          k8s_ha.etcd_joined
    """
    minion = Minion.of(globals())

    def attain(member: gate.Member) -> Answer:
        from saltext.k8s_ha.utils.etcd_host import UNIT, EtcdHost
        from saltext.k8s_ha.utils.etcd_join import EtcdMembership

        host = minion.host()
        if not member.has_external_member:
            return {
                "result": True,
                "changes": {},
                "comment": "No member of an external etcd runs on this node.",
            }
        minion.refuse_after_failure()
        steps = EtcdMembership(
            member=member,
            etcd=EtcdHost(host, minion.modules, member.topology.etcd_data_dir),
            master=minion.master(member),
            tell=minion.teller(member),
            unit=activation.InTurn(UNIT, list(member.files.values()), minion.writer(member)),
            wait_seconds=float(wait),
        )
        return minion.attain(member, steps)

    return minion.do(name, attain)
