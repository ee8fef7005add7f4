"""Takes a snapshot of etcd: saved as a whole or not at all, verified by restore, and only then one that counts."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import etcd_programs, etcd_snapshot
from saltext.k8s_ha.utils.etcd_scratch import Scratch
from saltext.k8s_ha.utils.etcd_snapshot import FOLDER, UNVERIFIED
from saltext.k8s_ha.utils.etcd_snapshot_folder import Folder
from saltext.k8s_ha.utils.etcd_snapshot_source import Source
from saltext.k8s_ha.utils.etcd_snapshot_verified import Contents, revision_of, verify
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.record import sync_directory
from saltext.k8s_ha.utils.tell import Tell

if TYPE_CHECKING:
    from saltext.k8s_ha._core import EtcdSnapshot, EtcdStatus

# A database may grow while it is looked at.
_GROWTH, _GROWTH_BYTES = 1.25, 16 << 20
# The snapshot and its restored copy, and two log segments of 64 MiB of the scratch member.
_COPIES, _LOG_BYTES = 2, 128 << 20
# A slow disk or network is given time, and not for ever.
_LEAST_SECONDS, _BYTES_A_SECOND, _MOST_SECONDS = 120.0, 10 << 20, 1800.0


@dataclass(frozen=True)
class Taking:
    """What is needed to take one. ``modules`` is Salt's ``__salt__``; ``keep`` is how many verified ones are kept."""

    member: Member
    host: Host
    modules: Mapping[str, Callable[..., Any]]
    tell: Tell
    folder: str = FOLDER
    keep: int = 7

    def would(self) -> dict[str, Any]:
        """What :meth:`take` would do; nothing is changed. Raises HostError where it cannot begin."""
        self._refuse()
        source = Source.of(self.member, self.host)
        status = source.status()
        self._refuse_full_disk(self._most(status))
        return {"source": source.node, "folder": self.folder, "database_bytes": status["db_size"]}

    def take(self) -> dict[str, Any]:
        """Take a snapshot.

        :returns: ``snapshot`` (its path), ``source``, ``revision``, ``keys``, ``bytes``, ``sha256``, ``etcd`` (its
            release), ``seconds`` and ``removed`` (names of older ones).
        :raises HostError: when none could be saved, or the saved one not verified; then it ends with ``.unverified``.
        """
        self._refuse()
        began, at = time.monotonic(), time.time()
        source = Source.of(self.member, self.host)
        status = source.status()
        with Folder(self.host, self.folder).held() as place:
            self._refuse_full_disk(self._most(status))
            saved = place / (etcd_snapshot.name_of(self._cluster, at) + UNVERIFIED)
            # One that was not verified a moment ago.
            saved.unlink(missing_ok=True)
            self.tell("saves", f"a snapshot of etcd from {source.node}")
            told = self._save(source, saved, status)
            try:
                contents = self._verified(source, saved, status)
            except HostError as error:
                etcd_snapshot.prune(self.host, self._cluster, self.keep, self.folder, unverified=saved)
                raise HostError(
                    f"{saved} was saved and is not verified, so it does not count: {error}"
                ) from error
            kept = place / etcd_snapshot.name_of(self._cluster, at, contents.revision)
            saved.rename(kept)
            sync_directory(place)
            removed = etcd_snapshot.prune(self.host, self._cluster, self.keep, self.folder)
        return {
            "snapshot": str(kept),
            "source": source.node,
            "revision": contents.revision,
            "keys": contents.keys,
            "bytes": told["bytes"],
            "sha256": told["sha256"],
            "etcd": status["version"],
            "seconds": round(time.monotonic() - began, 1),
            "removed": removed,
        }

    def _save(self, source: Source, place: Path, status: EtcdStatus) -> EtcdSnapshot:
        from saltext.k8s_ha import _core

        most = self._most(status)
        try:
            return source.etcd(_seconds(most)).snapshot(place, most)
        except _core.K8sHaError as error:
            raise HostError(f"no snapshot is saved, and nothing is left of it: {error}") from error

    def _verified(self, source: Source, saved: Path, status: EtcdStatus) -> Contents:
        """What the snapshot holds, as its source has it too."""
        programs = etcd_programs.find(self.host, self.modules, status["version"])
        seconds = _seconds(self._most(status))
        revision = revision_of(saved, programs.etcdutl, self.modules)
        # At once, before the source compacts it away.
        wanted = Contents.of(source.etcd(seconds), revision)
        self.tell("verifies", f"{saved.name} is restored into a scratch member")
        verify(saved, Scratch(Folder.scratch_beside(saved), programs, self.modules, seconds), wanted)
        return wanted

    def _refuse(self) -> None:
        if self.keep < 1:
            raise HostError(f"keep is {self.keep}: write 1 or more, the last verified snapshot always stays")
        if not self.host.is_live:
            raise HostError(f"below {self.host.root} nothing runs of which a snapshot could be taken")

    def _refuse_full_disk(self, size: int) -> None:
        place = self.host.path(self.folder)
        while not place.exists():
            place = place.parent
        free, needed = shutil.disk_usage(place).free, _COPIES * size + _LOG_BYTES
        if free < needed:
            raise HostError(
                f"{self.folder} has {free >> 20} MiB free, and {needed >> 20} MiB are needed to save a snapshot and to "
                "restore it: free some, or name another folder"
            )

    @property
    def _cluster(self) -> str:
        return self.member.topology.cluster or ""

    @staticmethod
    def _most(status: EtcdStatus) -> int:
        """How large the snapshot may be, in bytes."""
        return int(status["db_size"] * _GROWTH) + _GROWTH_BYTES


def _seconds(size: int) -> float:
    return min(_LEAST_SECONDS + size / _BYTES_A_SECOND, _MOST_SECONDS)
