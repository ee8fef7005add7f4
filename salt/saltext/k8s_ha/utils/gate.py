"""The static gate: every state asks it before it changes anything.

It reads the pillar that the state itself has, so neither ``force=True`` nor ``state.single`` nor ``pillar=``
nor a missing marker of the external pillar leads around it.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import findings as texts

if TYPE_CHECKING:
    from saltext.k8s_ha._core import File, Finding, Topology

ROOT_KEY = "k8s_ha"
_CONTEXT_KEY = "k8s_ha.verdict"


@dataclass(frozen=True)
class Member:
    """A minion that a valid pillar names."""

    topology: Topology
    node: str
    files: dict[str, File]

    @property
    def release(self) -> str:
        """The Kubernetes of the pillar, such as ``v1.36.4``."""
        return self.topology.kubernetes_version or ""

    @property
    def roles(self) -> list[str]:
        """``control_plane``, ``worker``, ``etcd``, ``load_balancer``."""
        return self.topology.roles(self.node)

    @property
    def fixed(self) -> dict[str, str]:
        """What cannot be changed in the pillar once this node is a member."""
        from saltext.k8s_ha import _core

        return _core.fixed_facts(self.topology, self.node)

    @property
    def has_external_member(self) -> bool:
        """Whether this node is a host of an external etcd."""
        return self.node in self.topology.external_members()

    @property
    def has_stacked_etcd(self) -> bool:
        """Whether kubeadm runs a member of etcd on this node."""
        return "control_plane" in self.roles and self.fixed["etcd"] == "stacked"


@dataclass(frozen=True)
class Verdict:
    """What the pillar of this minion allows: it is a member, or refused, or belongs to no cluster."""

    member: Member | None = None
    refusal: str | None = None
    stranger: str = ""
    topology: Topology | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def comment(self) -> str:
        """Why nothing is done: the refusal with all findings, or that this minion is no member."""
        if self.refusal:
            return "\n".join([self.refusal, *texts.lines(self.findings)])
        return f"This minion belongs to no cluster ({self.stranger}): nothing to do."


def today() -> str:
    """The date that decides about accepted risks: everywhere the same, so in UTC."""
    return datetime.now(timezone.utc).date().isoformat()


def examine(minion: str, pillar: Mapping[str, Any], context: MutableMapping[str, Any]) -> Verdict:
    """The verdict on the pillar of a minion, kept in ``context`` under the pillar's digest.

    The pillar is read directly: ``pillar.get`` gives asterisks to modules from Salt 3008 on. Who this minion
    is, its id says; never a grain, which a minion may set as it likes.
    """
    try:
        from saltext.k8s_ha import _core
    except ImportError as error:
        return Verdict(
            refusal=f"The compiled core of saltext.k8s-ha cannot be loaded: {error}. Install it again."
        )
    written = pillar.get(ROOT_KEY)
    if written is None:
        return _without_pillar(pillar)
    try:
        key = (_core.digest(written), today(), minion)
        kept = context.get(_CONTEXT_KEY)
        if kept is None or kept[0] != key:
            kept = (key, _judge(_core.Topology(written, key[1]), minion))
            context[_CONTEXT_KEY] = kept
    except (TypeError, _core.K8sHaError) as error:
        return _refused("Refused: the pillar cannot be read.", [texts.unreadable(str(error))])
    verdict: Verdict = kept[1]
    return verdict


def _without_pillar(pillar: Mapping[str, Any]) -> Verdict:
    """A minion without ``k8s_ha`` is no member, unless its pillar is broken and may have lost it."""
    if pillar.get("_errors"):
        return Verdict(
            refusal="Refused: the pillar of this minion has errors. See `salt-run pillar.show_pillar`."
        )
    return Verdict(stranger="its pillar has no k8s_ha")


def _judge(topology: Topology, minion: str) -> Verdict:
    from saltext.k8s_ha import _core

    node = topology.minions.get(minion)
    if topology.cluster is not None and node is None:
        stranger = f"cluster {topology.cluster} names no node with the minion id {minion}"
        return Verdict(stranger=stranger, topology=topology, findings=topology.findings)
    if not topology.valid or node is None:
        return _refused("Refused: the pillar is not valid. Nothing was changed.", topology.findings, topology)
    try:
        files = {file["path"]: file for file in topology.files(node)}
    except _core.K8sHaError as error:
        return _refused(
            f"Refused: the files of {node} cannot be rendered: {error}", topology.findings, topology
        )
    return Verdict(member=Member(topology, node, files), topology=topology, findings=topology.findings)


def _refused(reason: str, findings: list[Finding], topology: Topology | None = None) -> Verdict:
    return Verdict(refusal=reason, topology=topology, findings=findings)
