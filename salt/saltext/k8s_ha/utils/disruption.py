"""One disruption at a time, and only what the gate lets pass: the lock is held over the whole step.

Act, verify, settle are one call. A step that was begun and did not end well stays on record, and freezes its digest:
the same change does not take the next host.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import begun, deferred, lock, maintenance, observation, override
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.steady import is_steady
from saltext.k8s_ha.utils.tell import Tell

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Action, Holder, Judgement, Turn
    from saltext.k8s_ha.utils.gate import Member

# What an act may take after the lease was confirmed; it is bounded below the lease.
ACT_SECONDS = 20.0
_FIRST_PAUSE_SECONDS = 0.7
_LONGEST_PAUSE_SECONDS = 8.0
# A program that does its work again is seen at the second look.
_LOOK_SECONDS = 0.5
# A static pod that fails is tried again by the kubelet after 10, 20 and 40 seconds.
_BACK_SECONDS = 120.0


class RefusedError(HostError):
    """The gate refuses the step: waiting does not help."""


@dataclass(frozen=True)
class Disruption:
    """A step on this host: what is done to which of its programs; none stands for the whole host."""

    member: Member
    host: Host
    action: Action
    programs: tuple[str, ...]
    tell: Tell

    @property
    def words(self) -> str:
        """``restarting etcd on cp1``."""
        from saltext.k8s_ha import _core

        return _core.step_words(self.action, [self.member.node], list(self.programs))

    @contextmanager
    def allowed(self, wait_seconds: float | None = None) -> Iterator[Allowed]:
        """Wait for the lock and for the gate's word, have both, wait until all is back, and give the lock back.

        :param wait_seconds: default: ``gate.wait`` of the pillar.
        :raises RefusedError: when the gate refuses.
        :raises HostError: when neither the lock nor the gate's word could be had in time; when, after the act, not all
            is back.
        """
        wait, settle = self.member.topology.gate_seconds
        allowed = self._until_allowed(wait if wait_seconds is None else wait_seconds)
        try:
            try:
                yield allowed
                if allowed.is_begun and not allowed.goes_on:
                    self.until_back(settle)
                    allowed.end()
            except HostError as error:
                if not allowed.is_begun or allowed.goes_on:
                    raise
                self.tell("failed", f"{self.words}: {error}")
                raise HostError(
                    f"{error}. {self.words.capitalize()} has not ended well: hosts with the same pillar wait until it "
                    "has here, or until `salt-run k8s_ha.unfreeze` is run"
                ) from error
        finally:
            if not allowed.goes_on:
                allowed.give_back()

    def until_back(self, settle_seconds: float, limit: float | None = None) -> None:
        """Wait until what the step took does its work, without a break for so many seconds.

        :param limit: for how many seconds at most. Default: what a restart may take.
        :raises HostError: with what does not.
        """
        from saltext.k8s_ha import _core

        seconds = _BACK_SECONDS if limit is None else limit
        lacking: str | None = None

        def is_back() -> bool:
            nonlocal lacking
            seen = observation.look(self.member, self.host)
            lacking = _core.unsettled(
                self.member.topology, seen, self.action, [self.member.node], list(self.programs)
            )
            return lacking is None

        if not is_steady(is_back, settle_seconds, seconds, _LOOK_SECONDS):
            raise HostError(f"{seconds:.0f} s later, {lacking or 'it is not back for long enough'}")

    def _until_allowed(self, wait_seconds: float) -> Allowed:
        own = maintenance.lasting(self.host, time.time())
        if own:
            raise RefusedError(f"{self.words} is refused: {maintenance.sentence(own)}")
        allowed = Allowed(self, lock.of(self.member, self.host))
        deadline = time.monotonic() + wait_seconds
        pause, told = _FIRST_PAUSE_SECONDS, ""
        while True:
            try:
                why = self._try(allowed)
            except RefusedError as error:
                deferred.note(self.host, self.words, str(error), time.time())
                raise
            if why is None:
                return allowed
            if why != told:
                self.tell("waits", f"to begin {self.words}: {why}")
                told = why
            if time.monotonic() > deadline:
                deferred.note(self.host, self.words, why, time.time())
                raise HostError(
                    f"{self.words.capitalize()} is deferred, nothing was changed: {why}. It is done by a later apply"
                )
            time.sleep(pause * random.uniform(0.6, 1.2))  # noqa: S311 (no secret: it keeps hosts apart)
            pause = min(pause * 1.5, _LONGEST_PAUSE_SECONDS)

    def _try(self, allowed: Allowed) -> str | None:
        """Take the lock and ask the gate; what is in the way, without the lock, or None with it."""
        lockless = None
        allowed.overrides = allowed.is_locked = False
        try:
            holder = allowed.lock.acquire(
                self.member.node, self.words, self.member.topology.digest, time.time()
            )
            if holder:
                return f"{holder['node']} has the lock since {_clock(holder)} UTC, for {holder['step']}"
            allowed.is_locked = True
            why = self._frozen(allowed)
        except _failures() as error:
            lockless, why = f"the lock cannot be had: {error}", None
        try:
            why = why or self._judge(allowed, lockless)
        except HostError:
            allowed.give_back()
            raise
        if why:
            allowed.give_back()
        return why

    def _frozen(self, allowed: Allowed) -> str | None:
        """Which step of another host freezes this digest."""
        frozen = allowed.lock.frozen(self.member.node, self.member.topology.digest)
        if frozen is None:
            return None
        if override.fits(self.host, self.action, "frozen", None, time.time()):
            allowed.overrides = True
            return None
        return (
            f"{frozen['step']} was begun at {_clock(frozen)} UTC with the same pillar, and has not ended well: mend "
            f"{frozen['node']} and apply there, or run `salt-run k8s_ha.unfreeze`"
        )

    def _judge(self, allowed: Allowed, lockless: str | None) -> str | None:
        """The gate's word; without the lock, only a repair or an override passes."""
        try:
            judgement, _ = observation.judge(
                self.member, self.host, self.action, [self.member.node], list(self.programs)
            )
        except HostError as error:
            return str(error)
        allowed.judgement = judgement
        code = judgement["code"]
        if code and override.fits(self.host, self.action, code, judgement["voters_lost"], time.time()):
            allowed.overrides = True
            return None
        if lockless and not judgement["is_repair"]:
            return lockless if judgement["verdict"] == "go" else f"{judgement['reason']}; {lockless}"
        if judgement["verdict"] == "go":
            return None
        if judgement["verdict"] == "refuse":
            raise RefusedError(
                f"{self.words.capitalize()} is refused: {judgement['reason']}. Remedy: {judgement['remedy']}"
            )
        return f"{judgement['reason']}; {judgement['remedy']}"


@dataclass
class Allowed:
    """What is held while the step is done."""

    step: Disruption
    lock: Turn
    judgement: Judgement = field(default_factory=dict)  # type: ignore[assignment]
    is_locked: bool = False
    is_begun: bool = False
    goes_on: bool = False
    """The step outlives this process: the host boots. Its record stays, and its lock ends with the lease."""
    overrides: bool = False

    def confirm(self) -> None:
        """Immediately before the act: the lock is still this host's for longer than the act may take, and the step is
        on record.

        :raises HostError: when it is not; nothing is on record then.
        """
        host = self.step.host
        if self.overrides:
            override.use(host, time.time())
        begun.note(host, self.step.action, self.step.words, self.step.programs, time.time())
        try:
            self._hold(self.lock.begin)
        except HostError:
            with suppress(_failures()):
                self.lock.finish(self.step.member.node)
            begun.forget(host)
            raise
        self.is_begun = True

    def insist(self) -> None:
        """Immediately before an act that comes later than :meth:`confirm`: the lock is still this host's.

        :raises HostError: when it is not; the step stays on record.
        """
        self._hold(self.lock.confirm)

    def _hold(self, renew: Callable[[], float]) -> None:
        if not self.is_locked:
            return
        try:
            left = renew()
        except _failures() as error:
            raise HostError(f"the lock was lost before the act, nothing was changed: {error}") from error
        if left < ACT_SECONDS:
            raise HostError(f"the lock is held for {left:.0f} s only, nothing was changed: run again")

    def end(self) -> None:
        """All is back: the step is off the record, in etcd and here."""
        begun.end(self.step.member, self.step.host)
        deferred.forget(self.step.host, self.step.words)

    def give_back(self) -> None:
        """Give the lock back. One that cannot be given back ends with its lease."""
        self.is_locked = False
        with suppress(_failures()):
            self.lock.release()


def _clock(holder: Holder) -> str:
    return time.strftime("%H:%M:%S", time.gmtime(holder["since"]))


def _failures() -> Any:  # noqa: ANN401 (a class that is loaded when it is needed)
    from saltext.k8s_ha import _core

    return _core.K8sHaError
