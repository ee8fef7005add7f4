"""Where an archive of images comes from: a path on the node, Salt's file server, or a web server."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from saltext.k8s_ha.utils import image_archive
from saltext.k8s_ha.utils.host import HostError
from saltext.k8s_ha.utils.image_record import ImageRecord, Known

Functions = Mapping[str, Callable[..., Any]]

_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class ArchiveSource:
    """An entry of ``images.archives``. ``modules`` is Salt's ``__salt__``."""

    written: str
    modules: Functions
    record: ImageRecord

    def names(self, *, test: bool) -> list[str] | None:
        """Names of its images; None in test mode, where it would have to be fetched to know them.

        :raises HostError: when it is not there, or no archive of images.
        """
        known = self.record.known(self.written)
        if known and self._is_unchanged(known):
            return known.names
        if test and self._is_remote and not self._cached():
            return None
        path = self.file()
        about = path.stat()
        read = Known(_sha256(path), about.st_size, about.st_mtime_ns, image_archive.names(path))
        if not test:
            self.record.keep(self.written, read)
        return read.names

    def file(self) -> Path:
        """The archive as a file of this host; one that is elsewhere is fetched into Salt's cache."""
        if not self._is_remote:
            return self._there()
        cached = None if self._is_on_master else self._cached()
        path = cached or self.modules["cp.cache_file"](self.written)
        if not path:
            raise HostError(
                f"the archive {self.written} cannot be fetched; mend the address, or take it out of "
                f"images.archives"
            )
        return Path(path)

    def _is_unchanged(self, known: Known) -> bool:
        """Whether it is what was read before. Nothing large is read to know that."""
        if self._is_on_master:
            told = self.modules["cp.hash_file"](self.written)
            return isinstance(told, dict) and told.get("hsum") == known.sha256
        path = self._cached() if self._is_remote else str(self._there())
        if path is None:
            return False
        about = Path(path).stat()
        return (about.st_size, about.st_mtime_ns) == (known.size, known.mtime_ns)

    @property
    def _is_remote(self) -> bool:
        return "://" in self.written

    @property
    def _is_on_master(self) -> bool:
        return self.written.startswith("salt://")

    def _cached(self) -> str | None:
        return self.modules["cp.is_cached"](self.written) or None

    def _there(self) -> Path:
        path = Path(self.written)
        if not path.is_file():
            raise HostError(
                f"the archive {self.written} is not there; put it there, or take it out of images.archives"
            )
        return path


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
