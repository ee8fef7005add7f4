"""Bring what kubeadm wrote on a member to what the pillar ``k8s_ha`` says now: certificates, static pods, the kubelet.

These states belong to ``k8s_ha``; see there. Each looks first whether anything has changed since it was last in order:
where nothing has, no program is run, nobody is asked, and no lock is taken.
"""

from __future__ import annotations

import time

from saltext.k8s_ha.utils import gate
from saltext.k8s_ha.utils.answer import Answer
from saltext.k8s_ha.utils.host import HostError
from saltext.k8s_ha.utils.loaded import loaded
from saltext.k8s_ha.utils.minion import Minion

__virtualname__ = "k8s_ha"


def __virtual__() -> str | tuple[bool, str]:
    return loaded(__virtualname__)


def certificates_current(name: str) -> Answer:
    """Renew the certificates that kubeadm made on this node when less than a third of their life is left.

    ``kubeadm certs renew`` does it. The certificate of the API server is made anew too when the pillar has other names
    for it. Servers and clients read their files by themselves, so nothing is restarted; the kubeconfigs of the
    controller manager and the scheduler are read only at their start, see :py:func:`control_plane_current`. An
    authority that ends is only told.

    name
        Anything; it identifies the state.

    .. code-block:: yaml

        certificates of the control plane are current:
          k8s_ha.certificates_current
    """
    minion = Minion.of(globals())

    def renew(member: gate.Member) -> Answer:
        from saltext.k8s_ha.utils.control_plane_certificates import ControlPlaneCertificates

        steps = ControlPlaneCertificates(
            member=member,
            host=minion.host(),
            modules=minion.modules,
            tell=minion.teller(member),
            writer=minion.writer(member),
        )
        return minion.attain(member, steps)

    return minion.do(name, renew)


def control_plane_current(name: str) -> Answer:
    """Bring the static pods of this node to what kubeadm would write now by the pillar, and have the cluster record it.

    A changed argument, volume or patch changes the manifest; so does a file that is read only at the start, such as
    the audit policy or a renewed kubeconfig. One pod after the other, each with the lock and the gate's word; one that
    does not serve gets its manifest of before back, and the state fails. A release is never changed here. A manifest
    that was changed by hand is reported, and reverted with ``drift: enforce``.

    name
        Anything; it identifies the state.

    .. code-block:: yaml

        static pods are as the pillar wants them:
          k8s_ha.control_plane_current
    """
    minion = Minion.of(globals())

    def change(member: gate.Member) -> Answer:
        from saltext.k8s_ha.utils import certificate_renewal
        from saltext.k8s_ha.utils.control_plane_pods import ControlPlanePods

        _refuse_after_failure(minion)
        host = minion.host()
        due = certificate_renewal.find(member, host, time.time()).due if minion.test else []
        steps = ControlPlanePods(
            member=member,
            host=host,
            modules=minion.modules,
            tell=minion.teller(member),
            writer=minion.writer(member),
            to_come=frozenset(one.certificate.path for one in due),
        )
        return minion.attain(member, steps)

    return minion.do(name, change)


def kubelet_current(name: str) -> Answer:
    """Bring the KubeletConfiguration of this node to what the pillar says, and restart its kubelet with it.

    Pods go on meanwhile. A node of the control plane waits for the lock and the gate, and records the cluster's
    configuration for nodes that join later. A kubelet that is not well gets its configuration of before back, and the
    state fails.

    name
        Anything; it identifies the state.

    .. code-block:: yaml

        the kubelet is configured as the pillar wants it:
          k8s_ha.kubelet_current
    """
    minion = Minion.of(globals())

    def change(member: gate.Member) -> Answer:
        from saltext.k8s_ha.utils.kubelet_change import KubeletChange

        _refuse_after_failure(minion)
        steps = KubeletChange(
            member=member,
            host=minion.host(),
            modules=minion.modules,
            tell=minion.teller(member),
            writer=minion.writer(member),
        )
        return minion.attain(member, steps)

    return minion.do(name, change)


def _refuse_after_failure(minion: Minion) -> None:
    """Raise HostError where a file of Kubernetes could not be written: half of a pillar is none."""
    failed = sorted(path for path in minion.failed if path.startswith("/etc/kubernetes/"))
    if failed:
        raise HostError(f"Nothing is changed while {', '.join(failed)} could not be written.")
