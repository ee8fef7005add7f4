"""Whether a snapshot restores, and holds what its source had at its revision."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import bounded
from saltext.k8s_ha.utils.etcd_scratch import Scratch
from saltext.k8s_ha.utils.host import HostError

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Etcd

_STATUS_SECONDS = 120


@dataclass(frozen=True)
class Contents:
    """What a store has at a revision: etcd's own digest of 32 bits of it, and how many keys there are."""

    revision: int
    compact_revision: int
    hash: int
    keys: int

    @classmethod
    def of(cls, etcd: Etcd, revision: int) -> Contents:
        """As a member has it, read linearizably. Raises HostError when it does not tell."""
        from saltext.k8s_ha import _core

        try:
            keys = etcd.count(revision)["keys"]
            digest = etcd.digest(revision)
        except _core.K8sHaError as error:
            raise HostError(f"the contents at revision {revision} are not known: {error}") from error
        return cls(revision, digest["compact_revision"], digest["hash"], keys)


def revision_of(snapshot: Path, etcdutl: str, modules: Mapping[str, Callable[..., Any]]) -> int:
    """The revision of a snapshot. Raises HostError for a file that is none."""
    command = [etcdutl, "snapshot", "status", str(snapshot), "--write-out=json"]
    done = bounded.run(modules, command, _STATUS_SECONDS)
    try:
        return int(json.loads(done.stdout)["revision"])
    except (ValueError, KeyError, TypeError) as error:
        raise HostError(f"{snapshot.name} is no snapshot of etcd: {done.said[-300:]}") from error


def verify(snapshot: Path, scratch: Scratch, wanted: Contents) -> None:
    """Restore a snapshot into a scratch member and compare. Raises HostError where it is not what is wanted."""
    from saltext.k8s_ha import _core

    with scratch.made():
        scratch.restore(snapshot)
        with scratch.serving() as etcd:
            found = Contents.of(etcd, wanted.revision)
            if found.compact_revision < wanted.compact_revision <= wanted.revision:
                # The source was compacted after the snapshot, and digests only what it would keep.
                try:
                    etcd.compact(wanted.compact_revision)
                except _core.K8sHaError as error:
                    raise HostError(f"what was restored is not compacted: {error}") from error
                found = Contents.of(etcd, wanted.revision)
    if found != wanted:
        raise HostError(
            f"{snapshot.name} is restored with other contents than its source had: {found.keys} keys for "
            f"{wanted.keys}, digest {found.hash:x} for {wanted.hash:x}, compacted to {found.compact_revision} for "
            f"{wanted.compact_revision}"
        )
