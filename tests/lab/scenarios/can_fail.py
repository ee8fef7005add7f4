"""A balancer that is broken by hand turns the lab red: what is checked elsewhere can fail.

The address is kept by `nopreempt` although the check lowers the priority: the classic fault that no program reports.
"""

from __future__ import annotations

import signal

from lab import cluster as clusters
from lab import standing
from lab.lab import Lab
from lab.report import Report
from lab.under_load import Outside

KEEPALIVED = "/etc/keepalived/keepalived.conf"
_HANGS_SECONDS = 15.0
LIMIT_SECONDS = 3.0


def run(lab: Lab) -> None:
    """The scenario: it passes when the same judgement as elsewhere finds the fault."""
    cluster = clusters.build(lab.run)
    client = standing.stand_up(cluster, lab.report)
    judged = Report("the broken cluster")
    outside = Outside(cluster, client, judged)
    outside.wait_until_whole()
    lab.report.say("keepalived gets a weight beside `nopreempt`, and nothing kills what hangs")
    for machine in cluster.control_plane.values():
        machine.must(["systemctl", "stop", "k8s-ha-watchdog"])
        machine.must(["sed", "-i", "s/^    rise .*/&\\n    weight -50/", KEEPALIVED])
        machine.must(["systemctl", "reload", "keepalived"])
    holder = cluster.machines[outside.holder()]
    outside.meet(
        "SIGSTOP of haproxy on the holder, broken configuration",
        lambda: holder.kill_process("haproxy", signal.SIGSTOP),
        seconds=_HANGS_SECONDS,
        heal=lambda: holder.kill_process("haproxy", signal.SIGCONT),
        gap=LIMIT_SECONDS,
    )
    gap = max(figure.value for figure in judged.figures if "gap of reads" in figure.what)
    lab.report.measure("the broken configuration: longest gap of reads", gap)
    lab.report.require(judged.complaints, "the lab found nothing wrong with a broken configuration")
