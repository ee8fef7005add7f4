"""Faults in force while a change comes, and what the gate has to say to it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from lab import faults
from lab.commands import LabError
from lab.numbered_change import HOSTS, QUOTA
from lab.pillar import API_SECONDS
from lab.under_load import Outside

_FILLED_AFTER = 150
_MAINTENANCE_SECONDS = 600.0


@dataclass(frozen=True)
class Standing:
    """A fault: to whom the change comes, and the word in the gate's sentence; None where nothing is in its way."""

    what: str
    make: Callable[[Outside], AbstractContextManager[object]]
    hosts: tuple[str, ...]
    words: str | None
    gap: float = API_SECONDS
    two_holders: float | None = 2.0
    change: Mapping[str, Any] = field(default_factory=dict)
    """What the pillar says besides, where it is not etcd that the fault speaks against."""
    state: str = "k8s_ha control plane"
    """The state that says so."""
    program: str = "etcd"
    """What is not restarted meanwhile."""
    no_lock: tuple[str, ...] = ()
    """What a host says that cannot take the lock, where the fault takes that from it."""


def _paused(outside: Outside, host: str, program: str) -> AbstractContextManager[object]:
    return faults.pause(outside.cluster.machines[host], program)


@contextmanager
def _hangs(outside: Outside, host: str, program: str) -> Iterator[None]:
    """A hang that nobody ends: our watchdog would, after a while."""
    with faults.stop_unit(outside.cluster.machines[host], "k8s-ha-watchdog"), _paused(outside, host, program):
        yield


@contextmanager
def _without_power(outside: Outside, host: str) -> Iterator[None]:
    machine = outside.cluster.machines[host]
    machine.power_loss()
    try:
        yield
    finally:
        machine.power_on()
        outside.cluster.wait_for_minions([host])


@contextmanager
def _no_space(outside: Outside) -> Iterator[None]:
    """Etcd at its quota takes no more writes; the maintenance that a schedule applies mends it."""
    place = outside.cluster.run.directory / "fill.json"
    try:
        for number in range(_FILLED_AFTER):
            place.write_text(json.dumps(_filler(number)))
            outside.kubectl("apply", "--server-side", "--force-conflicts", "-f", str(place))
    except LabError as error:
        if "space" not in str(error):
            raise
    else:
        raise LabError(f"etcd takes {_FILLED_AFTER} MB with a quota of {QUOTA}")
    try:
        yield
    finally:
        began = time.monotonic()
        said = outside.cluster.salt(
            ",".join(HOSTS), "state.apply", "k8s.ha.etcd_maintenance", timeout=300, limit=_MAINTENANCE_SECONDS
        )
        for name in HOSTS:
            for state in said.get(name, {}).values():
                outside.report.say(f"{name}: {state['comment'][:200]}")
        outside.report.measure("etcd at its quota: writable again after", time.monotonic() - began)


def _filler(number: int) -> dict[str, object]:
    """Another megabyte of history."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "fill", "namespace": "default"},
        "data": {"fill": str(number % 10) * 1_000_000},
    }


@contextmanager
def _stranger(outside: Outside) -> Iterator[None]:
    """A learner that never starts, as an interrupted join leaves it."""
    leader = outside.etcd_leader()
    told = outside.etcdctl(
        leader, "member", "add", "left", "--learner", "--peer-urls=https://10.77.0.99:2380"
    )
    number = next(line for line in told.splitlines() if line.startswith("Member")).split()[1]
    try:
        yield
    finally:
        outside.etcdctl(outside.etcd_leader(), "member", "remove", number)


FAULTS = (
    Standing("a member was added and left", _stranger, HOSTS, "the pillar declares none there"),
    Standing("etcd of cp2 hangs", lambda of: _hangs(of, "cp2", "etcd"), ("cp1", "cp3"), "cp2"),
    Standing(
        "the API server of cp2 hangs", lambda of: _hangs(of, "cp2", "kube-apiserver"), ("cp1", "cp3"), None
    ),
    Standing("HAProxy of the holder hangs", lambda of: _paused(of, of.holder(), "haproxy"), HOSTS, None),
    Standing(
        "keepalived of the holder hangs",
        lambda of: _paused(of, of.holder(), "keepalived"),
        HOSTS,
        None,
        two_holders=None,
    ),
    Standing(
        "VRRP is cut between the hosts",
        lambda of: of.cluster.network.cut_vrrp(HOSTS),
        HOSTS,
        "hold the address of the API at the same time",
        two_holders=None,
        change={"load_balancer": {"keepalived": {"check": {"rise": 3}}}},
        state="k8s_ha services",
        program="keepalived",
    ),
    Standing("cp3 has lost its power", lambda of: _without_power(of, "cp3"), ("cp1", "cp2"), "cp3"),
    Standing("cp1 is cut off", lambda of: of.cluster.network.cut("cp1"), ("cp2", "cp3"), "cp1"),
    Standing("cp2 is not heard", lambda of: of.cluster.network.cut_output("cp2"), ("cp1", "cp3"), "cp2"),
    Standing("etcd is at its quota", _no_space, HOSTS, "NOSPACE", no_lock=("lock cannot be had",)),
)
