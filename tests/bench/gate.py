"""How long the gate takes to look and to judge a step, without Salt, while some of five hosts hang."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure
from bench.five_hosts import HOSTS, FiveHosts
from saltext.k8s_ha._core import judge

RUNS = 9
# Of rust/live/src/observe.rs: twice the limit of a probe, and six times where something of the observer's own hangs, as
# its member does without a quorum.
BOUND_SECONDS = {0: 2.0, 1: 2.0, 3: 6.0}


def _decide(hosts: FiveHosts) -> tuple[float, str]:
    """Seconds that one look and its judgement take, and the verdict on a restart of the observer's own member."""
    start = time.perf_counter()
    judgement = judge(hosts.topology, hosts.look(), "restart", [HOSTS[0]], ["etcd"])
    took = time.perf_counter() - start
    return took, judgement["verdict"] + (" (repair)" if judgement["is_repair"] else "")


def _runs(hosts: FiveHosts, hung: int) -> Figure:
    # The first look falls into the moment in which the others hang; it counts too.
    with hosts.hung(HOSTS[1 : hung + 1]):
        decided = [_decide(hosts) for _ in range(RUNS)]
    verdicts = Counter(verdict for _, verdict in decided)
    # Without a quorum only a repair passes, of what does not answer on its own host for long enough.
    assert hung < 3 or "go" not in verdicts, verdicts
    counted = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common())
    said = f"{counted}; bound {BOUND_SECONDS[hung]:g} s"
    return Figure.of(f"gate: look and judge, 5 hosts, {hung} hung", [each for each, _ in decided], said)


def figures() -> Iterator[Figure]:
    """A figure for each number of hosts that hang."""
    with tempfile.TemporaryDirectory() as directory, FiveHosts(Path(directory)).running() as hosts:
        _decide(hosts)
        for hung in BOUND_SECONDS:
            yield _runs(hosts, hung)
