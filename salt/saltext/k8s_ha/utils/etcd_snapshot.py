"""Snapshots of etcd that lie on this host: which there are, which count, which are old.

A name says cluster, time in UTC and revision: ``prod1-20270301T020000Z-r123456.db``. One that was not verified ends
with ``.unverified`` and does not count.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from saltext.k8s_ha.utils.host import Host

FOLDER = "/var/lib/k8s-ha/snapshots"
UNVERIFIED = ".unverified"

_NAME = re.compile(r"(?P<cluster>.+)-(?P<time>\d{8}T\d{6}Z)-r(?P<revision>\d+)\.db")
_TIME = "%Y%m%dT%H%M%SZ"
# bbolt's pages, and the SHA-256 behind them; etcdutl wants the same.
_PAGE_BYTES, _DIGEST_BYTES = 512, 32


@dataclass(frozen=True)
class Snapshot:
    """A verified one; ``at`` is in seconds since the epoch."""

    path: Path
    at: float
    revision: int


def name_of(cluster: str, at: float, revision: int | None = None) -> str:
    """The name of a snapshot; its revision is known once it was looked into."""
    moment = datetime.fromtimestamp(at, timezone.utc).strftime(_TIME)
    return f"{cluster}-{moment}.db" if revision is None else f"{cluster}-{moment}-r{revision}.db"


def verified(host: Host, cluster: str | None = None, folder: str = FOLDER) -> list[Snapshot]:
    """The verified ones, the newest first; one that was cut off since does not count."""
    return sorted(_verified(host.path(folder), cluster), key=lambda one: (one.at, one.revision), reverse=True)


def newest_verified(
    host: Host, cluster: str | None = None, folder: str = FOLDER
) -> tuple[Path, float] | None:
    """Where the newest verified snapshot lies, and when it was taken, in seconds since the epoch; None without any."""
    return next(((one.path, one.at) for one in verified(host, cluster, folder)), None)


def prune(
    host: Host, cluster: str, keep: int, folder: str = FOLDER, unverified: Path | None = None
) -> list[str]:
    """Remove verified ones but the newest ``keep``, at least one, and unverified ones but the one that is named.

    :returns: the names of what was removed.
    """
    old = [one.path for one in verified(host, cluster, folder)[max(keep, 1) :]]
    begun = host.path(folder).glob(f"{glob.escape(cluster)}-*.db{UNVERIFIED}")
    old += [path for path in begun if path != unverified]
    for path in old:
        path.unlink(missing_ok=True)
    return sorted(path.name for path in old)


def _verified(folder: Path, cluster: str | None) -> Iterator[Snapshot]:
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        found = _NAME.fullmatch(path.name)
        if found is None or (cluster is not None and found["cluster"] != cluster) or not _is_whole(path):
            continue
        at = datetime.strptime(found["time"], _TIME).replace(tzinfo=timezone.utc)
        yield Snapshot(path, at.timestamp(), int(found["revision"]))


def _is_whole(path: Path) -> bool:
    size = path.stat().st_size
    return path.is_file() and size > _DIGEST_BYTES and size % _PAGE_BYTES == _DIGEST_BYTES
