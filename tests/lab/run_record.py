"""One run of the lab: its name, its folder, its memory, the list of what it made, and the removal of all that.

A run is alive as long as somebody holds the lock in its folder; the kernel frees the lock with its holder.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, TracebackType

from lab import kernel_limits, remains
from lab.commands import LabError, kill_group, must
from lab.processes import Identity, identity

RUNS = Path("/run/k8s-ha-lab")
"""The folder with one folder for each run."""

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_FIRST_RECORD = "run"


class Run:
    """A run of the lab, to be used in a `with` statement: whatever ends it, what it made is removed.

    `id` is four characters long and part of the name of all it makes; `directory` is its folder, `disks` the
    file system in memory, of at most `memory` (tmpfs's notation), for the disks of its machines. SIGTERM ends
    the `with` block by SystemExit, as SIGINT does by KeyboardInterrupt.
    """

    def __init__(self, memory: str = "14g", runs: Path = RUNS) -> None:
        self._memory = memory
        self._runs = runs
        self._lock: int | None = None
        self._processes: list[subprocess.Popen[bytes]] = []
        self._handlers: dict[signal.Signals, object] = {}
        self.id = ""

    @property
    def prefix(self) -> str:
        """What the names of the run's namespaces, machines and control groups begin with."""
        return remains.prefix(self.id)

    @property
    def directory(self) -> Path:
        """The run's folder."""
        return self._runs / self.id

    @property
    def disks(self) -> Path:
        """The run's file system in memory."""
        return self.directory / "disks"

    def __enter__(self) -> Run:
        if os.geteuid() != 0:
            raise LabError("the lab makes namespaces and mounts, which needs root: run it as root")
        clean_dead_runs(self._runs)
        self._install_handlers()
        try:
            self._make_directory()
            self.record("mount", str(self.disks))
            self.disks.mkdir()
            # noatime: a read must not change what is compared.
            must(
                [
                    "mount",
                    "-t",
                    "tmpfs",
                    "-o",
                    f"size={self._memory},mode=755,noatime",
                    self.prefix,
                    str(self.disks),
                ]
            )
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._remove()

    def record(self, kind: str, name: str) -> None:
        """Write down, before it is made, the mount, namespace or cgroup `name`."""
        self._append({"kind": kind, "name": name})

    def spawn(
        self,
        arguments: Sequence[str],
        log: Path,
        environment: dict[str, str] | None = None,
        *,
        stdin_pipe: bool = False,
    ) -> subprocess.Popen[bytes]:
        """Start a background process of this run in a group of its own; its output is appended to `log`.

        With `stdin_pipe` the process sees the end of its input when this process dies.
        """
        with log.open("ab") as output:
            process = subprocess.Popen(
                list(arguments),
                stdin=subprocess.PIPE if stdin_pipe else subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, **(environment or {})},
                start_new_session=True,
            )
        self._processes.append(process)
        if found := identity(process.pid):
            self._append({"kind": "process", **found.as_json()})
        return process

    def _make_directory(self) -> None:
        with _locked(self._runs):
            kernel_limits.raise_all(self._runs)
            while True:
                self.id = secrets.token_hex(2)
                try:
                    self.directory.mkdir()
                    break
                except FileExistsError:
                    continue
            self._lock = os.open(self.directory / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._append({"kind": _FIRST_RECORD, "boot": _BOOT_ID.read_text().strip(), "pid": os.getpid()})

    def _append(self, entry: dict[str, object]) -> None:
        with (self.directory / "record.jsonl").open("a", encoding="utf-8") as record:
            record.write(json.dumps(entry) + "\n")

    def _remove(self) -> None:
        """Remove all that the run made; no signal but SIGKILL interrupts it."""
        for number in self._handlers:
            signal.signal(number, signal.SIG_IGN)
        try:
            for process in self._processes:
                kill_group(process)
            if self.id:
                remove(self.directory)
        finally:
            if self._lock is not None:
                os.close(self._lock)
                self._lock = None
                _restore_limits_after_the_last(self._runs)
            for number, handler in self._handlers.items():
                signal.signal(number, handler)  # type: ignore[arg-type]
            self._handlers = {}

    def _install_handlers(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        # A shell has its background commands ignore it, and a lab that is told to end shall end.
        self._handlers[signal.SIGINT] = signal.signal(signal.SIGINT, signal.default_int_handler)
        self._handlers[signal.SIGTERM] = signal.signal(signal.SIGTERM, _leave)


def _leave(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def clean_dead_runs(runs: Path = RUNS) -> list[str]:
    """Remove what runs without a live process left behind; their ids. LabError when something cannot go."""
    runs.mkdir(parents=True, exist_ok=True)
    cleaned = []
    with _locked(runs):
        for directory in _run_directories(runs):
            lock = os.open(directory / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove(directory)
                cleaned.append(directory.name)
            except BlockingIOError:
                continue
            finally:
                os.close(lock)
        if cleaned and not _run_directories(runs):
            kernel_limits.restore_all(runs)
    return cleaned


def _run_directories(runs: Path) -> list[Path]:
    return sorted(path for path in runs.iterdir() if path.is_dir())


def _restore_limits_after_the_last(runs: Path) -> None:
    with _locked(runs):
        if not _run_directories(runs):
            kernel_limits.restore_all(runs)


def remove(directory: Path) -> None:
    """End and remove all that the run with this folder made, by its names, and the folder last."""
    remains.remove(directory, recorded_processes(directory))


def recorded_processes(directory: Path) -> list[Identity]:
    """The processes in the record of a run; none when the machine was booted since."""
    try:
        lines = (directory / "record.jsonl").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    entries = [json.loads(line) for line in lines if line.endswith("}")]
    boots = [entry["boot"] for entry in entries if entry["kind"] == _FIRST_RECORD]
    if boots != [_BOOT_ID.read_text().strip()]:
        return []
    return [Identity.from_json(entry) for entry in entries if entry["kind"] == "process"]


@contextmanager
def _locked(runs: Path) -> Iterator[None]:
    """One process at a time makes or removes runs, so that no folder is seen before it is locked."""
    runs.mkdir(parents=True, exist_ok=True)
    with (runs / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
