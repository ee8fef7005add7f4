"""Faults in force while a change comes, and what the gate has to say to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from lab import faults
from lab.commands import wait_for
from lab.machine import Machine
from lab.numbered_change import HOSTS
from lab.under_load import Outside

API_SECONDS = 10.0
"""What the pillar asks for (`targets.api_failover`)."""

# Its log and its database have some space set aside.
_ENDS_SECONDS = 90.0

# A keepalived that hangs leaves the address where it is, and another host takes it too.
_WHILE_IT_HANGS = None


@dataclass(frozen=True)
class Standing:
    """A fault: to whom the change comes, and the word in the gate's sentence; None where nothing is in its way."""

    what: str
    make: Callable[[Outside], AbstractContextManager[object]]
    hosts: tuple[str, ...]
    words: str | None
    gap: float = API_SECONDS
    two_holders: float | None = 2.0


def _paused(host: str, program: str) -> Callable[[Outside], AbstractContextManager[object]]:
    return lambda outside: faults.pause(outside.cluster.machines[host], program)


def _paused_on_holder(program: str) -> Callable[[Outside], AbstractContextManager[object]]:
    return lambda outside: faults.pause(outside.cluster.machines[outside.holder()], program)


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
def _full_disk(machine: Machine) -> Iterator[None]:
    """A member that can write nothing ends, and is started again and again by its kubelet."""
    before = machine.pids("etcd")
    with faults.fill_disk(machine, "/var/lib/etcd"):
        wait_for(lambda: machine.pids("etcd") != before, _ENDS_SECONDS, f"etcd of {machine.name} ends")
        yield


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
    Standing("a member was added and left", _stranger, HOSTS, "has no vote yet"),
    Standing("etcd of cp2 hangs", _paused("cp2", "etcd"), ("cp1", "cp3"), "cp2"),
    Standing("the API server of cp2 hangs", _paused("cp2", "kube-apiserver"), ("cp1", "cp3"), None),
    Standing("HAProxy of the holder hangs", _paused_on_holder("haproxy"), HOSTS, None),
    Standing(
        "keepalived of the holder hangs",
        _paused_on_holder("keepalived"),
        HOSTS,
        None,
        two_holders=_WHILE_IT_HANGS,
    ),
    Standing(
        "the disk of etcd on cp3 is full",
        lambda of: _full_disk(of.cluster.machines["cp3"]),
        ("cp1", "cp2"),
        "cp3",
    ),
    Standing("cp3 has lost its power", lambda of: _without_power(of, "cp3"), ("cp1", "cp2"), "cp3"),
    Standing("cp1 is cut off", lambda of: of.cluster.network.cut("cp1"), ("cp2", "cp3"), "cp1"),
    Standing("cp2 is not heard", lambda of: of.cluster.network.cut_output("cp2"), ("cp1", "cp3"), "cp2"),
)
