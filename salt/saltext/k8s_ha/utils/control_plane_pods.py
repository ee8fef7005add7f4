"""Brings the static pods of a node of the control plane to what the pillar says, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from saltext.k8s_ha.utils import cluster_configuration, kubernetes, membership, patch_directory, start_files
from saltext.k8s_ha.utils.answer import Answer, state_answer
from saltext.k8s_ha.utils.decision import Decision
from saltext.k8s_ha.utils.flat import differences
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.hand_made import Meaning
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.kept import Kept
from saltext.k8s_ha.utils.kubeadm_dry_run import DryRun
from saltext.k8s_ha.utils.node_files import NodeFiles
from saltext.k8s_ha.utils.own_api import own_api
from saltext.k8s_ha.utils.patch_directory import PatchDirectory
from saltext.k8s_ha.utils.pod_change import PodChange
from saltext.k8s_ha.utils.settled import Settled, program_stamp
from saltext.k8s_ha.utils.start_files import StartFiles
from saltext.k8s_ha.utils.static_pod import (
    COMPONENTS,
    ETCD,
    StaticPod,
    path_of,
)
from saltext.k8s_ha.utils.tell import Tell
from saltext.k8s_ha.utils.write import Writer

_API_SECONDS = 10.0


@dataclass(frozen=True)
class Step:
    """One static pod that is to be changed, and what of it."""

    component: str
    wanted: StaticPod
    meaning: Meaning
    changes: dict[str, Any]


@dataclass
class Plan:
    """What is to be done, what is left, and why."""

    steps: list[Step] = field(default_factory=list)
    in_order: list[Meaning] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    read_at_start: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ControlPlanePods:
    """What is needed to bring them there.

    ``modules`` is Salt's ``__salt__``.
    ``to_come`` are kubeconfigs that a real run will have renewed before it comes here.
    """

    member: Member
    host: Host
    modules: Mapping[str, Callable[..., Any]]
    tell: Tell
    writer: Writer
    settle_seconds: float = 5.0
    to_come: frozenset[str] = frozenset()

    def attain(self, *, test: bool) -> Answer:
        """Bring them there, or find that they are.

        :returns: ``result``, ``changes``, ``comment`` and, where something is left as it is, ``warnings`` of a state.
        :raises HostError: when something cannot be read, or would change the release; nothing was changed then.
        """
        if "control_plane" not in self.member.roles:
            return state_answer(True, "No control plane runs on this node.")
        if later := membership.not_joined(self.host, test=test):
            return later
        stale = self._patches.stale(of_kubelet=False)
        if (
            not self.to_come
            and not self._unproven
            and not stale
            and self._settled.holds(self._values, self._paths)
        ):
            return state_answer(True, "The static pods are as the pillar wants them.")
        kubernetes.refuse_mismatch(self.host, self.modules["cmd.run_all"], self.member.release)
        plan = self._plan()
        recorded = self._dry_run.cluster_configuration()
        changes = {step.component: step.changes for step in plan.steps} | self._record_changes(plan, recorded)
        changes |= patch_directory.changes(stale)
        if test or not changes:
            if not test:
                self._note(plan)
            told = "would be changed" if changes else "are as the pillar wants them"
            return self._answer(None if changes else True, f"The static pods {told}.", changes, plan)
        return self._carry_out(plan, recorded, stale, changes)

    @property
    def _unproven(self) -> list[str]:
        return [component for component in self._components if Kept(self.host, component).exists()]

    @property
    def _components(self) -> list[str]:
        return [name for name in COMPONENTS if name != ETCD or self.member.has_stacked_etcd]

    @property
    def _files(self) -> NodeFiles:
        return NodeFiles(self.member, self.writer)

    @property
    def _patches(self) -> PatchDirectory:
        return PatchDirectory(self.member, self.host)

    @property
    def _values(self) -> dict[str, str]:
        return {**self._files.known, "kubeadm": program_stamp(self.host, "kubeadm")}

    @property
    def _paths(self) -> list[str]:
        return [path_of(component) for component in self._components]

    @property
    def _settled(self) -> Settled:
        return Settled(self.host, "control-plane")

    @property
    def _dry_run(self) -> DryRun:
        files = self._files
        return DryRun(self.host, self.modules, files.init(), files.patches)

    def _plan(self) -> Plan:
        """What kubeadm would write now, beside what is there."""
        plan = Plan()
        wanted = self._dry_run.static_pods(etcd=self.member.has_stacked_etcd)
        start = StartFiles(self.host, self._files.texts, self.to_come)
        for component in self._components:
            self._plan_one(component, wanted[component], start, plan)
        return plan

    def _plan_one(self, component: str, wanted: StaticPod, start: StartFiles, plan: Plan) -> None:
        present = StaticPod.of(self.host, component)
        _refuse_other_image(component, present, wanted)
        if component == ETCD:
            wanted = wanted.with_protection_of(present)
        meaning = Meaning(path_of(component), present.meaning(), wanted.meaning())
        decision = meaning.decision(self.host, self.member.topology.drift)
        if decision is Decision.REPORT_DRIFT:
            names = ", ".join(present.differences(wanted))
            plan.warnings.append(f"{meaning.path} ({names}) is left as it is: {decision.value}.")
            wanted = present
        plan.read_at_start += start_files.paths(component, wanted)
        changes = present.differences(wanted)
        if unread := start.unread(component, present, wanted):
            changes["read at the start"] = {"old": "earlier files", "new": ", ".join(unread)}
        if Kept(self.host, component).exists():
            changes["serves"] = {"old": "not known, an earlier change did not end", "new": "yes"}
        if changes:
            target = wanted.with_annotation(start.digest(component, wanted))
            plan.steps.append(Step(component, target, meaning, changes))
        elif decision is not Decision.REPORT_DRIFT:
            plan.in_order.append(meaning)

    def _carry_out(self, plan: Plan, recorded: str, stale: list[str], changes: dict[str, Any]) -> Answer:
        done: dict[str, Any] = {}
        try:
            for step in plan.steps:
                self._change(step)
                done[step.component] = changes[step.component]
            self._record(recorded)
            self._patches.remove(stale)
        except HostError as error:
            if not done:
                raise
            told = f"Node {self.member.node}: {error}. Changed before: {', '.join(done)}."
            return self._answer(False, told, done, plan)
        self._note(plan)
        return self._answer(True, "The static pods are as the pillar wants them.", changes, plan)

    def _change(self, step: Step) -> None:
        step.meaning.begin(self.host)
        PodChange(
            self.member,
            self.host,
            self.modules,
            self.tell,
            step.component,
            self.settle_seconds,
        ).put(step.wanted)
        step.meaning.end(self.host)

    def _record_changes(self, plan: Plan, wanted: str) -> dict[str, Any]:
        """What kubeadm's record of the cluster has otherwise; joins and upgrades go by it."""
        try:
            text = cluster_configuration.RECORD.read(own_api(self.member, self.host, _API_SECONDS))
        except HostError:
            if not plan.steps:
                raise
            # They may be what brings the API server of this host back; then it is recorded.
            return {}
        new = cluster_configuration.recorded(text, wanted)
        if new is None:
            return {}
        meaning = cluster_configuration.meaning
        return {cluster_configuration.NAME: differences(meaning(text), meaning(new))}

    def _record(self, wanted: str) -> None:
        """Have the cluster remember it, once this node has proven it; another node may be doing the same."""
        api = own_api(self.member, self.host, _API_SECONDS)
        cluster_configuration.RECORD.change(api, lambda text: cluster_configuration.recorded(text, wanted))

    def _note(self, plan: Plan) -> None:
        for meaning in plan.in_order:
            meaning.end(self.host)
        if not plan.warnings:
            self._settled.keep(self._values, self._paths, plan.read_at_start)

    def _answer(self, result: bool | None, comment: str, changes: Mapping[str, Any], plan: Plan) -> Answer:
        told: Iterable[str] = [comment, *plan.warnings]
        return state_answer(result, " ".join(told), changes, plan.warnings)


def _refuse_other_image(component: str, present: StaticPod, wanted: StaticPod) -> None:
    """The registry may be another one, the release may not."""
    if _tag(present.image) != _tag(wanted.image):
        raise HostError(
            f"Refused: {component} has the image {present.image}, kubeadm would write {wanted.image}: a release is "
            "changed by an upgrade, node by node. Nothing was changed"
        )


def _tag(image: str) -> str:
    return image.rpartition("/")[2].partition(":")[2]
