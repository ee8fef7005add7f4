"""What is known of archives of images, so that a large one is read once."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from saltext.k8s_ha.utils.host import Host
from saltext.k8s_ha.utils.record import write_durably

PATH = "/var/lib/k8s-ha/images.json"
_VERSION = 1


@dataclass(frozen=True)
class Known:
    """An archive as it was read: digest in hex, size in bytes, time of change in ns, names of its images."""

    sha256: str
    size: int
    mtime_ns: int
    names: list[str]


@dataclass(frozen=True)
class ImageRecord:
    """Archives by what ``images.archives`` says of them. A record that is lost or broken costs one reading."""

    host: Host

    def known(self, archive: str) -> Known | None:
        """What was read last; None for an archive that was never read."""
        try:
            return Known(**self._read()[archive])
        except (KeyError, TypeError):
            return None

    def keep(self, archive: str, known: Known) -> None:
        """Remember an archive. Raises OSError when it cannot be written."""
        archives = self._read()
        archives[archive] = asdict(known)
        place = self.host.path(PATH)
        place.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"version": _VERSION, "archives": archives}, indent=1, sort_keys=True)
        write_durably(place, f"{text}\n")

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            data = json.loads(self.host.path(PATH).read_text(encoding="utf-8"))
            archives = data["archives"] if data["version"] == _VERSION else {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}
        return archives if isinstance(archives, dict) else {}
