"""Bring a host to what the pillar ``k8s_ha`` says about it.

Each function judges the pillar by itself before it changes anything, and refuses with all findings when the
pillar is not valid. A minion that the pillar does not name has nothing to do. There is no ``watch``: what
runs is compared with what is on the disk by :py:func:`activated`, so a run that was interrupted is made good
by the next one.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import (
    activation,
    certificates,
    findings,
    gate,
    images,
    kubernetes,
    packages,
    standing,
)
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.pod_network import PodNetwork
from saltext.k8s_ha.utils.write import Writer

if TYPE_CHECKING:
    from saltext.k8s_ha.utils.etcd_join import EtcdMembership
    from saltext.k8s_ha.utils.etcd_protection import Protection
    from saltext.k8s_ha.utils.membership import Membership

    __salt__: dict[str, Callable[..., Any]]
    __states__: dict[str, Callable[..., Any]]
    __opts__: dict[str, Any]
    __pillar__: dict[str, Any]
    __context__: dict[str, Any]
    __grains__: dict[str, Any]

__virtualname__ = "k8s_ha"

_FAILED = "k8s_ha.failed"

Answer = dict[str, Any]


def __virtual__() -> str | tuple[bool, str]:
    if importlib.util.find_spec("saltext.k8s_ha._core") is None:
        return False, "the compiled core of saltext.k8s-ha is not installed"
    return __virtualname__


def validated(name: str) -> Answer:
    """Report every finding on this minion's pillar; fail when one of them forbids to apply it.

    A certificate of this node that ends soon is a warning, and refuses nothing.

    name
        Anything; it identifies the state.

    .. code-block:: yaml

        the pillar is valid:
          k8s_ha.validated
    """

    def report(member: gate.Member) -> Answer:
        topology = member.topology
        told = f"Cluster {topology.cluster}, node {member.node}, pillar {topology.digest[:12]}: valid."
        answer: Answer = {"result": True, "changes": {}, "comment": told}
        warnings = findings.lines(item for item in topology.findings if item["severity"] != "info")
        warnings += certificates.find(Host.of(__opts__)).warnings(time.time())
        if warnings:
            answer["warnings"] = warnings
        return answer

    return _for_member(name, report)


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

    def compare(member: gate.Member) -> Answer:
        releases = kubernetes.installed(Host.of(__opts__, root), __salt__["cmd.run_all"])
        refusal = kubernetes.mismatch(releases, member.release)
        if refusal:
            return {"result": False, "changes": {}, "comment": f"Refused: {refusal}"}
        told = f"{' and '.join(releases)} {member.release}" if releases else "no Kubernetes is installed yet"
        return {"result": True, "changes": {}, "comment": f"Wanted {member.release}: {told}."}

    return _for_member(name, compare, root)


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

    def write(member: gate.Member) -> Answer:
        file = member.files.get(name)
        if file is None:
            raise HostError(f"{name} is no file of node {member.node}; `salt-call k8s_ha.files` lists them")
        return _writer(member, root).apply(file)

    answer = _for_member(name, write, root)
    if answer["result"] is False:
        __context__.setdefault(_FAILED, set()).add(name)
    return answer


def activated(name: str, root: str | None = None) -> Answer:
    """Enable the units of this node, and reload or restart those whose files are not the ones they run with.

    What runs is known from stamps in ``/run/k8s-ha``. With ``root`` no service is touched.

    name
        Anything; it identifies the state.

    root
        A directory that stands for the host. Default: ``k8s_ha: {root: ...}`` of the minion's configuration.

    .. code-block:: yaml

        services run with what is on the disk:
          k8s_ha.activated
    """

    def activate(member: gate.Member) -> Answer:
        failed = __context__.get(_FAILED, set())
        packages_come = member.topology.manage()["repositories"] == "yes"
        files = list(member.files.values())
        return activation.activate(files, _writer(member, root), failed, packages_come=packages_come)

    return _for_member(name, activate, root)


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

    def install(member: gate.Member) -> Answer:
        host = Host.of(__opts__, root)
        test = bool(__opts__["test"])
        return packages.apply(member.topology, member.node, __states__, __salt__, test=test, host=host)

    return _for_member(name, install, root)


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

    def bring(member: gate.Member) -> Answer:
        host = Host.of(__opts__, root)
        test = bool(__opts__["test"])
        answer = images.apply(member.topology, member.node, __salt__, test=test, host=host)
        if answer["result"] and not test and not member.topology.images(member.node)["archives"]:
            try:
                told = images.pull(member.topology, member.node, __salt__, host=host, seconds=pull_seconds)
            except HostError as error:
                raise HostError(f"Refused: node {member.node}: {error}.") from error
            answer["comment"] = told
        return answer

    return _for_member(name, bring, root)


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

    def bring(member: gate.Member) -> Answer:
        # Here, not above: cryptography takes longer to load than all other states take to run.
        from saltext.k8s_ha.utils import ask_master, trust

        host = Host.of(__opts__)
        if not host.is_live and not ask_master.has_master(__opts__):
            return {"result": True, "changes": {}, "comment": "There is no master to ask."}
        return trust.apply(
            member,
            host,
            lambda: ask_master.master_of(member, __opts__, __grains__),
            test=bool(__opts__["test"]),
        )

    return _for_member(name, bring)


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

    def attain(member: gate.Member) -> Answer:
        from saltext.k8s_ha.utils import ask_master, membership
        from saltext.k8s_ha.utils.kubeadm import Kubeadm

        host = Host.of(__opts__)
        if not {"control_plane", "worker"} & set(member.roles):
            return {"result": True, "changes": {}, "comment": "No kubelet runs on this node."}
        _refuse_after_failure()
        refusal = kubernetes.mismatch(kubernetes.installed(host, __salt__["cmd.run_all"]), member.release)
        if refusal:
            raise HostError(f"Refused: {refusal}")
        steps = membership.Membership(
            member=member,
            host=host,
            master=lambda: ask_master.master_of(member, __opts__, __grains__),
            kubeadm=Kubeadm(host, __salt__),
            tell=ask_master.teller(member, __salt__),
            fails_on_swap=member.topology.kubelet_configuration(member.node).get("failSwapOn", True),
            wait_seconds=float(wait),
        )
        return _attained(member, steps)

    return _for_member(name, attain)


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

    def protect(member: gate.Member) -> Answer:
        from saltext.k8s_ha.utils import ask_master
        from saltext.k8s_ha.utils.etcd_protection import Protection

        steps = Protection(
            member=member,
            host=Host.of(__opts__),
            modules=__salt__,
            tell=ask_master.teller(member, __salt__),
            wait_seconds=float(wait),
        )
        return _attained(member, steps)

    return _for_member(name, protect)


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

    def certify(member: gate.Member) -> Answer:
        from saltext.k8s_ha.utils import ask_master, etcd_certificates
        from saltext.k8s_ha.utils.etcd_host import EtcdHost

        host, test = Host.of(__opts__), bool(__opts__["test"])
        places = etcd_certificates.places(member, host)
        if places and not host.is_live and not ask_master.has_master(__opts__):
            return {"result": True, "changes": {}, "comment": "There is no master to ask."}
        if member.has_external_member and host.is_live and not test:
            EtcdHost(host, __salt__, member.topology.etcd_data_dir).ensure_user()
        return etcd_certificates.apply(
            places,
            host,
            member.topology,
            lambda: ask_master.master_of(member, __opts__, __grains__),
            test=test,
        )

    return _for_member(name, certify)


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

    def attain(member: gate.Member) -> Answer:
        from saltext.k8s_ha.utils import ask_master
        from saltext.k8s_ha.utils.etcd_host import UNIT, EtcdHost
        from saltext.k8s_ha.utils.etcd_join import EtcdMembership

        host = Host.of(__opts__)
        if not member.has_external_member:
            return {
                "result": True,
                "changes": {},
                "comment": "No member of an external etcd runs on this node.",
            }
        _refuse_after_failure()
        steps = EtcdMembership(
            member=member,
            etcd=EtcdHost(host, __salt__, member.topology.etcd_data_dir),
            master=lambda: ask_master.master_of(member, __opts__, __grains__),
            tell=ask_master.teller(member, __salt__),
            unit=activation.InTurn(UNIT, list(member.files.values()), _writer(member, None)),
            wait_seconds=float(wait),
        )
        return _attained(member, steps)

    return _for_member(name, attain)


def pod_network_applied(name: str) -> Answer:
    """Apply the manifests of the pod network (``network.cni.manifests``) by server-side apply.

    Every control-plane node applies them, so that it needs none of them in particular.

    name
        Anything; it identifies the state.

    .. code-block:: yaml

        the pod network is there:
          k8s_ha.pod_network_applied
    """

    def apply(member: gate.Member) -> Answer:
        return PodNetwork(member, Host.of(__opts__), __salt__).apply(test=bool(__opts__["test"]))

    return _for_member(name, apply)


def _for_member(name: str, act: Callable[[gate.Member], Answer], root: str | None = None) -> Answer:
    """The gate: refuses with all findings, leaves a minion of no cluster alone, and only then acts."""
    verdict = gate.examine(__opts__["id"], __pillar__, __context__)
    if verdict.member is None:
        return {"name": name, "result": not verdict.refusal, "changes": {}, "comment": verdict.comment}
    try:
        standing.refuse_changed(verdict.member, Host.of(__opts__, root), __context__)
        return {"name": name, **act(verdict.member)}
    except (HostError, OSError) as error:
        return {"name": name, "result": False, "changes": {}, "comment": str(error)}


def _refuse_after_failure() -> None:
    """Raise HostError where a file could not be written in this run."""
    failed = sorted(__context__.get(_FAILED, set()))
    if failed:
        raise HostError(f"Nothing is joined while something before it has failed: {', '.join(failed)}.")


def _attained(member: gate.Member, steps: Membership | EtcdMembership | Protection) -> Answer:
    """What the steps come to; a refusal names the node."""
    try:
        return steps.attain(test=bool(__opts__["test"]))
    except HostError as error:
        raise HostError(f"Node {member.node}: {error}") from error


def _writer(member: gate.Member, root: str | None) -> Writer:
    return Writer(
        host=Host.of(__opts__, root),
        states=__states__,
        modules=__salt__,
        test=bool(__opts__["test"]),
        cachedir=__opts__["cachedir"],
        drift=member.topology.drift,
        release=member.release,
    )
