"""The disk of a machine: an overlay of a read-only root, and volumes that must be no overlay."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from lab.commands import LabError, must
from lab.remains import empty
from lab.run_record import Run

VOLUMES: Mapping[str, str] = {"/var/lib/containerd": "3g", "/var/lib/etcd": "1g"}
"""Directories on a file system of their own with its size: an overlay cannot stack on an overlay (containerd), and
a full disk (etcd) must be full for one directory of one machine only."""


class Disk:
    """The disk of the machine `name`: it survives a loss of power, and `erase` makes it new.

    `lower`: directories that make up the root, the uppermost first. `volumes`: size by directory.
    """

    def __init__(
        self, run: Run, name: str, lower: Sequence[Path], volumes: Mapping[str, str] = VOLUMES
    ) -> None:
        self._run = run
        self._name = name
        self._lower = list(lower)
        self._volumes = dict(volumes)
        self._directory = run.disks / name
        self._installations = 0

    @property
    def root(self) -> Path:
        """The root directory as this machine sees it; the volumes are not in it."""
        return self._directory / "root"

    @property
    def written(self) -> Path:
        """The directory with what this machine has changed of its root; the volumes are not in it."""
        return self._directory / "upper"

    @property
    def volumes(self) -> dict[str, Path]:
        """Where each volume is, by its directory on the machine."""
        return {inside: self._directory / f"volume{inside.replace('/', '-')}" for inside in self._volumes}

    def make(self) -> None:
        """Make a blank disk and mount it. LabError when a lower directory is no root of a system."""
        for lower in self._lower:
            if not lower.is_dir():
                raise LabError(f"{self._name}: the root {lower} is not there: build the root image first")
        self._installations += 1
        upper, work = self.written, self._directory / "work"
        for directory in (upper, work, self.root):
            directory.mkdir(parents=True)
        lower_directories = ":".join(str(lower) for lower in self._lower)
        options = f"lowerdir={lower_directories},upperdir={upper},workdir={work}"
        self._mount("overlay", options, self.root)
        for inside, directory in self.volumes.items():
            directory.mkdir()
            self._mount("tmpfs", f"size={self._volumes[inside]},mode=700", directory)
            (self.root / inside.lstrip("/")).mkdir(parents=True, exist_ok=True)

    def erase(self) -> None:
        """Unmount the disk and delete all that was on it."""
        if not self._directory.exists():
            return
        for directory in (*self.volumes.values(), self.root):
            if directory != self.root:
                # Another machine's systemd-nspawn has a copy of this mount, which would keep the memory in use.
                empty(directory)
            must(["umount", str(directory)])
        shutil.rmtree(self._directory)

    def empty(self, volume: str) -> None:
        """Lose all that is in a volume of a machine that is off; it is there again, and blank."""
        if volume not in self.volumes:
            raise LabError(f"{self._name}: {volume} is no volume of this machine: {', '.join(self.volumes)}")
        empty(self.volumes[volume])

    def machine_id(self) -> str:
        """An ID for systemd: the same at every boot, another one after a new installation."""
        text = f"{self._run.id}/{self._name}/{self._installations}"
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def path(self, inside: str) -> Path:
        """Where the file `inside` of the machine is for us, also while the machine is off.

        Symbolic links of the directory are not followed: an absolute one would lead to our own files.
        """
        place = PurePosixPath(inside)
        for volume, directory in self.volumes.items():
            if place == PurePosixPath(volume) or PurePosixPath(volume) in place.parents:
                return directory / place.relative_to(volume)
        if self._has_link(place.parent):
            raise LabError(
                f"{self._name}: {place.parent} is or lies below a symbolic link: name the true directory"
            )
        return self.root / inside.lstrip("/")

    def write(self, inside: str, content: str | bytes, mode: int = 0o644) -> None:
        """Write a file of a machine that is off, its directories included."""
        path = self.path(inside)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        path.chmod(mode)

    def link(self, inside: str, target: str) -> None:
        """Make the symbolic link `inside` of a machine that is off."""
        path = self.path(inside)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.symlink_to(target)

    def _has_link(self, place: PurePosixPath) -> bool:
        return any((self.root / str(part).lstrip("/")).is_symlink() for part in (place, *place.parents[:-1]))

    def _mount(self, kind: str, options: str, directory: Path) -> None:
        self._run.record("mount", str(directory))
        must(["mount", "-t", kind, "-o", options, self._run.prefix + self._name, str(directory)])
