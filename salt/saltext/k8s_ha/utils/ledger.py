"""The master's record of its clusters: a directory for each, for the master's user alone, not in its cache.

``<base>/<cluster>/ledger.json`` says what was granted, ``pki/`` holds the authorities, ``lock`` is held while
either is changed. Salt's cache may be emptied at any time; this directory is worth a backup.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import re
import stat
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import pki
from saltext.k8s_ha.utils.record import write_durably

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Ledger

DEFAULT = "/var/lib/k8s-ha/clusters"
_LOCK_SECONDS = 20.0
_POLL_SECONDS = 0.02
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")

# As in /etc/kubernetes/pki of a control-plane node: the key files come to those nodes alone.
CERTIFICATES = tuple(f"{name}.crt" for name in pki.AUTHORITIES)
FILES = (
    *CERTIFICATES,
    *(f"{name}.key" for name in pki.AUTHORITIES),
    f"{pki.SERVICE_ACCOUNT}.key",
    f"{pki.SERVICE_ACCOUNT}.pub",
)


class RecordError(Exception):
    """The record of a cluster is not there or cannot be used; the sentence says what to do."""


@dataclass(frozen=True)
class ClusterRecord:
    """Where the master keeps one cluster. ``user`` is the one that the master runs as."""

    directory: Path
    user: str

    @classmethod
    def of(cls, opts: Mapping[str, Any], cluster: str) -> ClusterRecord:
        """The record of a cluster, below ``k8s_ha: {ledger: ...}`` of the master's configuration."""
        if not _NAME.fullmatch(cluster):
            raise RecordError(f"{cluster!r} is no name of a cluster: lower-case letters, digits and dashes")
        settings = opts.get("k8s_ha")
        configured = settings.get("ledger") if isinstance(settings, Mapping) else None
        base = Path(str(configured or DEFAULT))
        if not base.is_absolute():
            raise RecordError(f"k8s_ha: ledger: {base} of the master's configuration is no absolute path")
        return cls(base / cluster, str(opts.get("user") or "root"))

    @property
    def ledger_path(self) -> Path:
        """The ledger itself."""
        return self.directory / "ledger.json"

    @property
    def exists(self) -> bool:
        """Whether the cluster was created here."""
        return self.ledger_path.exists()

    def read(self) -> Ledger:
        """The ledger. Raises RecordError when it is not there, damaged, or readable by others."""
        from saltext.k8s_ha._core import Ledger, LedgerError

        try:
            self._refuse_readable_by_others()
            text = self.ledger_path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise RecordError(f"the master has no ledger of it ({self.ledger_path})") from None
        except (OSError, UnicodeDecodeError) as error:
            raise RecordError(f"{self.ledger_path} cannot be read: {error}") from error
        try:
            return Ledger.read(text)
        except LedgerError as error:
            raise RecordError(f"{self.ledger_path}: {error}") from error

    def write(self, ledger: Ledger) -> None:
        """Put the ledger on the disk; it is there as a whole or not at all. The lock is held."""
        self._write(self.ledger_path, ledger.write())

    def read_pki(self) -> dict[str, str]:
        """The authorities: text by name of the file, such as ``etcd/ca.key``."""
        try:
            return {name: (self.directory / "pki" / name).read_text(encoding="utf-8") for name in FILES}
        except OSError as error:
            raise RecordError(f"an authority of the cluster cannot be read: {error}") from error

    def write_pki(self, files: Mapping[str, str]) -> None:
        """Keep the authorities. The lock is held."""
        for name, text in files.items():
            self._write(self.directory / "pki" / name, text)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the record alone; the kernel frees it when its holder dies. Raises RecordError after 20 s."""
        self._make(self.directory)
        place = self.directory / "lock"
        with os.fdopen(os.open(place, os.O_CREAT | os.O_RDWR, 0o600), "a") as handle:
            self._give(place)
            deadline = time.monotonic() + _LOCK_SECONDS
            while True:
                try:
                    fcntl.flock(handle.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise RecordError(f"{place} is held for over {_LOCK_SECONDS:.0f} s") from None
                    time.sleep(_POLL_SECONDS)
            yield

    def _refuse_readable_by_others(self) -> None:
        for place in (self.directory, self.ledger_path):
            mode = stat.S_IMODE(place.stat().st_mode)
            if mode & 0o077:
                raise RecordError(
                    f"{place} has mode {mode:04o}, so others may have changed it; nothing is granted. "
                    f"Make sure that nobody did, then: chmod -R go= {self.directory}"
                )

    def _write(self, place: Path, text: str) -> None:
        self._make(place.parent)
        write_durably(place, text)
        self._give(place)

    def _make(self, directory: Path) -> None:
        missing = [each for each in (directory, *directory.parents) if not each.exists()]
        for each in reversed(missing):
            each.mkdir(mode=0o700)
            self._give(each)

    def _give(self, place: Path) -> None:
        """What ``salt-run`` makes as root, a master that runs as somebody else must read."""
        if os.geteuid() == 0 and self.user != "root":
            account = pwd.getpwnam(self.user)
            os.chown(place, account.pw_uid, account.pw_gid)
