"""Bring a host to what the pillar ``k8s_ha`` says about it.

Each function judges the pillar by itself before it changes anything, and refuses with all findings when the
pillar is not valid. A minion that the pillar does not name has nothing to do. There is no ``watch``: what
runs is compared with what is on the disk by :py:func:`activated`, so a run that was interrupted is made good
by the next one.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import activation, findings, gate, kubernetes
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.write import Writer

if TYPE_CHECKING:
    __salt__: dict[str, Callable[..., Any]]
    __states__: dict[str, Callable[..., Any]]
    __opts__: dict[str, Any]
    __pillar__: dict[str, Any]
    __context__: dict[str, Any]

__virtualname__ = "k8s_ha"

_FAILED = "k8s_ha.failed"

Answer = dict[str, Any]


def __virtual__() -> str | tuple[bool, str]:
    if importlib.util.find_spec("saltext.k8s_ha._core") is None:
        return False, "the compiled core of saltext.k8s-ha is not installed"
    return __virtualname__


def validated(name: str) -> Answer:
    """Report every finding on this minion's pillar; fail when one of them forbids to apply it.

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

    return _for_member(name, compare)


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

    answer = _for_member(name, write)
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
        return activation.activate(list(member.files.values()), _writer(member, root), failed)

    return _for_member(name, activate)


def next_step(name: str, root: str | None = None) -> Answer:
    """Say what brings this node further: ``kubeadm init``, ``kubeadm join``, or nothing. Nothing is done.

    name
        Anything; it identifies the state.

    root
        A directory that stands for the host. Default: ``k8s_ha: {root: ...}`` of the minion's configuration.

    .. code-block:: yaml

        what comes next:
          k8s_ha.next_step
    """

    def say(member: gate.Member) -> Answer:
        topology = member.topology
        masters = [node for node in topology.nodes if "control_plane" in topology.roles(node)]
        step = kubernetes.next_step(Host.of(__opts__, root), member.roles, member.files, masters)
        return {"result": True, "changes": {}, "comment": f"Next step: {step}"}

    return _for_member(name, say)


def _for_member(name: str, act: Callable[[gate.Member], Answer]) -> Answer:
    """The gate: refuses with all findings, leaves a minion of no cluster alone, and only then acts."""
    verdict = gate.examine(__opts__["id"], __pillar__, __context__)
    if verdict.member is None:
        return {"name": name, "result": not verdict.refusal, "changes": {}, "comment": verdict.comment}
    try:
        return {"name": name, **act(verdict.member)}
    except (HostError, OSError) as error:
        return {"name": name, "result": False, "changes": {}, "comment": str(error)}


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
