"""What is done to a machine besides the cutting of its network and its power; with an undo where there is one."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from lab import processes
from lab.commands import LabError, must, run, wait_for
from lab.machine import Machine

_LIMIT_SECONDS = 30.0
_MANIFESTS = "/etc/kubernetes/manifests"
_ASIDE = "/etc/kubernetes/stopped"
# The kubelet gives a pod half a minute to end by itself.
_POD_ENDS_SECONDS = 60.0


class Fault:
    """A fault in force. `undo` ends it, as the end of a `with` block does; doing so twice is fine."""

    def __init__(self, what: str, end: Callable[[], None]) -> None:
        self.what = what
        self._end: Callable[[], None] | None = end

    def undo(self) -> None:
        """End the fault."""
        end, self._end = self._end, None
        if end:
            end()

    def __enter__(self) -> Fault:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.undo()


def fill_disk(machine: Machine, directory: str) -> Fault:
    """Leave no byte free in `directory`, which must be one of the machine's volumes; undone, all is free again.

    The volume is made as small as what it holds, so that a full disk costs no memory.
    """
    volume = _volume(machine, directory)
    before = _total_bytes(volume)

    def shrink() -> bool:
        used = _total_bytes(volume) - _free_bytes(volume)
        # Whoever writes in between makes this size too small, and it is refused.
        return run(["mount", "-o", f"remount,size={used}", str(volume)]).ok and _free_bytes(volume) == 0

    def grow() -> None:
        must(["mount", "-o", f"remount,size={before}", str(volume)])

    wait_for(shrink, _LIMIT_SECONDS, f"{machine.name}: {directory} is full")
    return Fault(f"{machine.name}: {directory} is full", grow)


def wipe_directory(machine: Machine, directory: str) -> None:
    """Delete all that is in `directory`, not the directory itself; the machine must be on. There is no undo."""
    if directory.strip("/") == "":
        raise LabError(f"{machine.name}: wipe_directory is for a directory with data: name one below /")
    machine.must(["find", directory, "-mindepth", "1", "-delete"], timeout=_LIMIT_SECONDS)


def stop_unit(machine: Machine, unit: str) -> Fault:
    """Stop a systemd unit in order; undone, it is started again."""
    machine.must(["systemctl", "stop", unit], timeout=_LIMIT_SECONDS)

    def start() -> None:
        machine.must(["systemctl", "start", unit], timeout=_LIMIT_SECONDS)

    return Fault(f"{machine.name}: {unit} is stopped", start)


def stop_static_pod(machine: Machine, program: str) -> Fault:
    """Move the manifest of a control plane's program aside and wait until it has ended; undone, it is put back."""
    manifest = f"{program}.yaml"
    machine.must(["mkdir", "-p", _ASIDE])
    machine.must(["mv", f"{_MANIFESTS}/{manifest}", f"{_ASIDE}/{manifest}"])

    def put_back() -> None:
        machine.must(["mv", f"{_ASIDE}/{manifest}", f"{_MANIFESTS}/{manifest}"])

    fault = Fault(f"{machine.name}: {program} is stopped", put_back)
    wait_for(lambda: not machine.pids(program), _POD_ENDS_SECONDS, fault.what)
    return fault


def kill(machine: Machine, program: str) -> None:
    """SIGKILL every process of a program, in pods too; whether it comes back is for its supervisor to say."""
    machine.kill_process(program, signal.SIGKILL)


def pause(machine: Machine, program: str) -> Fault:
    """SIGSTOP every process of a program; undone, those of them that still live go on."""
    paused = [
        found for pid in machine.kill_process(program, signal.SIGSTOP) if (found := processes.identity(pid))
    ]

    def go_on() -> None:
        for one in paused:
            processes.send(one.pid, signal.SIGCONT, lambda _pid, one=one: one.is_alive())  # type: ignore[misc]

    fault = Fault(f"{machine.name}: {program} is paused", go_on)
    wait_for(lambda: all(map(processes.is_stopped, paused)), _LIMIT_SECONDS, fault.what)
    return fault


def _volume(machine: Machine, directory: str) -> Path:
    volumes = machine.disk.volumes
    if directory not in volumes:
        raise LabError(
            f"{machine.name}: {directory} is on the file system that all machines share: give it to Machine as one "
            f"of its volumes (it has {', '.join(volumes) or 'none'}), which have a size of their own"
        )
    return volumes[directory]


def _total_bytes(directory: Path) -> int:
    found = os.statvfs(directory)
    return found.f_blocks * found.f_frsize


def _free_bytes(directory: Path) -> int:
    found = os.statvfs(directory)
    return found.f_bfree * found.f_frsize
