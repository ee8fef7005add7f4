"""The host, or the directory that stands for it."""

from __future__ import annotations

import grp
import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class HostError(Exception):
    """Something about the host that a person has to mend; the sentence says what."""


@dataclass(frozen=True)
class Host:
    """Where files are written. With ``root`` (like DESTDIR) all lies below it; no service is touched."""

    root: Path | None = None

    @classmethod
    def of(cls, opts: Mapping[str, Any], root: str | None = None) -> Host:
        """The host that a state argument or the minion's configuration (``k8s_ha: {root: ...}``) asks for."""
        settings = opts.get("k8s_ha")
        configured = settings.get("root") if isinstance(settings, Mapping) else None
        chosen = root or configured
        if not chosen:
            return cls()
        if not isinstance(chosen, str) or not chosen.startswith("/") or os.path.normpath(chosen) == "/":
            raise HostError(f"root must be an absolute path below /, not {chosen!r}")
        return cls(Path(os.path.normpath(chosen)))

    @property
    def is_live(self) -> bool:
        """Whether this is the running system, with services."""
        return self.root is None

    def path(self, path: str) -> Path:
        """Where a path of the node lies.

        A symbolic link that leads out of ``root`` (an absolute one, in an image) would write to the running
        system.
        """
        if self.root is None:
            return Path(path)
        joined = self.root / path.lstrip("/")
        top = self.root.resolve()
        if not joined.resolve().is_relative_to(top):
            raise HostError(f"{joined} leads out of {self.root} by a symbolic link; make the link relative")
        return joined

    def program(self, name: str) -> str | None:
        """A program that is installed there."""
        import shutil

        if self.root is None:
            return shutil.which(name)
        places = ("usr/bin", "usr/sbin", "usr/local/bin", "bin", "sbin")
        found = (self.root / place / name for place in places)
        return next((str(path) for path in found if os.access(path, os.X_OK)), None)

    def owner(self, user: str, group: str) -> tuple[str | None, str | None]:
        """User and group for a file; None keeps those of the running process.

        Only root can give files away, and a directory that stands for a host may be made on a machine that
        does not know the host's users.
        """
        if os.geteuid() != 0:
            return None, None
        if self.root is None:
            return user, group
        known_user = user if _known(pwd.getpwnam, user) else None
        return known_user, group if _known(grp.getgrnam, group) else None


def _known(lookup: Any, name: str) -> bool:  # noqa: ANN401 (pwd and grp have no common type)
    try:
        lookup(name)
    except KeyError:
        return False
    return True
