"""How long the gate takes to look and to judge a step: real members of etcd on loopback, some of them hung."""

from __future__ import annotations

import signal
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from live.external_etcd import HOSTS, Machine, Site
from saltext.k8s_ha._core import judge, observe

RUNS = 5


@contextmanager
def _hung(machine: Machine) -> Iterator[None]:
    machine.signal(signal.SIGSTOP)
    try:
        yield
    finally:
        machine.signal(signal.SIGCONT)


def _decide(site: Site, credentials: tuple[str, str, str]) -> float:
    start = time.perf_counter()
    seen = observe(site.topology, etcd=credentials, observer=HOSTS[0])
    judge(site.topology, seen, "restart", [HOSTS[0]], ["etcd"])
    return time.perf_counter() - start


def figures() -> Iterator[tuple[str, float]]:
    """What was measured, and the median of several runs in seconds."""
    with tempfile.TemporaryDirectory() as directory:
        site = Site(Path(directory))
        try:
            site.apply_to_all()
            endpoints = site.machines[HOSTS[0]].endpoints()
            credentials = (endpoints.authority, endpoints.certificate, endpoints.key)
            for number in range(len(HOSTS)):
                with ExitStack() as stack:
                    for name in HOSTS[1 : number + 1]:
                        stack.enter_context(_hung(site.machines[name]))
                    _decide(site, credentials)
                    seconds = statistics.median(_decide(site, credentials) for _ in range(RUNS))
                yield f"gate: look and judge, {len(HOSTS)} members, {number} hung", seconds
        finally:
            site.end()
