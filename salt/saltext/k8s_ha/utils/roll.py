"""One node after the other: the same states or a boot, in an order that keeps most. Runs on the master.

The gate on each host decides; a roll adds the order, the record, and that the first failure ends it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils.host import HostError
from saltext.k8s_ha.utils.minion_call import Call, Said, first_to_tell
from saltext.k8s_ha.utils.roll_record import Outcome, RollRecord, Rolls

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Topology

ACTIONS = ("apply", "reboot")
# From the end of one boot to the minion of the next one.
_BOOT_SECONDS = 900.0
_LOOK_SECONDS = 3.0

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Roll:
    """What a roll works with. ``minions`` are minion ids by node."""

    topology: Topology
    minions: Mapping[str, str]
    rolls: Rolls
    call: Call
    tell: Tell

    def run(self, action: str, by: str, only: list[str], *, patch: bool = False) -> dict[str, Any]:
        """Go through the nodes, or go on where the last roll of the same kind and pillar was left.

        :param only: nodes; empty for all.
        :raises HostError: for an action or a node that there is not, and while another roll runs.
        """
        self._refuse(action, only)
        with self.rolls.alone():
            record = self._record(action, by, only)
            self.rolls.write(record)
            if action == "reboot" and record.snapshot is None and self.topology.etcd_members():
                record.snapshot = self._snapshot()
                self.rolls.write(record)
            for node in record.left:
                outcome = self._one(node, action, patch=patch)
                record.outcomes = [each for each in record.outcomes if each.node != node] + [outcome]
                self.rolls.write(record)
                self.tell(f"{node}: {outcome.outcome}: {outcome.comment}")
                if outcome.outcome == "failed":
                    return _told(record, f"{node}: {outcome.comment}")
            record.ended = time.time()
            self.rolls.write(record)
        return _told(record, None)

    def _refuse(self, action: str, only: list[str]) -> None:
        if action not in ACTIONS:
            raise HostError(f"action={action!r} is none; there is: {', '.join(ACTIONS)}")
        unknown = sorted(set(only) - set(self.minions))
        if unknown:
            raise HostError(
                f"the pillar has no node {', '.join(unknown)}; there is: {', '.join(self.minions)}"
            )

    def _record(self, action: str, by: str, only: list[str]) -> RollRecord:
        from saltext.k8s_ha import _core

        before = self.rolls.newest()
        digest = self.topology.digest
        if (
            before
            and before.ended is None
            and (before.action, before.digest) == (action, digest)
            and not only
        ):
            self.tell(f"goes on with the roll of {before.by}: {', '.join(before.left) or 'nothing'} left")
            return before
        order = [node for node in _core.roll_order(self.topology, self._leader()) if not only or node in only]
        return RollRecord(self.topology.cluster or "", action, digest, by, time.time(), order)

    def _leader(self) -> str | None:
        """The node whose member of etcd leads, by whoever of its hosts tells."""
        _, said = first_to_tell(self.call, self._of_etcd(), "k8s_ha.judge", "restart", programs="etcd")
        members = said.value["observation"]["etcd"] if said.is_good else []
        return next((each["node"] for each in members if each["is_leader"]), None)

    def _snapshot(self) -> str:
        """A verified snapshot of this hour, before anything boots."""
        minion, said = first_to_tell(self.call, self._of_etcd(), "k8s_ha.snapshot")
        if minion is None:
            raise HostError(f"nothing was begun, because there is no fresh snapshot: {said.sentence}")
        node, path = self.topology.minions[minion], said.value["snapshot"]
        self.tell(f"{node} has a verified snapshot: {path}")
        return f"{node}:{path}"

    def _of_etcd(self) -> list[str]:
        return [self.minions[node] for node in self.topology.etcd_members()]

    def _one(self, node: str, action: str, *, patch: bool) -> Outcome:
        began = time.time()
        minion = self.minions[node]
        self.tell(f"{node}: begins")
        standing = self.call(minion, "k8s_ha.standing")
        if not standing.is_good:
            return Outcome(node, "failed", standing.sentence, began, time.time())
        if standing.value["maintenance"]:
            return Outcome(node, "skipped", standing.value["maintenance"], began, time.time())
        said = self._apply(minion) if action == "apply" else self._reboot(minion, standing.value, patch=patch)
        outcome = "done" if said.is_good else "failed"
        return Outcome(node, outcome, said.sentence, began, time.time())

    def _apply(self, minion: str) -> Said:
        said = self.call(minion, "state.apply", "k8s.ha", queue=True)
        if not isinstance(said.value, dict):
            return Said(said.is_answer, False, said.sentence)
        states = said.value.values()
        wrong = [f"{state['__id__']}: {state['comment']}" for state in states if state["result"] is False]
        changed = sum(bool(state["changes"]) for state in states)
        return Said(True, not wrong, "; ".join(wrong) or f"{changed} states changed something")

    def _reboot(self, minion: str, standing: Mapping[str, Any], *, patch: bool) -> Said:
        """Have it boot, unless it was about to when the last roll was left; and have it given back."""
        if not standing["begun"] or standing["to_boot"]:
            said = self.call(minion, "k8s_ha.reboot", patch=patch)
            # No answer: it boots already, by the roll that was left.
            if said.is_answer and not said.is_good:
                return said
        said = self._until_booted(minion)
        return self.call(minion, "k8s_ha.finish") if said.is_good else said

    def _until_booted(self, minion: str) -> Said:
        deadline = time.monotonic() + _BOOT_SECONDS
        while True:
            said = self.call(minion, "k8s_ha.standing")
            if said.is_good and not said.value["to_boot"]:
                return said
            if time.monotonic() > deadline:
                return Said(
                    False, False, f"{minion} has not come back {_BOOT_SECONDS:.0f} s after it was to boot"
                )
            time.sleep(_LOOK_SECONDS)


def _told(record: RollRecord, failure: str | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "retcode": 1 if failure else 0,
        "cluster": record.cluster,
        "action": record.action,
        "digest": record.digest[:12],
        "snapshot": record.snapshot,
        "nodes": {
            each.node: f"{each.outcome} in {each.ended - each.began:.0f} s: {each.comment}"
            for each in record.outcomes
        },
        "left": record.left,
    }
    if failure:
        told["error"] = f"{failure}. Mend it and run the same again: it goes on there"
    return told
