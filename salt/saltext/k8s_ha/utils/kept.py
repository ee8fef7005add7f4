"""Files as they were before a change, until what reads them has proven that it serves with the new ones.

They survive a run that ends in the middle, so the next one knows that something is unproven, and what to put back.
"""

from __future__ import annotations

import json
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.record import sync_directory, write_durably

_DIRECTORY = "/var/lib/k8s-ha/kept"


@dataclass(frozen=True)
class Kept:
    """What is kept for one subject, such as ``kube-scheduler``: private, and as a whole or not at all."""

    host: Host
    subject: str

    @property
    def _place(self) -> Path:
        return self.host.path(f"{_DIRECTORY}/{self.subject}.json")

    def exists(self) -> bool:
        """Whether a change has begun and did not end."""
        return self._place.exists()

    def keep(self, paths: Iterable[str]) -> None:
        """Keep files as they are; what is kept already is older, and stays."""
        if self.exists():
            return
        files = {path: self._one(path) for path in paths}
        self._place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(self._place, json.dumps(files))

    def put_back(self) -> None:
        """Write the files as they were. What is kept stays kept, until somebody says that it is not needed."""
        for path, (text, mode) in self._read().items():
            place = self.host.path(path)
            if text is None:
                place.unlink(missing_ok=True)
            else:
                write_durably(place, text, mode)

    def text(self, path: str) -> str | None:
        """The text of a kept file; None where there was none."""
        return self._read()[path][0]

    def forget(self) -> None:
        """The new files have proven themselves, or the old ones are back."""
        self._place.unlink(missing_ok=True)
        if self._place.parent.exists():
            sync_directory(self._place.parent)

    def _one(self, path: str) -> tuple[str | None, int]:
        place = self.host.path(path)
        try:
            return place.read_text(encoding="utf-8"), stat.S_IMODE(place.stat().st_mode)
        except FileNotFoundError:
            return None, 0

    def _read(self) -> dict[str, tuple[str | None, int]]:
        try:
            files: dict[str, tuple[str | None, int]] = json.loads(self._place.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise HostError(
                f"{self._place} cannot be read ({error}): it holds files as they were before a change that did not "
                "end. See that this host serves, remove it, and apply again"
            ) from error
        return files
