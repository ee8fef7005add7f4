"""Processes of this machine: who they are, whether they are still the same, and the end of them."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lab.commands import wait_for

_PROC = Path("/proc")
_START_TIME_FIELD = 19  # of the fields after the name in parentheses
_NAME_LENGTH = 15  # the kernel keeps this much of a process's name


@dataclass(frozen=True)
class Identity:
    """A process that cannot be mistaken for a later one of the same number.

    `started` is in clock ticks since the machine booted. The command line is for the reader of a record: it
    changes when the process executes another program.
    """

    pid: int
    started: int
    command: tuple[str, ...] = field(compare=False)

    def is_alive(self) -> bool:
        """Whether this very process still runs; a zombie does not."""
        return identity(self.pid) == self

    def as_json(self) -> dict[str, Any]:
        """For the run's record; `from_json` reads it."""
        return asdict(self)

    @classmethod
    def from_json(cls, recorded: dict[str, Any]) -> Identity:
        """The process of which `as_json` was recorded."""
        return cls(int(recorded["pid"]), int(recorded["started"]), tuple(recorded["command"]))


def identity(pid: int) -> Identity | None:
    """Who has the number `pid` now; None when nobody or a zombie has it."""
    try:
        fields = (_PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
        command = tuple(_read(pid, "cmdline").decode(errors="replace").split("\0")[:-1])
    except (OSError, IndexError):
        return None
    return None if fields[0] in "ZX" else Identity(pid, int(fields[_START_TIME_FIELD]), command)


def is_stopped(one: Identity) -> bool:
    """Whether a signal has stopped the process; so is one that has ended since: it does nothing either."""
    try:
        fields = (_PROC / str(one.pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return True
    return fields[0] in "TtZX" or not one.is_alive()


def every_pid() -> Iterator[int]:
    """All processes of this machine."""
    yield from (int(name) for name in os.listdir(_PROC) if name.isdigit())  # noqa: PTH208 (10 times quicker)


def is_named(pid: int, name: str) -> bool:
    """Whether the program of the process is called `name`, by its command line or by the kernel's name."""
    try:
        program = os.fsdecode(_read(pid, "cmdline").split(b"\0")[0]).split(" ")[0].rstrip(":")
        comm = _read(pid, "comm").decode(errors="replace").rstrip("\n")
    except OSError:
        return False
    return Path(program).name == name or comm == name[:_NAME_LENGTH]


def in_cgroup(pid: int, cgroup: str) -> bool:
    """Whether the process is in the top-level control group `cgroup`, or below it, of any hierarchy."""
    try:
        lines = _read(pid, "cgroup").decode(errors="replace").splitlines()
    except OSError:
        return False
    return any(line.split(":", 2)[2].split("/")[1] == cgroup for line in lines)


def has_root_above(pid: int, directory: Path) -> bool:
    """Whether the process's `/` is an overlay whose upper directory lies below `directory`."""
    try:
        mounts = _read(pid, "mountinfo").decode(errors="replace").splitlines()
    except OSError:
        return False
    return any(f"upperdir={directory}/" in line for line in mounts if line.split(" ", 5)[4] == "/")


def send(pid: int, number: signal.Signals, still: Callable[[int], bool]) -> bool:
    """Send a signal to the process if `still(pid)` holds, without a race on the number; whether it was sent."""
    try:
        descriptor = os.pidfd_open(pid)
    # The second one where the number is meanwhile that of a thread: of nobody who is meant.
    except (ProcessLookupError, FileNotFoundError):
        return False
    try:
        if not still(pid):
            return False
        signal.pidfd_send_signal(descriptor, number)
    except ProcessLookupError:
        return False
    finally:
        os.close(descriptor)
    return True


def end(identities: Iterable[Identity], limit: float = 10.0) -> None:
    """SIGKILL those that are still the same process, and wait until they are gone; LabError after `limit` s."""
    ended = list(identities)
    for one in ended:
        send(one.pid, signal.SIGKILL, lambda _pid, one=one: one.is_alive())  # type: ignore[misc]
    wait_for(
        lambda: not any(one.is_alive() for one in ended),
        limit,
        f"the end of the killed processes {', '.join(str(one.pid) for one in ended if one.is_alive())}",
    )


def _read(pid: int, name: str) -> bytes:
    return (_PROC / str(pid) / name).read_bytes()
