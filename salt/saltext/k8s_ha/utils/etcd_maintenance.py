"""Keeps etcd small and writable: its member on this host is defragmented in its turn, and ``NOSPACE`` is cleared.

A defragmentation blocks its member like a restart, so it has the lock and the gate's word. Under ``NOSPACE`` there
is no lock, because etcd takes none of its writes: the order of the names keeps the hosts apart then, and each sees its
turn for a while before it acts.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import leadership
from saltext.k8s_ha.utils.answer import Answer, state_answer
from saltext.k8s_ha.utils.disruption import Disruption
from saltext.k8s_ha.utils.etcd_databases import Databases
from saltext.k8s_ha.utils.etcd_defragmented import Defragmented
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.tell import Tell

if TYPE_CHECKING:
    from saltext.k8s_ha._core import EtcdMaintenance

# As the rule has it between two members: `BETWEEN_MEMBERS_SECONDS`.
_SETTLE_SECONDS = 36.0
_LOOK_SECONDS = 2.0
_PAUSE_SECONDS = (0.5, 2.0)
_SERVE_SECONDS = 60.0
# etcd rewrites 100 MB and more in a second on a disk that is fit for it; a slow one is given time, and not for ever.
_LEAST_SECONDS, _BYTES_A_SECOND, _MOST_SECONDS = 60.0, 20 << 20, 1800.0
_COMPACT_SECONDS = 300.0

DATABASE, ALARM, HISTORY = "etcd database", "etcd alarm", "etcd history"


@dataclass(frozen=True)
class Maintenance:
    """What is needed to keep this host's member small.

    ``wait_seconds`` is how long it may wait for its turn, ``settle_seconds`` how long etcd is left alone after each.
    """

    member: Member
    host: Host
    tell: Tell
    wait_seconds: float = 900.0
    settle_seconds: float = _SETTLE_SECONDS
    _changes: dict[str, Any] = field(default_factory=dict)

    def attain(self, *, test: bool) -> Answer:
        """Do what is to be done on this host, or find that nothing is.

        :returns: ``result``, ``changes`` and ``comment`` of a state.
        :raises HostError: when its turn does not come in time, or a person has to do something.
        """
        if self.member.node not in self.member.topology.etcd_members():
            return state_answer(True, "No member of etcd runs on this node.")
        if not self.host.is_live:
            return state_answer(True, f"Below {self.host.root} no member of etcd is looked at.")
        databases = Databases.of(self.member, self.host)
        if databases is None:
            return state_answer(True, "No member of etcd runs here yet: it has no certificates.")
        return self._tested(databases) if test else self._maintained(databases)

    def _tested(self, databases: Databases) -> Answer:
        """What would be done; nothing is."""
        status = databases.own_status()
        own = databases.plan_of_own(status)
        if own["step"] == "nothing":
            return state_answer(True, f"Nothing to do: {own['reason']}.")
        plan = databases.plan()
        if plan["step"] == "nothing":
            return state_answer(True, f"Nothing to do: {plan['reason']}.")
        if plan["step"] == "stuck":
            raise HostError(f"{plan['reason']}. Remedy: {plan['remedy']}")
        if own["step"] == "disarm" and plan["step"] != "disarm":
            return state_answer(True, f"Nothing to do on this host: {_words(plan)}.")
        changes: dict[str, Any] = {
            DATABASE: {
                "old": _mebibytes(status["db_size"]),
                "new": f"about {_mebibytes(status['db_size_in_use'])}",
            }
        }
        if plan["step"] == "disarm":
            changes = {ALARM: {"old": "NOSPACE", "new": None}}
        if plan["step"] == "compact":
            changes = {HISTORY: {"old": "all", "new": f"from revision {plan['revision']}"}}
        return state_answer(None, f"Would be done in its turn: {_words(plan)}.", changes)

    def _maintained(self, databases: Databases) -> Answer:
        deadline = time.monotonic() + self.wait_seconds
        compacted_at: float | None = None
        told = ""
        while True:
            own = databases.plan_of_own(databases.own_status())
            if own["step"] == "nothing":
                return self._done(own["reason"])
            plan = databases.plan(compacted_at=compacted_at)
            mine = plan.get("node") == databases.node
            if plan["step"] == "nothing":
                return self._done(plan["reason"])
            if plan["step"] == "stuck":
                raise HostError(f"{plan['reason']}. Remedy: {plan['remedy']}")
            if plan["step"] == "disarm":
                if ALARM in self._changes:
                    raise HostError(
                        "NOSPACE was cleared and is raised again at once: see who writes so much to etcd"
                    )
                databases.disarm()
                self._changes[ALARM] = {"old": "NOSPACE", "new": None}
                self.tell("maintains", f"NOSPACE is cleared: {plan['reason']}")
                continue
            if plan["step"] == "compact" and mine:
                self._compact(databases, plan)
                compacted_at = time.time()
                continue
            if plan["step"] == "defragment" and mine:
                if self._in_turn(databases, plan, max(deadline - time.monotonic(), 0.0), compacted_at):
                    continue
            elif own["step"] == "disarm":
                # Those that have no room yet are for their own hosts.
                later = f"NOSPACE is still raised: {_words(plan)}. Apply there too"
                told = f"This member has room. {later}."
                return state_answer(True, told, self._changes, warnings=[later])
            if time.monotonic() > deadline:
                raise HostError(f"etcd is not maintained yet: {_words(plan)}. It is done by a later apply")
            if told != (told := _words(plan)):
                self.tell("waits", told)
            time.sleep(random.uniform(*_PAUSE_SECONDS))  # noqa: S311 (no secret: it keeps hosts apart)

    def _done(self, reason: str) -> Answer:
        if not self._changes:
            return state_answer(True, f"Nothing to do: {reason}.")
        return state_answer(True, f"Done: {', '.join(self._changes)}.", self._changes)

    def _compact(self, databases: Databases, plan: EtcdMaintenance) -> None:
        from saltext.k8s_ha import _core

        revision = plan["revision"]
        self.tell("maintains", f"etcd is compacted to revision {revision}: {plan['reason']}")
        try:
            databases.own(_COMPACT_SECONDS).compact(revision)
        except _core.K8sHaError as error:
            # Somebody else was first: that is what was wanted.
            if "has been compacted" not in str(error):
                raise HostError(f"etcd is not compacted: {error}") from error
            return
        self._changes[HISTORY] = {"old": "all", "new": f"from revision {revision}"}

    def _in_turn(
        self, databases: Databases, plan: EtcdMaintenance, wait_seconds: float, compacted_at: float | None
    ) -> bool:
        """Defragment this member, if it is still its turn once it may be taken. Whether it was."""
        if plan["without_lock"]:
            ends = time.monotonic() + self.settle_seconds
            while time.monotonic() < ends:
                time.sleep(min(_LOOK_SECONDS, self.settle_seconds))
                if databases.holder() or not _same(databases.plan(compacted_at=compacted_at), plan):
                    return False
            self._hand_over(plan["move_leader_to"])
            self._defragment(databases, plan)
            return True
        step = Disruption(self.member, self.host, "restart", ("etcd",), self.tell)
        with step.allowed(wait_seconds) as allowed:
            if not _same(databases.plan(), plan):
                return False
            self._hand_over(allowed.judgement["move_leader_to"])
            allowed.confirm()
            self._defragment(databases, plan)
            self._settle(databases)
        return True

    def _hand_over(self, node: str | None) -> None:
        """A leader that is busy for long would be missed."""
        why = leadership.hand_over(self.member, self.host, node)
        if why:
            raise HostError(f"{why}. Nothing was changed: run again")

    def _defragment(self, databases: Databases, plan: EtcdMaintenance) -> None:
        from saltext.k8s_ha import _core

        before = databases.own_status()["db_size"]
        seconds = min(_LEAST_SECONDS + before / _BYTES_A_SECOND, _MOST_SECONDS)
        Defragmented(self.host).keep(time.time())
        self.tell("maintains", f"the database of etcd is defragmented: {plan['reason']}")
        try:
            databases.own(seconds).defragment()
        except _core.K8sHaError as error:
            raise HostError(
                f"the database of etcd was not defragmented within {seconds:.0f} s: {error}. The member goes on with "
                "it; see its log"
            ) from error
        self._serves(databases)
        after = databases.own_status()["db_size"]
        old = self._changes.get(DATABASE, {}).get("old") or _mebibytes(before)
        self._changes[DATABASE] = {"old": old, "new": _mebibytes(after)}

    def _settle(self, databases: Databases) -> None:
        """Keep the lock until this member has served for a while: the next one would be taken too soon."""
        ends = time.monotonic() + self.settle_seconds
        while time.monotonic() < ends:
            time.sleep(min(_LOOK_SECONDS, self.settle_seconds))
            self._serves(databases)

    @staticmethod
    def _serves(databases: Databases) -> None:
        databases.endpoints.only(databases.node).ask(
            "this host's member of etcd does not serve after it was defragmented",
            lambda etcd: etcd.members(),
            _SERVE_SECONDS,
        )


def _same(plan: EtcdMaintenance, other: EtcdMaintenance) -> bool:
    return all(plan.get(key) == other.get(key) for key in ("step", "node", "without_lock"))


def _words(plan: EtcdMaintenance) -> str:
    what = {"defragment": "is defragmented", "compact": "compacts the history"}.get(plan["step"])
    return f"{plan['node']} {what} first, as {plan['reason']}" if what else plan["reason"]


def _mebibytes(size: int) -> str:
    return f"{size / (1 << 20):.1f} MiB"
