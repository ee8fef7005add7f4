"""What was last written to each file, so that a change by hand can be told from an old version of ours."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from saltext.k8s_ha.utils.host import Host, HostError

PATH = "/var/lib/k8s-ha/files.json"
_VERSION = 1


def sha256(text: str) -> str:
    """The digest of a file's text (as :func:`saltext.k8s_ha.utils.present.read` gives it)."""
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()


@dataclass(frozen=True)
class Record:
    """Digests by path. A path has two while it is being written: the run may end in between."""

    host: Host

    def known(self, path: str) -> frozenset[str]:
        """Digests of what was written to a path by us; empty for a file that we never wrote."""
        return frozenset(self._read().get(path, []))

    def keep(self, path: str, digests: Iterable[str]) -> None:
        """Remember what a path holds, or may hold in a moment."""
        files = self._read()
        wanted = sorted(set(digests))
        if files.get(path) != wanted:
            files[path] = wanted
            self._write(files)

    def _read(self) -> dict[str, list[str]]:
        place = self.host.path(PATH)
        try:
            data = json.loads(place.read_text(encoding="utf-8"))
            if data["version"] != _VERSION:
                raise ValueError(f"its version is {data['version']}")
            files: dict[str, list[str]] = data["files"]
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise HostError(
                f"{place} cannot be read ({error}). Without it a change by hand cannot be told from ours; "
                "restore it, or remove it to take all files over as they are wanted."
            ) from error
        return files

    def _write(self, files: dict[str, list[str]]) -> None:
        place = self.host.path(PATH)
        place.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"version": _VERSION, "files": files}, indent=1, sort_keys=True) + "\n"
        write_durably(place, text)


def write_durably(place: Path, text: str, mode: int = 0o600) -> None:
    """Write a file, a private one by default, so that it is there as a whole, or not at all, after a power loss."""
    descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fchmod(stream.fileno(), mode)
            os.fsync(stream.fileno())
        os.replace(name, place)  # noqa: PTH105 (a name, not a Path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_directory(place.parent)


def sync_directory(directory: Path) -> None:
    """Make names that were created or renamed in a directory survive a power loss."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
