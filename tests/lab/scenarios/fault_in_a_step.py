"""A fault while a change is under way: processes are killed, the changed host or the master dies, two operators come.

The hosts are changed one after the other all the same; what a fault has kept from it is done by the next apply.
"""

from __future__ import annotations

from typing import Any

from lab import cluster as clusters
from lab import faults, standing
from lab.cluster import failures
from lab.commands import wait_for
from lab.lab import Lab
from lab.numbered_change import (
    HOSTS,
    LONG,
    applying,
    beside,
    converges,
    deferred,
    first_begun,
    idle,
    is_changed,
    numbered,
    runs,
)
from lab.pillar import API_SECONDS
from lab.under_load import Outside, outside_of

# A host that is being changed and another one that is lost are two of three: nothing serves until one is back.
TWO_AWAY_SECONDS = 90.0

_KILLED = ("haproxy", "keepalived", "kube-apiserver", "etcd")
_ROLL_SECONDS = 600.0


def run(lab: Lab) -> None:
    """The scenario."""
    outside = outside_of(lab, clusters.build(lab.run))
    for number, program in enumerate(_KILLED, start=1):
        _killed(outside, number, program)
    _two_operators(outside, 10)
    _dies_in_its_step(outside, 20)
    _master_dies(outside, 30)
    standing.nothing_left_to_do(outside.cluster, outside.report)


def _killed(outside: Outside, number: int, program: str) -> None:
    """A process of another host is killed while the first one is changed; the same apply ends with all changed."""
    cluster, report = outside.cluster, outside.report
    what = f"{program} of another host is killed in the middle"
    cluster.set_pillar(numbered(number, LONG))
    results: dict[str, Any] = {}

    def fault() -> None:
        change = beside(lambda: results.update(cluster.apply(",".join(HOSTS))))
        begun = first_begun(cluster)
        other = next(name for name in HOSTS if name != begun)
        faults.kill(cluster.machines[other], program)
        report.say(f"{what}: while {begun} was changed, on {other}")
        change.join(_ROLL_SECONDS)

    outside.meet(what, fault, seconds=2, gap=TWO_AWAY_SECONDS)
    for line in failures(results):
        report.complain(f"{what}: {line}")
    is_changed(outside, what, number)


def _two_operators(outside: Outside, number: int) -> None:
    """Two rolls and an apply at once: one roll is refused and says who rolls; all else takes turns."""
    cluster, report = outside.cluster, outside.report
    what = "two operators at once"
    cluster.set_pillar(numbered(number, LONG))
    cluster.salt("*", "saltutil.refresh_pillar", "wait=True")
    told: list[dict[str, Any]] = []

    def roll() -> None:
        told.append(cluster.salt_run("k8s_ha.roll", "lab", limit=_ROLL_SECONDS))

    def both() -> None:
        first = beside(roll)
        first_begun(cluster)
        second = beside(roll)
        for line in failures(cluster.apply("cp3", "queue=True")):
            report.complain(f"{what}: {line}")
        for one in (second, first):
            one.join(_ROLL_SECONDS)

    outside.meet(what, both, seconds=2, gap=API_SECONDS)
    refused = [one["error"] for one in told if "another roll of this cluster runs" in one.get("error", "")]
    report.say(f"{what}: {refused}")
    report.require(len(refused) == 1, f"{what}: one of two rolls should have been refused: {told}")
    report.require(
        [one["retcode"] for one in told].count(0) == 1, f"{what}: one roll should have ended well: {told}"
    )
    is_changed(outside, what, number)


def _dies_in_its_step(outside: Outside, number: int) -> None:
    """The host that is being changed loses its power: no other one is changed, and the next apply mends all."""
    cluster, report = outside.cluster, outside.report
    what = "the host that is changed loses its power"
    cluster.set_pillar(numbered(number))
    dead: list[str] = []

    def fault() -> None:
        change = applying(cluster)
        dead.append(first_begun(cluster))
        cluster.machines[dead[0]].power_loss()
        others = [name for name in HOSTS if name != dead[0]]
        wait_for(lambda: not change.is_alive() or deferred(cluster, others), 400, "the others are done")
        changed = [name for name in others if runs(cluster, name, number)]
        report.require(not changed, f"{what}: {', '.join(changed)} were changed while {dead[0]} was away")

    def heal() -> None:
        cluster.machines[dead[0]].power_on()
        cluster.wait_for_minions([dead[0]])

    outside.meet(what, fault, seconds=0, heal=heal, gap=API_SECONDS)
    wait_for(lambda: idle(cluster), 300, "no host applies any more")
    converges(outside, f"{what}: the next apply", number, TWO_AWAY_SECONDS)


def _master_dies(outside: Outside, number: int) -> None:
    """The master is killed while hosts wait for their turn: they go on by themselves; the next apply finds all done."""
    cluster = outside.cluster
    cluster.set_pillar(numbered(number, LONG))

    def fault() -> None:
        applying(cluster)
        first_begun(cluster)
        cluster.master.kill_unit("salt-master")
        cluster.master.must(["systemctl", "restart", "salt-master"], timeout=60)
        cluster.wait_for_minions(cluster.nodes, 120)

    outside.meet("the master dies while hosts are changed", fault, seconds=2, gap=API_SECONDS)
    wait_for(lambda: idle(cluster), 300, "no host applies any more")
    is_changed(outside, "the master has died", number)
    converges(outside, "the master has died: the next apply", number, API_SECONDS)
