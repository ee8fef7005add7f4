"""Bring a host to what the pillar ``k8s_ha`` says about it.

Each function judges the pillar by itself before it changes anything, and refuses with all findings when the
pillar is not valid. A minion that the pillar does not name has nothing to do. There is no ``watch``: what
runs is compared with what is on the disk by :py:func:`activated`, so a run that was interrupted is made good
by the next one.
"""

from __future__ import annotations

import time

from saltext.k8s_ha.utils import (
    activation,
    begun,
    certificates,
    findings,
    gate,
    images,
    kubernetes,
    packages,
    reboot,
)
from saltext.k8s_ha.utils.answer import Answer
from saltext.k8s_ha.utils.guard import Guard
from saltext.k8s_ha.utils.host import HostError
from saltext.k8s_ha.utils.loaded import loaded
from saltext.k8s_ha.utils.minion import Minion
from saltext.k8s_ha.utils.pod_network import PodNetwork

__virtualname__ = "k8s_ha"


def __virtual__() -> str | tuple[bool, str]:
    return loaded(__virtualname__)


def validated(name: str) -> Answer:
    """Report every finding on this minion's pillar; fail when one of them forbids to apply it.

    A certificate of this node that ends soon is a warning, and refuses nothing.

    name
        Anything; it identifies the state.

    .. code-block:: yaml

        the pillar is valid:
          k8s_ha.validated
    """
    minion = Minion.of(globals())

    def report(member: gate.Member) -> Answer:
        topology = member.topology
        told = f"Cluster {topology.cluster}, node {member.node}, pillar {topology.digest[:12]}: valid."
        answer: Answer = {"result": True, "changes": {}, "comment": told}
        warnings = findings.lines(item for item in topology.findings if item["severity"] != "info")
        warnings += certificates.find(minion.host()).warnings(time.time())
        if warnings:
            answer["warnings"] = warnings
        return answer

    return minion.do(name, report)


def version_matches(name: str, root: str | None = None) -> Answer:
    """Fail when the Kubernetes that is installed here is not the one of the pillar.

    name
        Anything; it identifies the state.

    root
        A directory that stands for the host. Default: ``k8s_ha: {root: ...}`` of the minion's configuration.

    .. code-block:: yaml

        Kubernetes is the one of the pillar:
          k8s_ha.version_matches
    """
    minion = Minion.of(globals())

    def compare(member: gate.Member) -> Answer:
        releases = kubernetes.installed(minion.host(root), minion.modules["cmd.run_all"])
        refusal = kubernetes.mismatch(releases, member.release)
        if refusal:
            return {"result": False, "changes": {}, "comment": f"Refused: {refusal}"}
        told = f"{' and '.join(releases)} {member.release}" if releases else "no Kubernetes is installed yet"
        return {"result": True, "changes": {}, "comment": f"Wanted {member.release}: {told}."}

    return minion.do(name, compare, root)


def file_managed(name: str, root: str | None = None) -> Answer:
    """Bring one file of this node to what the pillar says.

    What the file holds, its mode, its owner and the program that must accept it come from the pillar. A file
    that was changed by hand is reported, and reverted with ``drift: enforce``. A file that was there before
    is taken over, and kept as a backup (``file.list_backups``).

    name
        The path on the node, one of ``salt-call k8s_ha.files``.

    root
        A directory that stands for the host. Default: ``k8s_ha: {root: ...}`` of the minion's configuration.

    .. code-block:: yaml

        /etc/haproxy/haproxy.cfg:
          k8s_ha.file_managed
    """
    minion = Minion.of(globals())

    def write(member: gate.Member) -> Answer:
        file = member.files.get(name)
        if file is None:
            raise HostError(f"{name} is no file of node {member.node}; `salt-call k8s_ha.files` lists them")
        return minion.writer(member, root).apply(file)

    answer = minion.do(name, write, root)
    if answer["result"] is False:
        minion.failed.add(name)
    return answer


def activated(name: str, root: str | None = None) -> Answer:
    """Enable the units of this node, and reload or restart those whose files are not the ones they run with.

    What takes something from others waits for its turn and for the gate: one host at a time, and only while the cluster
    can lose it. After ``gate.wait`` of the pillar it is left to a later apply. Where nothing is to be done, nobody is
    asked. What runs is known from stamps in ``/run/k8s-ha``. With ``root`` no service is touched.

    name
        Anything; it identifies the state.

    root
        A directory that stands for the host. Default: ``k8s_ha: {root: ...}`` of the minion's configuration.

    .. code-block:: yaml

        services run with what is on the disk:
          k8s_ha.activated
    """
    minion = Minion.of(globals())

    def activate(member: gate.Member) -> Answer:
        packages_come = member.topology.manage()["repositories"] == "yes"
        files = list(member.files.values())
        host = minion.host(root)
        guard = Guard(member, host, minion.teller(member))
        answer = activation.activate(
            files,
            minion.writer(member, root),
            minion.failed,
            packages_come=packages_come,
            around=guard.around,
        )
        if minion.test or not host.is_live:
            return answer
        tell = minion.teller(member)
        return begun.made_good(answer, member, host, lambda kept: reboot.give_back(member, host, kept, tell))

    return minion.do(name, activate, root)


def packages_installed(name: str, root: str | None = None) -> Answer:
    """Install and hold the packages of this node, at the versions that the pillar says.

    What is installed is left as it is; another release of Kubernetes is a refusal, because a release is changed
    by an upgrade.

    name
        Anything; it identifies the state.

    root
        A directory that stands for the host. Default: ``k8s_ha: {root: ...}`` of the minion's configuration.

    .. code-block:: yaml

        packages of Kubernetes are there:
          k8s_ha.packages_installed
    """
    minion = Minion.of(globals())

    def install(member: gate.Member) -> Answer:
        host = minion.host(root)
        test = minion.test
        return packages.apply(
            member.topology, member.node, minion.states, minion.modules, test=test, host=host
        )

    return minion.do(name, install, root)


def images_present(name: str, root: str | None = None, pull_seconds: int = images.PULL_SECONDS) -> Answer:
    """Bring the images of Kubernetes to this node: from ``images.archives``, or from the registry ahead of kubeadm.

    name
        Anything; it identifies the state.

    root
        A directory that stands for the host. Default: ``k8s_ha: {root: ...}`` of the minion's configuration.

    pull_seconds
        How long a registry may take to give all images.

    .. code-block:: yaml

        images are there:
          k8s_ha.images_present
    """
    minion = Minion.of(globals())

    def bring(member: gate.Member) -> Answer:
        host = minion.host(root)
        test = minion.test
        answer = images.apply(member.topology, member.node, minion.modules, test=test, host=host)
        if answer["result"] and not test and not member.topology.images(member.node)["archives"]:
            try:
                told = images.pull(
                    member.topology, member.node, minion.modules, host=host, seconds=pull_seconds
                )
            except HostError as error:
                raise HostError(f"Refused: node {member.node}: {error}.") from error
            answer["comment"] = told
        return answer

    return minion.do(name, bring, root)


def authorities_trusted(name: str) -> Answer:
    """Bring the certificate of the cluster's CA to this host, where HAProxy and keepalived's check read it.

    It is asked of the master once, and fails with the sentence that names ``salt-run k8s_ha.create`` where
    the cluster was never created. No key comes with it.

    name
        Anything; it identifies the state.

    .. code-block:: yaml

        the CA of the API servers is trusted:
          k8s_ha.authorities_trusted
    """
    minion = Minion.of(globals())

    def bring(member: gate.Member) -> Answer:
        # Here, not above: cryptography takes longer to load than all other states take to run.
        from saltext.k8s_ha.utils import trust

        host = minion.host()
        if not host.is_live and not minion.has_master():
            return {"result": True, "changes": {}, "comment": "There is no master to ask."}
        return trust.apply(
            member,
            host,
            minion.master(member),
            test=minion.test,
        )

    return minion.do(name, bring)


def joined(name: str, wait: float = 900.0) -> Answer:
    """Make this host a member of its cluster: by ``kubeadm init`` where the master grants it, else by join.

    The master's ledger decides, so all hosts may ask at once, in any order, and again after any crash. What
    it waits for stands on Salt's event bus (``salt/k8s-ha/<cluster>/<node>/...``).

    name
        Anything; it identifies the state.

    wait
        Seconds for which it waits for its turn before it gives up without having changed anything.

    .. code-block:: yaml

        this host is a member:
          k8s_ha.joined
    """
    minion = Minion.of(globals())

    def attain(member: gate.Member) -> Answer:
        from saltext.k8s_ha.utils import membership
        from saltext.k8s_ha.utils.kubeadm import Kubeadm

        host = minion.host()
        if not {"control_plane", "worker"} & set(member.roles):
            return {"result": True, "changes": {}, "comment": "No kubelet runs on this node."}
        minion.refuse_after_failure()
        kubernetes.refuse_mismatch(host, minion.modules["cmd.run_all"], member.release)
        steps = membership.Membership(
            member=member,
            host=host,
            master=minion.master(member),
            kubeadm=Kubeadm(host, minion.modules),
            tell=minion.teller(member),
            fails_on_swap=member.topology.kubelet_configuration(member.node).get("failSwapOn", True),
            wait_seconds=float(wait),
        )
        return minion.attain(member, steps)

    return minion.do(name, attain)


def pod_network_applied(name: str) -> Answer:
    """Apply the manifests of the pod network (``network.cni.manifests``) by server-side apply.

    Every control-plane node applies them, so that it needs none of them in particular.

    name
        Anything; it identifies the state.

    .. code-block:: yaml

        the pod network is there:
          k8s_ha.pod_network_applied
    """
    minion = Minion.of(globals())

    def apply(member: gate.Member) -> Answer:
        return PodNetwork(member, minion.host(), minion.modules).apply(test=minion.test)

    return minion.do(name, apply)
