"""One disruption at a time, and only what the gate lets pass: the lock is held over the whole step.

Every control-plane host and every host of etcd asks etcd itself for the lock, each member directly. Without a quorum
there is none.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from saltext.k8s_ha.utils import observation
from saltext.k8s_ha.utils.grant import Tell
from saltext.k8s_ha.utils.host import Host, HostError

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Action, Judgement, Lock
    from saltext.k8s_ha.utils.gate import Member

_LEASE_SECONDS = 30
# What an act may take after the lease was confirmed; it is bounded below the lease.
ACT_SECONDS = 20.0
_PAUSE_SECONDS = (0.5, 2.0)


class RefusedError(HostError):
    """The gate refuses the step: waiting does not help."""


@dataclass(frozen=True)
class Disruption:
    """A step on this host: what is done to which of its programs."""

    member: Member
    host: Host
    action: Action
    programs: tuple[str, ...]
    tell: Tell

    @property
    def words(self) -> str:
        """``restarting etcd``."""
        doing = {"restart": "restarting", "stop": "stopping", "reboot": "rebooting", "drain": "draining"}
        what = ", ".join(self.programs) or "the host"
        return f"{doing.get(self.action, self.action)} {what}"

    @contextmanager
    def allowed(self, wait_seconds: float) -> Iterator[Allowed]:
        """Wait for the lock and for the gate's word, have both, and give the lock back.

        :raises RefusedError: when the gate refuses.
        :raises HostError: when neither the lock nor the gate's word could be had in ``wait_seconds``.
        """
        lock = self._lock()
        deadline = time.monotonic() + wait_seconds
        told = ""
        while True:
            why = self._try(lock)
            if isinstance(why, dict):
                break
            if why != told:
                self.tell("waits", f"to begin {self.words}: {why}")
                told = why
            if time.monotonic() > deadline:
                raise HostError(
                    f"{self.words} is deferred, nothing was changed: {why}. It is done by a later apply"
                )
            time.sleep(random.uniform(*_PAUSE_SECONDS))  # noqa: S311 (no secret: it keeps hosts apart)
        try:
            yield Allowed(lock, why)
        finally:
            self._give_back(lock)

    def _try(self, lock: Lock) -> Judgement | str:
        """The gate's word with the lock held, or why there is none, without the lock."""
        try:
            holder = lock.acquire(self.member.node, self.words, self.member.topology.digest, time.time())
        except _failures() as error:
            return f"the lock in etcd cannot be had: {error}"
        if holder:
            since = time.strftime("%H:%M:%S", time.gmtime(holder["since"]))
            return f"{holder['node']} has the lock since {since} UTC, {holder['step']}"
        try:
            judgement, _ = observation.judge(
                self.member, self.host, self.action, [self.member.node], list(self.programs)
            )
        except HostError as error:
            self._give_back(lock)
            return str(error)
        if judgement["verdict"] == "go":
            return judgement
        self._give_back(lock)
        if judgement["verdict"] == "refuse":
            raise RefusedError(
                f"{self.words} is refused: {judgement['reason']}. Remedy: {judgement['remedy']}"
            )
        return f"{judgement['reason']}; {judgement['remedy']}"

    @staticmethod
    def _give_back(lock: Lock) -> None:
        # One that cannot be given back ends with its lease.
        with suppress(_failures()):
            lock.release()

    def _lock(self) -> Lock:
        from saltext.k8s_ha import _core

        etcd = observation.etcd_credentials(self.member, self.host)
        if etcd is None:
            raise HostError(
                f"{self.words} needs a lock in etcd, and this host has no certificates to ask for it"
            )
        return _core.Lock(self.member.topology, etcd, _LEASE_SECONDS)


@dataclass(frozen=True)
class Allowed:
    """What is held while the step is done."""

    lock: Lock
    judgement: Judgement

    def confirm(self) -> None:
        """Immediately before the act: the lock is still this host's, for longer than the act may take.

        :raises HostError: when it is not.
        """
        try:
            left = self.lock.confirm()
        except _failures() as error:
            raise HostError(f"the lock was lost before the act, nothing was changed: {error}") from error
        if left < ACT_SECONDS:
            raise HostError(f"the lock is held for {left:.0f} s only, nothing was changed: run again")


def _failures() -> type[Exception]:
    from saltext.k8s_ha import _core

    return _core.K8sHaError
