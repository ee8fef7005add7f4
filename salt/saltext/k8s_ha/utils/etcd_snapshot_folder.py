"""The folder of snapshots: one taking at a time, and nothing left in it of one that was killed."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from saltext.k8s_ha.utils import processes
from saltext.k8s_ha.utils.etcd_snapshot import FOLDER
from saltext.k8s_ha.utils.host import Host, HostError

_SCRATCH = ".scratch-"
_LOCK = ".lock"


@dataclass(frozen=True)
class Folder:
    """A path of a host."""

    host: Host
    path: str

    @contextmanager
    def held(self) -> Iterator[Path]:
        """Make it, keep others out, and clean it. The kernel lets others in when this process dies.

        :raises HostError: when it is no place for snapshots, and while somebody else takes one.
        """
        if not self.path.startswith("/") or not os.path.normpath(self.path).strip("/"):
            raise HostError(f"folder is {self.path!r}: write an absolute path below /")
        place = self.host.path(self.path)
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.path == FOLDER:
            place.chmod(0o700)
        with (place / _LOCK).open("a", encoding="ascii") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise HostError(
                    f"another snapshot is being taken in {place}: wait until it is done"
                ) from error
            self._clean(place)
            yield place

    @staticmethod
    def scratch_beside(snapshot: Path) -> Path:
        """Where a scratch member of a snapshot has its files."""
        return snapshot.with_name(f"{_SCRATCH}{snapshot.name}")

    def _clean(self, place: Path) -> None:
        """Remove what a taking has left that was killed: half a file, a scratch member and its files."""
        for path in place.glob(f"{_SCRATCH}*"):
            for pid, words in processes.command_lines(self.host, "etcd"):
                if f"--data-dir={path}/data" in words:
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
            shutil.rmtree(path, ignore_errors=True)
        for path in place.glob(".*.partial"):
            path.unlink(missing_ok=True)
