"""Makes this host a member of an external etcd: the first begins alone, the others join as learners and are promoted.

Every step begins with a mark on the root disk, so that the next run goes on where one has died. A member on
etcd's list is wiped only after the others have taken it out: its data may be what a quorum needs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import begun, etcd_certificates, leadership, preconditions
from saltext.k8s_ha.utils.answer import Answer, state_answer
from saltext.k8s_ha.utils.disruption import Disruption
from saltext.k8s_ha.utils.etcd_endpoints import Endpoints
from saltext.k8s_ha.utils.etcd_host import UNIT, EtcdHost
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.grant import told_when_it_fails, until_granted
from saltext.k8s_ha.utils.host import HostError
from saltext.k8s_ha.utils.identity import OF_EXTERNAL_MEMBER
from saltext.k8s_ha.utils.tell import Tell

if TYPE_CHECKING:
    from saltext.k8s_ha._core import EtcdMember
    from saltext.k8s_ha.utils.activation import InTurn
    from saltext.k8s_ha.utils.ask_master import Answered, Master

_ANSWER_SECONDS = 60.0
_SYNC_SECONDS = 300.0
_PAUSE_SECONDS = 0.5
# The master leaves etcd's membership to one host for some minutes, and longer when asked again.
_TURN_SECONDS = 60.0


@dataclass(frozen=True)
class EtcdMembership:
    """What is needed to make this host a member of etcd.

    ``master`` is the way to the master, taken only where something is to be done; ``unit`` is etcd's.
    """

    member: Member
    etcd: EtcdHost
    master: Callable[[], Master]
    tell: Tell
    unit: InTurn
    wait_seconds: float = 900.0

    def attain(self, *, test: bool) -> Answer:
        """Make this host a member, or find that it is one.

        :returns: ``result``, ``changes`` and ``comment`` of a state.
        :raises HostError: when the master refuses, or something has to be mended first.
        """
        cluster = self.member.topology.cluster
        marker = self.etcd.marker()
        if marker and marker.get("stage") == "member":
            self._refuse_lost_data(marker)
            if self.etcd.host.is_live and self.unit.needs_restart():
                return self._renew(test=test)
            return state_answer(True, f"A member of etcd of cluster {cluster}.")
        if not self.etcd.host.is_live:
            return state_answer(True, f"Below {self.etcd.host.root} no member of etcd is begun or joined.")
        if test:
            answered = self.master().request({"subject": "authorities"})
            if answered.outcome == "refuse":
                raise HostError(f"Refused: {answered.reason}.")
            return _changed(None, "Would begin or join etcd, as the master decides.", "a member")
        self._refuse_unready()
        answered = until_granted(
            lambda: self.master().request({"subject": "etcd_membership", "found": self.etcd.found()}),
            self.wait_seconds,
            self.tell,
        )
        with told_when_it_fails(self.master):
            preconditions.refuse_clock(time.time(), answered.time or time.time())
            how = self._act(answered)
        return _changed(True, f"A member of etcd of cluster {cluster}: {how}.", how)

    def _renew(self, *, test: bool) -> Answer:
        """Restart the member, whose files have changed: with the lock, and only while the others keep the quorum."""
        changes = {UNIT: {"old": "running with earlier files", "new": "restarted"}}
        if test:
            return state_answer(None, "Would be restarted in its turn.", changes)
        step = Disruption(self.member, self.etcd.host, "restart", ("etcd",), self.tell)
        with step.allowed() as allowed:
            leadership.hand_over(self.member, self.etcd.host, allowed.judgement["move_leader_to"])
            allowed.confirm()
            self.tell("restarts", "etcd is restarted with its new files")
            self._must(self.etcd.restart())
            self.unit.note_started()
        return state_answer(True, "A member of etcd, restarted in its turn.", changes)

    def _act(self, answered: Answered) -> str:
        """Do what was granted, and tell the master; how this host became a member."""
        if answered.outcome == "etcd_begin":
            self._begin(answered)
            how, report = "begun", {"subject": "etcd_begun", "attempt": answered.attempt}
        elif answered.outcome == "etcd_join":
            self._join(answered)
            how, report = "joined", {"subject": "etcd_joined"}
        else:
            # It was told, and the answer was lost.
            self._refuse_lost_data(self.etcd.marker() or {})
            self._must(self.etcd.start())
            self.unit.note_started()
            how, report = "begun", {}
        if report:
            told = self.master().request(report)
            if told.outcome != "recorded":
                raise HostError(f"Refused: {told.reason}.")
        self.etcd.mark_joined()
        begun.end_earlier_life(self.member, self.etcd.host)
        self.etcd.write_marker({**(self.etcd.marker() or {}), "stage": "member"})
        self.tell(how, f"{self.member.node} is a member of etcd")
        return how

    def _begin(self, answered: Answered) -> None:
        """The first member of all. Nobody has written to it before the master was told, so it may begin again."""
        self._mark("beginning", answered)
        self.etcd.wipe()
        self.tell("begins", "etcd begins on this host alone")
        self._must(self.etcd.start_first({self._node: self._peer_url}, "new"))
        self._own.members(_ANSWER_SECONDS)
        self.unit.note_started()

    def _join(self, answered: Answered) -> None:
        self._mark("joining", answered)
        is_resumed = self.etcd.has_data() and self.etcd.start() is None
        self._keep_turn()
        mine = self._mine(self._all.members(_ANSWER_SECONDS))
        if mine is None or not is_resumed:
            self._add(mine)
        self.unit.note_started()
        self._promote()

    def _add(self, stale: EtcdMember | None) -> None:
        """Become a learner, after what was left of this host is gone. etcd refuses a removal that costs its quorum."""
        others = self._all.without(self._node)
        self.etcd.stop()
        if stale:
            self._remove(stale)
        # Whoever has the turn joins alone: a learner of somebody else was left by a turn that has ended.
        for left in others.members(_ANSWER_SECONDS):
            if left["is_learner"]:
                self._remove(left)
        self.etcd.wipe()
        self.tell("joins", "etcd gets this host as a learner")
        failed = "etcd takes no learner"
        members = others.ask(failed, lambda etcd: etcd.add_learner(self._peer_url), _ANSWER_SECONDS)
        self._keep_turn()
        self._must(self.etcd.start_first(self._named(members), "existing"))

    def _remove(self, member: EtcdMember) -> None:
        others = self._all.without(self._node)
        what = f"the member {member['id']:x} at {', '.join(member['peer_urls'])}"
        others.ask(f"etcd does not remove {what}", lambda etcd: etcd.remove(member["id"]), _ANSWER_SECONDS)
        self.tell("cleans", f"removed {what}, which was left in etcd")

    def _promote(self) -> None:
        """Get a vote as soon as the leader finds this member in sync."""
        from saltext.k8s_ha import _core

        began = kept = time.monotonic()
        while True:
            if time.monotonic() - kept > _TURN_SECONDS:
                self._keep_turn()
                kept = time.monotonic()
            mine = self._mine(self._all.members(_ANSWER_SECONDS))
            if mine is None:
                raise HostError("this host's member was removed from etcd by somebody else; run again")
            if not mine["is_learner"]:
                return
            for name in self._all.without(self._node).urls:
                with suppress(_core.K8sHaError):
                    self._all.of(name).promote(mine["id"])
                    break
            if time.monotonic() - began > _SYNC_SECONDS:
                raise HostError(
                    f"this host's member of etcd is not in sync after {_SYNC_SECONDS:.0f} s, so it has no vote yet; "
                    "see the disk and the network between the members, then run again"
                )
            time.sleep(_PAUSE_SECONDS)

    def _keep_turn(self) -> None:
        answered = self.master().request({"subject": "turn"})
        if answered.outcome != "turn":
            raise HostError(f"this host's turn with etcd is over: {answered.reason}; run again")

    def _named(self, members: list[EtcdMember]) -> dict[str, str]:
        """Peer URLs of all members by the names of their nodes, by which etcd finds this host among them."""
        topology = self.member.topology
        nodes = {topology.etcd_peer_url(node): node for node in topology.external_members()}
        return {
            nodes.get(url, member["name"] or f"{member['id']:x}"): url
            for member in members
            for url in member["peer_urls"]
        }

    def _mine(self, members: list[EtcdMember]) -> EtcdMember | None:
        return next((member for member in members if self._peer_url in member["peer_urls"]), None)

    def _refuse_lost_data(self, marker: Mapping[str, Any]) -> None:
        if self.etcd.has_data():
            return
        raise HostError(
            f"this host is recorded as a member of etcd of cluster {marker.get('cluster')}, and {self.etcd.data} has "
            "no data: it is not started, because an empty member under its name could lose acknowledged writes. "
            f"Mount the disk of its data. If they are lost, remove {OF_EXTERNAL_MEMBER.path} and apply again: its old "
            "member is removed, and it joins anew"
        )

    def _refuse_unready(self) -> None:
        wrong = list(preconditions.full_disks(self.etcd.host, self.etcd.data, others=("/etc",)))
        if self.etcd.host.program("etcd") is None:
            wrong.append("etcd is not installed: see the state that installs packages, or install it")
        if etcd_certificates.OF_MEMBER.missing(self.etcd.host):
            wrong.append("it has no certificates: see the state that brings them")
        if wrong:
            raise HostError("; ".join(wrong))

    def _mark(self, stage: str, answered: Answered) -> None:
        self.etcd.write_marker(
            {
                "cluster": self.member.topology.cluster,
                "node": self._node,
                "stage": stage,
                "attempt": answered.attempt,
                "ca_fingerprint": answered.ca_fingerprint,
                "fixed": self.member.fixed,
            }
        )

    @staticmethod
    def _must(failure: str | None) -> None:
        if failure:
            raise HostError(failure)

    @property
    def _node(self) -> str:
        return self.member.node

    @property
    def _peer_url(self) -> str:
        return self.member.topology.etcd_peer_url(self._node)

    @property
    def _all(self) -> Endpoints:
        """All declared members, spoken to with this one's own certificate."""
        return Endpoints.by_member(self.etcd.host, self.member.topology.external_members())

    @property
    def _own(self) -> Endpoints:
        return self._all.only(self._node)


def _changed(result: bool | None, comment: str, change: str) -> Answer:
    return state_answer(result, comment, {"etcd": {"old": "no member", "new": change}})
