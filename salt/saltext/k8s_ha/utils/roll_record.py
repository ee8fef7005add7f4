"""What is on record about a roll: who began it, when, by which pillar, and what came of it on each node."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from saltext.k8s_ha.utils.host import HostError
from saltext.k8s_ha.utils.record import write_durably

_VERSION = 1


@dataclass
class Outcome:
    """What came of a node: ``done``, ``failed``, or ``skipped``."""

    node: str
    outcome: str
    comment: str
    began: float
    ended: float


@dataclass
class RollRecord:
    """One roll; moments are seconds since the epoch."""

    cluster: str
    action: str
    digest: str
    by: str
    began: float
    order: list[str]
    outcomes: list[Outcome] = field(default_factory=list)
    snapshot: str | None = None
    ended: float | None = None

    @property
    def left(self) -> list[str]:
        """Nodes that are still to be done, in order; one that has failed is the next."""
        done = {each.node for each in self.outcomes if each.outcome in ("done", "skipped")}
        return [node for node in self.order if node not in done]


@dataclass(frozen=True)
class Rolls:
    """The records of a cluster's rolls, one file each, in a directory that only the master's user may read."""

    directory: Path

    def newest(self) -> RollRecord | None:
        """The last one. Raises HostError where it cannot be read."""
        places = sorted(self.directory.glob("*.json"))
        if not places:
            return None
        try:
            kept = json.loads(places[-1].read_text(encoding="utf-8"))
            if kept.pop("version") != _VERSION:
                raise ValueError("it is of another release")
            return RollRecord(**{**kept, "outcomes": [Outcome(**each) for each in kept["outcomes"]]})
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise HostError(f"{places[-1]} cannot be read ({error}): move it away to begin anew") from error

    def write(self, record: RollRecord) -> None:
        """Put it on the disk as a whole or not at all."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = time.strftime("%Y-%m-%dT%H%M%SZ", time.gmtime(record.began))
        kept: dict[str, Any] = {"version": _VERSION, **asdict(record)}
        write_durably(self.directory / f"{name}.json", json.dumps(kept, indent=1) + "\n")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One roll of a cluster at a time on this master; the kernel frees it when its process dies.

        :raises HostError: while another one runs.
        """
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.directory / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            running = self.newest()
            by = f", begun by {running.by}" if running else ""
            raise HostError(f"another roll of this cluster runs on this master{by}") from None
        try:
            yield
        finally:
            os.close(descriptor)
