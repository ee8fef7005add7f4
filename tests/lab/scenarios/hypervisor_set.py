"""All machines of a hypervisor as one step: refused where two voters share it, allowed after one has moved, and true.

The gate's word is asked on a host as a reboot manager would ask it, while everything serves and while a member hangs.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from lab import cluster as clusters
from lab import faults
from lab.cluster import Cluster
from lab.commands import wait_for
from lab.lab import Lab
from lab.pillar import API_SECONDS
from lab.report import Report
from lab.under_load import Outside, outside_of

_OFF_SECONDS = 15.0
_APART = {"cp1": "pve1", "cp2": "pve2", "cp3": "pve3", "w1": "pve1", "w2": "pve2"}
_SHARED = {**_APART, "cp2": "pve1"}
# A look is two probes of a second each; the rest is Salt.
_JUDGE_SECONDS = 10.0


def _hypervisors(by_node: Mapping[str, str]) -> dict[str, Any]:
    return {"nodes": {node: {"hypervisor": hypervisor} for node, hypervisor in by_node.items()}}


def run(lab: Lab) -> None:
    """The scenario."""
    report = lab.report
    outside = outside_of(lab, clusters.build(lab.run, pillar_changes=_hypervisors(_SHARED)))
    cluster = outside.cluster
    _expect(cluster, report, "cp3", ("stop", "nodes=cp1,cp2,w1"), "refuse", "leaves etcd 1 of 3 voters")
    _expect(cluster, report, "cp3", ("stop", "nodes=cp1"), "go")
    _expect_of_master(cluster, report, "refuse", ["cp1", "cp2", "w1"])
    report.say("cp2 moves to another hypervisor")
    cluster.set_pillar(_hypervisors(_APART))
    cluster.salt("*", "saltutil.refresh_pillar", "wait=True")
    _expect(cluster, report, "cp3", ("stop", "nodes=cp1,w1"), "go")
    _expect_of_master(cluster, report, "go", ["cp1", "w1"])
    _a_hypervisor_goes(outside)
    _a_member_hangs(outside)
    safe = cluster.salt("w1", "k8s_ha.safe_to", "reboot")["w1"]
    report.require(safe is True, f"w1 asks with its own certificate, and is told {safe}")


def _a_hypervisor_goes(outside: Outside) -> None:
    """What the gate let pass is done: both machines at once, under load."""
    cluster, report = outside.cluster, outside.report
    machines = [cluster.machines[name] for name in ("cp1", "w1")]

    def off() -> None:
        for machine in machines:
            machine.power_loss()

    def back() -> None:
        _expect(cluster, report, "cp3", ("reboot", "nodes=cp2"), "wait", "cp1 gives no answer")
        _expect(cluster, report, "cp3", ("restart", "nodes=cp1", "programs=etcd"), "go")
        for machine in machines:
            machine.power_on()

    outside.meet(
        "cp1 and w1 lose their power together", off, seconds=_OFF_SECONDS, heal=back, gap=API_SECONDS
    )
    _wait_until(cluster, report, "cp3", ("reboot", "nodes=cp2"), "go")


def _a_member_hangs(outside: Outside) -> None:
    cluster, report = outside.cluster, outside.report
    report.say("etcd of cp2 hangs")
    with faults.pause(cluster.machines["cp2"], "etcd"):
        _wait_until(cluster, report, "cp3", ("restart", "nodes=cp1", "programs=etcd"), "wait")
        _expect(cluster, report, "cp3", ("restart", "nodes=cp1", "programs=etcd"), "wait", "cp2 ")
        _expect(cluster, report, "cp2", ("restart", "programs=etcd"), "go")
    outside.wait_until_whole()


def _ask(cluster: Cluster, node: str, question: tuple[str, ...]) -> dict[str, Any]:
    said: dict[str, Any] = cluster.salt(node, "k8s_ha.judge", *question)[node]
    return said


def _expect(
    cluster: Cluster, report: Report, node: str, question: tuple[str, ...], verdict: str, words: str = ""
) -> None:
    """Ask on a host, print its sentence, and compare it."""
    what = f"{node}: {' '.join(question)}"
    began = time.monotonic()
    said = _ask(cluster, node, question)
    report.measure(f"{what}: judged, with Salt", time.monotonic() - began, limit=_JUDGE_SECONDS)
    report.say(f"{what}: {said['verdict']}{': ' if said['reason'] else ''}{said['reason'] or ''}")
    fits = said["verdict"] == verdict and words in (said["reason"] or "")
    report.require(fits, f"{what}: {said['verdict']} ({said['reason']}), expected {verdict} with `{words}`")


def _expect_of_master(cluster: Cluster, report: Report, verdict: str, nodes: list[str]) -> None:
    """Ask of the hypervisor by its name: the master knows whose machines are on it, and asks a host."""
    said = cluster.salt_run("k8s_ha.judge", cluster.pillar["cluster"]["name"], "stop", "hypervisors=pve1")
    report.say(f"the master, of pve1: {said.get('verdict')}: {said.get('reason') or said.get('error') or ''}")
    fits = said.get("verdict") == verdict and said.get("nodes") == nodes
    report.require(fits, f"the master, of pve1: {said}, expected {verdict} of {nodes}")


def _wait_until(cluster: Cluster, report: Report, node: str, question: tuple[str, ...], verdict: str) -> None:
    """The others elect a leader, or a host catches up, before the word is what it stays."""
    began = time.monotonic()
    wait_for(
        lambda: _ask(cluster, node, question)["verdict"] == verdict,
        60,
        f"{node} says {verdict} to {' '.join(question)}",
    )
    report.measure(f"{node}: {' '.join(question)}: {verdict} after", time.monotonic() - began)
