"""A change for every host while something is broken: the gate defers it, says why, and it is done once all is mended.

Then faults in the middle of a step: the host that is being changed loses its power, and the master dies.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

from lab import cluster as clusters
from lab import faults, standing
from lab.cluster import Cluster, Results, failures
from lab.commands import LabError, wait_for
from lab.lab import Lab
from lab.report import Report
from lab.under_load import Outside, outside_of

API_SECONDS = 10.0
"""What the pillar asks for (`targets.api_failover`)."""

# A host that is being changed and another one that is lost are two of three: nothing serves until one is back.
TWO_AWAY_SECONDS = 90.0

_WAIT = {"gate": {"wait": "15s"}}
_STEP = "/var/lib/k8s-ha/step.json"
_STATE = "k8s_ha control plane"
_ALL = ("cp1", "cp2", "cp3")


@dataclass(frozen=True)
class Standing:
    """A fault in force while a change comes: to whom it comes, and the word in the sentence of the gate."""

    what: str
    make: Callable[[Outside], AbstractContextManager[object]]
    hosts: tuple[str, ...]
    words: str
    gap: float = API_SECONDS


FAULTS = (
    Standing(
        "etcd of cp2 hangs",
        lambda of: faults.pause(of.cluster.machines["cp2"], "etcd"),
        ("cp1", "cp3"),
        "cp2",
    ),
    Standing("cp3 has lost its power", lambda of: _without_power(of, "cp3"), ("cp1", "cp2"), "cp3"),
    Standing("cp1 is cut off", lambda of: of.cluster.network.cut("cp1"), ("cp2", "cp3"), "cp1"),
    Standing("cp2 is not heard", lambda of: of.cluster.network.cut_output("cp2"), ("cp1", "cp3"), "cp2"),
    Standing("a member was added and left", lambda of: _stranger(of), _ALL, "has no vote yet"),
)


def run(lab: Lab) -> None:
    """The scenario."""
    outside = outside_of(lab, clusters.build(lab.run))
    for fault in FAULTS:
        _defers(outside, fault)
    outside.cluster.set_pillar(_change(1))
    _converges(outside, "all is mended: what was deferred is done", API_SECONDS)
    _dies_in_its_step(outside)
    _master_dies(outside)
    standing.nothing_left_to_do(outside.cluster, outside.report)


def _change(number: int) -> dict[str, Any]:
    """Etcd and the API server of each host start anew by it."""
    return {**_WAIT, "etcd": {"snapshot_count": 20000 + number}}


def _defers(outside: Outside, fault: Standing) -> None:
    """While it lasts nobody who could do without is changed, and each host says why."""
    cluster, report = outside.cluster, outside.report
    outside.wait_until_whole()
    # A minion that was cut off comes back to its master after a while.
    cluster.wait_for_minions(cluster.nodes)
    cluster.set_pillar(_change(1))
    made: list[AbstractContextManager[object]] = []

    def apply() -> None:
        one = fault.make(outside)
        one.__enter__()
        made.append(one)
        before = {name: cluster.machines[name].pids("etcd") for name in fault.hosts}
        results = cluster.apply(",".join(fault.hosts))
        told = [str(results.get(name, {}).get(_STATE, {}).get("comment")) for name in fault.hosts]
        named = any(fault.words in each for each in told)
        report.require(named, f"{fault.what}: no host names `{fault.words}`: {told}")
        for name in fault.hosts:
            _expect_deferred(report, fault, name, results)
            same = cluster.machines[name].pids("etcd") == before[name]
            report.require(same, f"{fault.what}: etcd of {name} was restarted all the same")

    def heal() -> None:
        made[0].__exit__(None, None, None)

    outside.meet(f"{fault.what}, and a change comes", apply, seconds=0, heal=heal, gap=fault.gap)


def _expect_deferred(report: Report, fault: Standing, name: str, results: Results) -> None:
    said = results.get(name, {}).get(_STATE, {"result": None, "comment": "no answer"})
    report.say(f"{fault.what}: {name}: {said['comment'][:300]}")
    comment = said["comment"]
    # Who has the lock asks the gate; the others have no other word than his.
    why = fault.words in comment or "has the lock" in comment
    fits = said["result"] is False and "nothing was changed" in comment and why
    report.require(fits, f"{fault.what}: {name} does not defer for `{fault.words}`: {said['comment'][:300]}")


@contextmanager
def _without_power(outside: Outside, name: str) -> Iterator[None]:
    machine = outside.cluster.machines[name]
    machine.power_loss()
    try:
        yield
    finally:
        machine.power_on()
        outside.cluster.wait_for_minions([name])


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


def _converges(outside: Outside, what: str, gap: float) -> None:
    """An apply to all hosts at once; then each runs with what the pillar says."""
    cluster, report = outside.cluster, outside.report
    outside.wait_until_whole()

    def apply() -> None:
        began = time.monotonic()
        for line in failures(cluster.apply("*")):
            report.complain(f"{what}: {line}")
        report.measure(f"{what}: state.apply on all hosts", time.monotonic() - began)

    # Three hosts are changed one after the other, and none of them waits for longer than that.
    number = cluster.pillar["etcd"]["snapshot_count"] - 20000
    cluster.set_pillar({**_change(number), "gate": {"wait": "10m"}})
    outside.meet(what, apply, seconds=2, gap=gap)
    wanted = f"--snapshot-count={cluster.pillar['etcd']['snapshot_count']}"
    for name, machine in cluster.control_plane.items():
        report.require(
            wanted in machine.run(["pgrep", "-a", "-x", "etcd"]).stdout, f"{what}: {name} has no {wanted}"
        )


def _dies_in_its_step(outside: Outside) -> None:
    """The host that is being changed loses its power: no other one is changed, and the next apply mends all."""
    cluster, report = outside.cluster, outside.report
    what = "the host that is changed loses its power"
    cluster.set_pillar(_change(2))
    dead: list[str] = []

    def fault() -> None:
        applying = _applying(cluster)
        dead.append(_begun(cluster))
        cluster.machines[dead[0]].power_loss()
        others = [name for name in _ALL if name != dead[0]]
        wait_for(lambda: not applying.is_alive() or _deferred(cluster, others), 400, "the others are done")
        changed = [name for name in others if _runs(cluster, name, 2)]
        report.require(not changed, f"{what}: {', '.join(changed)} were changed while {dead[0]} was away")

    def heal() -> None:
        cluster.machines[dead[0]].power_on()
        cluster.wait_for_minions([dead[0]])

    outside.meet(what, fault, seconds=0, heal=heal, gap=API_SECONDS)
    _converges(outside, f"{what}: the next apply", TWO_AWAY_SECONDS)


def _master_dies(outside: Outside) -> None:
    """The master is killed while hosts wait for their turn: they go on by themselves; the next apply finds all done."""
    cluster = outside.cluster
    cluster.set_pillar(_change(3))

    def fault() -> None:
        _applying(cluster)
        _begun(cluster)
        cluster.master.kill_unit("salt-master")
        cluster.master.must(["systemctl", "restart", "salt-master"], timeout=60)
        cluster.wait_for_minions(cluster.nodes, 120)

    outside.meet("the master dies while hosts are changed", fault, seconds=2, gap=API_SECONDS)
    wait_for(lambda: _idle(cluster), 300, "no host applies any more")
    _converges(outside, "the master has died: the next apply", API_SECONDS)


def _applying(cluster: Cluster) -> threading.Thread:
    def apply() -> None:
        # A host that dies gives no answer, and a master that dies none at all.
        try:
            cluster.apply(",".join(_ALL), limit=420)
        except (LabError, ValueError):
            return

    thread = threading.Thread(target=apply, daemon=True)
    thread.start()
    return thread


def _begun(cluster: Cluster) -> str:
    """The first host that has begun its step."""
    found: list[str] = []

    def look() -> bool:
        found.extend(name for name in _ALL if cluster.machines[name].run(["test", "-e", _STEP]).ok)
        return bool(found)

    wait_for(look, 180, "a host has begun")
    return found[0]


def _deferred(cluster: Cluster, names: list[str]) -> bool:
    return all(
        cluster.machines[name].run(["test", "-e", "/var/lib/k8s-ha/deferred.json"]).ok for name in names
    )


def _runs(cluster: Cluster, name: str, number: int) -> bool:
    return (
        f"--snapshot-count={20000 + number}"
        in cluster.machines[name].run(["pgrep", "-a", "-x", "etcd"]).stdout
    )


def _idle(cluster: Cluster) -> bool:
    answers = cluster.salt(",".join(_ALL), "saltutil.is_running", "state.apply")
    return set(answers) == set(_ALL) and not any(answers.values())
