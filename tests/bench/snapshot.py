"""How long a verified snapshot of etcd takes: saved, restored into a scratch member, and compared."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure
from live.etcd_contents import Contents
from live.external_etcd import HOSTS, Site
from live.test_etcd_snapshot import taking

RUNS = 3
VALUES, BYTES = 100, 1_000_000


def figures() -> Iterator[Figure]:
    """What etcdctl takes to save one, and what a verified one takes."""
    with tempfile.TemporaryDirectory() as directory:
        site = Site(Path(directory))
        try:
            site.apply_to_all()
            contents = Contents(site, HOSTS[0])
            assert contents.fill(VALUES, BYTES) == VALUES
            saved = [_saved(contents, Path(directory) / "plain.db") for _ in range(RUNS)]
            size = f"{VALUES * BYTES / 1e6:g} MB of values"
            yield Figure.of(f"etcdctl snapshot save, {size}", saved)
            steps = taking(site, HOSTS[0])
            verified = []
            for _ in range(RUNS):
                start = time.perf_counter()
                told = steps.take()
                verified.append(time.perf_counter() - start)
            ratio = f"{min(verified) / min(saved):.1f} x saving it, {told['bytes'] / 1e6:.0f} MB"
            yield Figure.of(f"k8s_ha.snapshot, verified, {size}", verified, ratio)
        finally:
            site.end()


def _saved(contents: Contents, place: Path) -> float:
    place.unlink(missing_ok=True)
    start = time.perf_counter()
    done = contents.etcdctl("snapshot", "save", str(place))
    assert done.returncode == 0, done.stderr
    return time.perf_counter() - start
