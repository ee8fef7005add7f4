"""A change for every host while something is broken: the gate defers it and says why, or finds nothing in its way.

What was deferred is done once all is mended.
"""

from __future__ import annotations

import json
from contextlib import AbstractContextManager

from lab import cluster as clusters
from lab import standing
from lab.cluster import Results, failures
from lab.lab import Lab
from lab.numbered_change import LONG, SHORT, converges, numbered, runs
from lab.pillar import API_SECONDS, laid_over
from lab.report import Report
from lab.standing_faults import FAULTS, Standing
from lab.under_load import Outside, outside_of

_SEEN, _SKEWED, _PILLAR = (f"/run/k8s-ha/{name}" for name in ("seen.json", "skewed.json", "pillar.sls"))
# Where the wheel is installed.
_PROGRAM = "/opt/salt/bin/k8s-ha"
_SKEW_SECONDS = 42.0


def run(lab: Lab) -> None:
    """The scenario."""
    outside = outside_of(lab, clusters.build(lab.run, pillar_changes=numbered(0, LONG)))
    _a_clock_is_off(outside)
    for number, fault in enumerate(FAULTS, start=1):
        _meets(outside, number, fault)
    converges(outside, "all is mended: what was deferred is done", len(FAULTS), API_SECONDS)
    standing.nothing_left_to_do(outside.cluster, outside.report)


def _meets(outside: Outside, number: int, fault: Standing) -> None:
    """While it lasts nobody who could do without is changed, and each host says why."""
    cluster, report = outside.cluster, outside.report
    outside.wait_until_whole()
    # A minion that was cut off comes back to its master after a while.
    cluster.wait_for_minions(cluster.nodes)
    cluster.set_pillar(laid_over(numbered(number, SHORT if fault.words else LONG), fault.change))
    made: list[AbstractContextManager[object]] = []

    def apply() -> None:
        one = fault.make(outside)
        one.__enter__()
        made.append(one)
        before = {name: cluster.machines[name].pids(fault.program) for name in fault.hosts}
        results = cluster.apply(",".join(fault.hosts))
        if fault.words is None:
            _expect_done(outside, fault, number, results)
            return
        told = [_comment(fault, results, name) for name in fault.hosts]
        report.require(
            any(fault.words in each for each in told), f"{fault.what}: no host names `{fault.words}`: {told}"
        )
        for name in fault.hosts:
            _expect_deferred(report, fault, name, results)
            same = cluster.machines[name].pids(fault.program) == before[name]
            report.require(same, f"{fault.what}: {fault.program} of {name} was restarted all the same")

    outside.meet(
        f"{fault.what}, and a change comes",
        apply,
        seconds=0,
        heal=lambda: made[0].__exit__(None, None, None),
        gap=fault.gap,
        two_holders=fault.two_holders,
    )
    if fault.change:
        _taken_back(outside, number, fault)


def _taken_back(outside: Outside, number: int, fault: Standing) -> None:
    """What the pillar said besides for this fault: no host has it to do beside the next one."""
    cluster = outside.cluster
    cluster.set_pillar(numbered(number, LONG))
    for line in failures(cluster.apply(",".join(fault.hosts))):
        outside.report.complain(f"after {fault.what}: {line}")


def _comment(fault: Standing, results: Results, name: str) -> str:
    """What the state says on a host, the first one that has failed there, where it was not run."""
    state = results.get(name, {}).get(fault.state)
    if state is None:
        return "no answer"
    if "requisite" in state["comment"]:
        return failures({name: results[name]})[0]
    return str(state["comment"])


def _expect_done(outside: Outside, fault: Standing, number: int, results: Results) -> None:
    for line in failures(results):
        outside.report.complain(f"{fault.what}: {line}")
    for name in fault.hosts:
        outside.report.require(runs(outside.cluster, name, number), f"{fault.what}: {name} was not changed")


def _expect_deferred(report: Report, fault: Standing, name: str, results: Results) -> None:
    comment = _comment(fault, results, name)
    report.say(f"{fault.what}: {name}: {comment[:300]}")
    # Who has the lock asks the gate; the others have no other word than his.
    why = any(words in comment for words in (str(fault.words), "has the lock", *fault.no_lock))
    fits = "nothing was changed" in comment and why
    report.require(fits, f"{fault.what}: {name} does not defer for `{fault.words}`: {comment[:300]}")


def _a_clock_is_off(outside: Outside) -> None:
    """The hosts share one clock: what a host has seen is judged again, with another clock in it."""
    cluster, report = outside.cluster, outside.report
    cp1 = cluster.machines["cp1"]
    cp1.write_file(_PILLAR, json.dumps({"k8s_ha": cluster.pillar}))
    asked = [_PROGRAM, "gate", _PILLAR, "--node", "cp1", "--step", "restart"]
    for line in cp1.must([*asked, "--observer", "cp1", "--save", _SEEN]).splitlines():
        report.say(line)
    seen = json.loads(cp1.read_file(_SEEN))
    report.require(seen["address_holders"] == outside.holders(), f"who holds the address: {seen}")
    clocks = [
        node["clock_offset_seconds"] for node in seen["nodes"] if node["clock_offset_seconds"] is not None
    ]
    report.measure("clocks that the gate has read", len(clocks), unit="")
    report.measure("the furthest of them is off by", max(map(abs, clocks), default=0.0), limit=5.0)
    next(node for node in seen["nodes"] if node["name"] == "cp2")["clock_offset_seconds"] = _SKEW_SECONDS
    cp1.write_file(_SKEWED, json.dumps(seen))
    said = json.loads(cp1.run([*asked, "--observation", _SKEWED, "--format", "json"]).stdout)
    report.say(f"the clock of cp2 is reported off: {said['reason']}")
    fits = said["verdict"] == "wait" and "cp2 has a clock that is off" in (said["reason"] or "")
    report.require(fits, f"a clock that is off by {_SKEW_SECONDS:.0f} s: {said}")
