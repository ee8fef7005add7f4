"""How long a turn stays taken after its holder's death, and how long after its last check a step begins.

The lock of etcd stands on three real members, a worker's slot on a real kube-apiserver.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.figure import Figure
from live.control_plane import ControlPlane
from live.external_etcd import HOSTS, Site
from live.test_lock import lock, take
from live.workers import Workers
from ports import wait_until
from saltext.k8s_ha._core import Lock, Slot
from saltext.k8s_ha.utils.disruption import ACT_SECONDS, Allowed, Disruption
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.lock import LEASE_SECONDS

RUNS = 3
TURNS = 9
SHORT_SECONDS = 5
_LIMIT_SECONDS = 120.0

Turn = Lock | Slot
Make = Callable[[str, int], Turn]


@dataclass
class Noted:
    """A turn of which is noted when its last check was answered, and how much of the lease was left then."""

    turn: Turn
    checked: float = 0.0
    left: float = 0.0
    took: list[float] = field(default_factory=list)

    def begin(self) -> float:
        began = time.perf_counter()
        self.left = self.turn.begin()
        self.checked = time.perf_counter()
        self.took.append(self.checked - began)
        return self.left

    def __getattr__(self, name: str) -> Any:
        return getattr(self.turn, name)


def _hold(make: Make, node: str, seconds: int, ready: Any) -> None:
    held = make(node, seconds)
    assert take(held, node) is None
    ready.set()
    signal.pause()


def _taken_over(make: Make, nodes: tuple[str, str], seconds: int) -> float:
    """Seconds from the death of the holder until another one, who asks all the time, has its turn."""
    context = multiprocessing.get_context("fork")
    ready = context.Event()
    holder = context.Process(target=_hold, args=(make, nodes[0], seconds, ready))
    holder.start()
    assert ready.wait(_LIMIT_SECONDS) and holder.pid
    other = make(nodes[1], seconds)
    assert take(other, nodes[1]) == nodes[0]
    os.kill(holder.pid, signal.SIGKILL)
    died = time.perf_counter()
    holder.join()
    wait_until(lambda: take(other, nodes[1]) is None, "the turn is free", _LIMIT_SECONDS)
    took = time.perf_counter() - died
    other.release()
    return took


def _take_over(what: str, make: Make, nodes: tuple[str, str]) -> Iterator[Figure]:
    for seconds in (SHORT_SECONDS, LEASE_SECONDS):
        took = [_taken_over(make, nodes, seconds) for _ in range(RUNS)]
        ratios = f"{min(took) / seconds:.2f} to {max(took) / seconds:.2f} of the lease"
        yield Figure.of(f"{what}: after the holder's death, lease {seconds} s", took, ratios)


def _window(what: str, noted: list[Noted], acted: list[float]) -> Figure:
    left = min(each.left for each in noted)
    note = f"lease left {left:.1f} s or more, {ACT_SECONDS:g} s wanted"
    return Figure.of(f"{what}: from the last check to the act", acted, note)


def _turns(what: str, step: Disruption, turn: Turn) -> Iterator[Figure]:
    """A turn that is had, its last check, and an act that does nothing but start a program."""
    noted, windows, starts = [], [], []
    for _ in range(TURNS):
        assert take(turn, step.member.node) is None
        checked = Noted(turn)
        allowed = Allowed(step, checked, is_locked=True)  # type: ignore[arg-type]
        allowed.confirm()
        windows.append(time.perf_counter() - checked.checked)
        subprocess.run(["true"], check=True)
        starts.append(time.perf_counter() - checked.checked)
        allowed.end()
        allowed.give_back()
        noted.append(checked)
    yield _window(what, noted, windows)
    yield Figure.of(f"{what}: until a program that does nothing has ended", starts)
    yield Figure.of(f"{what}: the last check itself", [took for each in noted for took in each.took])


def _whole_turns(step: Disruption) -> Figure:
    """The whole way to a step that nothing speaks against: lock, look, judgement, last check, and back."""
    took = []
    for _ in range(TURNS):
        start = time.perf_counter()
        with step.allowed(_LIMIT_SECONDS) as allowed:
            allowed.confirm()
            took.append(time.perf_counter() - start)
            # Nothing was taken, so nothing has to come back.
            allowed.end()
            allowed.is_begun = False
    return Figure.of("lock of etcd: lock, look, judge and check, until the act", took)


def _quiet(_phase: str, _text: str) -> None:
    """Nobody listens."""


def _of_etcd(directory: Path) -> Iterator[Figure]:
    site = Site(directory)
    try:
        site.apply_to_all()
        own = HOSTS[0]
        step = Disruption(
            Member(site.topology, own, {}), site.machines[own].host, "restart", ("etcd",), _quiet
        )
        yield _whole_turns(step)
        yield from _turns("lock of etcd", step, lock(site, LEASE_SECONDS))
        yield from _take_over("lock of etcd", lambda _, seconds: lock(site, seconds), (HOSTS[1], HOSTS[2]))
    finally:
        site.end()


def _of_workers(directory: Path) -> Iterator[Figure]:
    with ExitStack() as stack:
        workers = Workers(stack.enter_context(ControlPlane(directory).running()), directory)
        workers.permit()
        step = Disruption(workers.member("w1"), workers.host("w1"), "restart", ("containerd",), _quiet)
        yield from _turns("slot of workers", step, workers.slot("w1", LEASE_SECONDS))
        yield from _take_over("slot of workers", workers.slot, ("w1", "w2"))


def figures() -> Iterator[Figure]:
    """The lock of etcd, then a worker's slot."""
    for measured in (_of_etcd, _of_workers):
        with tempfile.TemporaryDirectory() as directory:
            yield from measured(Path(directory))
