"""What was found in order the last time: as long as nothing of it has changed, no program is asked again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.identity import Identity

_DIRECTORY = "/var/lib/k8s-ha"


@dataclass(frozen=True)
class Settled:
    """The note about one subject: a digest of all that it follows from, and files that it was found to depend on."""

    host: Host
    subject: str

    def holds(self, values: Mapping[str, str], paths: Iterable[str]) -> bool:
        """Whether nothing has changed since :meth:`keep`.

        :param values: texts that do not lie on this host as they are.
        :param paths: files of this host.
        """
        noted = self._noted()
        return noted.get("digest") == self._digest(values, [*paths, *noted.get("paths", [])])

    def keep(self, values: Mapping[str, str], paths: Iterable[str], found: Iterable[str] = ()) -> None:
        """Note that all is in order now; ``found`` are further files, known only since a program was asked."""
        further = sorted(set(found))
        self._identity.write(
            self.host, {"digest": self._digest(values, [*paths, *further]), "paths": further}
        )

    def _noted(self) -> dict[str, Any]:
        # A note that cannot be read is none: all is looked at again.
        with suppress(HostError):
            return self._identity.read(self.host) or {}
        return {}

    @property
    def _identity(self) -> Identity:
        return Identity(f"{_DIRECTORY}/settled-{self.subject}.json", f"that the {self.subject} is in order")

    def _digest(self, values: Mapping[str, str], paths: Iterable[str]) -> str:
        digest = hashlib.sha256()
        for name, text in sorted(values.items()):
            digest.update(f"{name}\0{text}\0".encode(errors="surrogateescape"))
        for path in sorted(set(paths)):
            digest.update(f"{path}\0".encode() + content_digest(self.host, path))
        return digest.hexdigest()


def content_digest(host: Host, path: str) -> bytes:
    """The digest of a file's bytes; of nothing where there is no file."""
    try:
        return hashlib.sha256(host.path(path).read_bytes()).digest()
    except OSError:
        return b""


def program_stamp(host: Host, name: str) -> str:
    """What tells one build of an installed program from another, without running it."""
    program = host.program(name)
    if program is None:
        return ""
    seen = Path(program).stat()
    return json.dumps([program, seen.st_size, seen.st_mtime_ns])
