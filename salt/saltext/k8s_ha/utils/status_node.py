"""What the parts of a node's status share: whom they ask about, and how much time is left."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from saltext.k8s_ha.utils import bounded
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import Host, HostError

# With less, an answer would only be that there was no time.
_LEAST_SECONDS = 0.2
_KILL_SECONDS = 0.5

Told = tuple[Any, list[str]]
"""What is known, and a sentence for each thing that somebody should look at."""


@dataclass(frozen=True)
class Deadline:
    """The moment by which everything has been asked, on the clock of :func:`time.monotonic`."""

    until: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """A deadline from now on."""
        return cls(time.monotonic() + seconds)

    def at_most(self, seconds: float) -> float:
        """How long one question may take: ``seconds``, or what is left. Raises HostError when nothing is."""
        left = self.until - time.monotonic()
        if left < _LEAST_SECONDS:
            raise HostError("not asked: what was asked before has used up the time of this call")
        return min(seconds, round(left, 1))


@dataclass(frozen=True)
class Asker:
    """Runs programs on a host within the deadline. ``modules`` is Salt's ``__salt__``."""

    host: Host
    modules: Mapping[str, Callable[..., Any]]
    deadline: Deadline

    def run(self, command: Sequence[str], seconds: float) -> bounded.Finished:
        """Run a program. Raises HostError when it is not there or does not end in time."""
        limit = self.deadline.at_most(seconds)
        done = bounded.run(self.modules, command, limit, _KILL_SECONDS)
        if done.timed_out:
            raise HostError(f"`{command[0]}` did not end within {limit:.1f} s")
        if done.code == _NOT_THERE:
            raise HostError(f"`{command[0]}` is not installed")
        return done

    def text(self, path: str) -> str | None:
        """What a file of the host holds; None where there is none."""
        try:
            return self.host.path(path).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None


_NOT_THERE = 127


@dataclass(frozen=True)
class Node:
    """A node that a valid pillar names, and who asks about it."""

    member: Member
    asker: Asker

    @property
    def name(self) -> str:
        """Its name in Kubernetes."""
        return self.member.node
