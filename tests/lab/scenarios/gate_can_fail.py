"""The same change on all hosts at once with a gate that is broken by hand: the same judgement must turn red.

Before it, what the gate costs: a roll with it, and the same change without it, one host after the other by hand.
"""

from __future__ import annotations

import time

from lab import cluster as clusters
from lab import standing
from lab.broken_gate import break_gate
from lab.cluster import failures
from lab.commands import LabError
from lab.lab import Lab
from lab.numbered_change import HOSTS, LONG, numbered, runs
from lab.report import Report
from lab.scenarios.change_everywhere import change_all_at_once
from lab.under_load import Outside

_ROLL_SECONDS = 900.0


def run(lab: Lab) -> None:
    """The scenario: it passes when the judgement of `change-everywhere` finds the fault."""
    cluster = clusters.build(lab.run)
    client = standing.stand_up(cluster, lab.report)
    judged = Report("the broken gate")
    outside = Outside(cluster, client, judged)
    outside.wait_until_whole()
    _roll(outside, lab.report, 1)
    lab.report.say("the gate lets everything pass, without a lock")
    break_gate(cluster.control_plane.values())
    cluster.wait_for_minions(cluster.nodes)
    _by_hand(outside, lab.report, 2)
    try:
        change_all_at_once(outside, "a change of everything with a broken gate")
    except LabError as error:
        judged.complain(str(error))
    together = [figure.value for figure in judged.figures if "down at once" in figure.what]
    lab.report.measure("the broken gate: API servers down at once", together[0] if together else 0.0)
    lab.report.require(judged.complaints, "the lab found nothing wrong with a gate that lets everything pass")
    for complaint in judged.complaints:
        lab.report.say(f"found: {complaint}")


def _roll(outside: Outside, report: Report, number: int) -> None:
    cluster = outside.cluster
    cluster.set_pillar(numbered(number, LONG))
    began = time.monotonic()
    told = cluster.salt_run("k8s_ha.roll", "lab", limit=_ROLL_SECONDS)
    outside.wait_until_whole()
    report.measure("a roll of five hosts with the gate", time.monotonic() - began)
    report.require(told["retcode"] == 0, f"the roll fails: {told}")
    report.require(all(runs(cluster, name, number) for name in HOSTS), "the roll did not change every host")


def _by_hand(outside: Outside, report: Report, number: int) -> None:
    """Whoever does it by hand waits after each host until all nodes and API servers are ready."""
    cluster = outside.cluster
    cluster.set_pillar(numbered(number, LONG))
    began = time.monotonic()
    for name in cluster.nodes:
        for line in failures(cluster.apply(name)):
            report.complain(f"by hand: {line}")
        outside.wait_until_whole()
    report.measure("the same by hand, without a gate", time.monotonic() - began)
    report.require(all(runs(cluster, name, number) for name in HOSTS), "not every host was changed by hand")
