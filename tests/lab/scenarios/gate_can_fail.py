"""The same change on all hosts at once with a gate that is broken by hand: the same judgement must turn red."""

from __future__ import annotations

from lab import cluster as clusters
from lab import standing
from lab.broken_gate import break_gate
from lab.commands import LabError
from lab.lab import Lab
from lab.report import Report
from lab.scenarios.change_everywhere import change_all_at_once
from lab.under_load import Outside


def run(lab: Lab) -> None:
    """The scenario: it passes when the judgement of `change-everywhere` finds the fault."""
    cluster = clusters.build(lab.run)
    client = standing.stand_up(cluster, lab.report)
    judged = Report("the broken gate")
    outside = Outside(cluster, client, judged)
    outside.wait_until_whole()
    lab.report.say("the gate lets everything pass, without a lock")
    break_gate(cluster.control_plane.values())
    cluster.wait_for_minions(cluster.nodes)
    try:
        change_all_at_once(outside, "a change of everything with a broken gate")
    except LabError as error:
        judged.complain(str(error))
    together = [figure.value for figure in judged.figures if "down at once" in figure.what]
    lab.report.measure("the broken gate: API servers down at once", together[0] if together else 0.0)
    lab.report.require(judged.complaints, "the lab found nothing wrong with a gate that lets everything pass")
    for complaint in judged.complaints:
        lab.report.say(f"found: {complaint}")
