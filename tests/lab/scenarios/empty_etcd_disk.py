"""A member of etcd comes back without its data: it stays out, nothing is lost, and one command repairs it."""

from __future__ import annotations

import re
import time

from lab import pillar as pillars
from lab import standing
from lab.commands import LabError, wait_for
from lab.faults import kill, wipe_directory
from lab.lab import Lab
from lab.machine import Machine
from lab.pillar import API_SECONDS
from lab.report import Report
from lab.sentences import expect
from lab.under_load import Outside, outside_of_a_cluster

ETCD_DATA = "/var/lib/etcd"
GUARD = "/usr/libexec/k8s-ha/etcd-guard"
MANIFEST = "/etc/kubernetes/manifests/etcd.yaml"
REPAIR_SECONDS = 30.0
COMMAND_SECONDS = 90.0
_STANDS_SECONDS = 20.0
_BOOT_SECONDS = 120.0


def run(lab: Lab) -> None:
    """The scenario."""
    outside = outside_of_a_cluster(lab)
    cluster = outside.cluster
    initialised = cluster.salt_run("k8s_ha.ledger_of", pillars.CLUSTER)["initialisation"]["node"]
    first = cluster.machines[initialised]
    _cold_start(outside, first, lab.report)
    _others_back(outside, first)
    _repair(outside, first)
    outside.wait_until_whole()
    follower = next(name for name in cluster.control_plane if name not in (initialised, outside.holder()))
    _loses_its_disk(outside, cluster.machines[follower], "a follower")
    _is_emptied_while_it_runs(outside, outside.etcd_leader(), "the leader")
    # It was repaired, so its member has another id than at first.
    _lead(outside, initialised)
    _is_emptied_while_it_runs(outside, initialised, "the leader, with an id that has changed")
    standing.nothing_left_to_do(cluster, lab.report)
    _can_fail(outside, first)


def _cold_start(outside: Outside, first: Machine, report: Report) -> None:
    """All hosts are off; the one that initialised the cluster boots first, without etcd's disk."""
    report.say(
        f"all hosts off; {first.name}, which initialised the cluster, boots first and without etcd's disk"
    )
    for machine in outside.cluster.nodes.values():
        if machine.is_running:
            machine.power_loss()
    first.disk.empty(ETCD_DATA)
    began = time.monotonic()
    first.power_on()
    first.wait_booted(60)
    wait_for(lambda: _refusal(first) or _serves(outside, first), _BOOT_SECONDS, "it refuses, or serves")
    expect(
        report, "its kubelet", [_refusal(first)], f"{first.name} is a member of etcd", "k8s_ha.etcd_rejoin"
    )
    report.measure("refused after its power was switched on", time.monotonic() - began)
    report.require(not _serves(outside, first), f"an empty API server of {first.name} serves")


def _others_back(outside: Outside, first: Machine) -> None:
    """The others get their power back: they serve what they had, and the emptied one stays out."""
    cluster = outside.cluster
    for machine in cluster.nodes.values():
        if machine is not first:
            machine.power_on()
    others = set(cluster.nodes) - {first.name}
    wait_for(lambda: others <= outside.kubectl.ready_nodes(), _BOOT_SECONDS, "the others serve what they had")
    outside.report.require(not _serves(outside, first), f"{first.name} serves beside the others")
    cluster.wait_for_minions(cluster.nodes)


def _loses_its_disk(outside: Outside, machine: Machine, what: str) -> None:
    """Power loss, and etcd's disk is gone when it boots; under writes."""

    def fault() -> None:
        machine.power_loss()
        machine.disk.empty(ETCD_DATA)
        machine.power_on()

    _under_writes(outside, machine, f"{what} boots without its disk", fault)


def _is_emptied_while_it_runs(outside: Outside, name: str, what: str) -> None:
    """All of etcd's data is removed under it, and it is killed; under writes."""
    machine = outside.cluster.machines[name]

    def fault() -> None:
        wipe_directory(machine, ETCD_DATA)
        kill(machine, "etcd")

    _under_writes(outside, machine, f"{what} is emptied and killed", fault)


def _under_writes(outside: Outside, machine: Machine, what: str, fault: object) -> None:
    outside.meet(
        what,
        fault,  # type: ignore[arg-type]
        seconds=_STANDS_SECONDS,
        heal=lambda: _judge_and_repair(outside, machine),
        gap=API_SECONDS,
    )


def _judge_and_repair(outside: Outside, machine: Machine) -> None:
    outside.report.require(not _serves(outside, machine), f"the emptied {machine.name} serves")
    machine.wait_booted(60)
    outside.cluster.wait_for_minions([machine.name])
    _repair(outside, machine)


def _repair(outside: Outside, machine: Machine) -> None:
    """The one command; then its member is a voter like the others."""
    began = time.monotonic()
    told = outside.cluster.salt(machine.name, "k8s_ha.etcd_rejoin", timeout=200, limit=300)
    said = str(told.get(machine.name))
    expect(outside.report, "the repair", [said], "has all data, and a vote")
    name = machine.name
    voter = re.search(r"a vote, after (\d+) s", said)
    outside.report.measure(
        f"{name}: until its member votes", float(voter[1]) if voter else COMMAND_SECONDS, limit=REPAIR_SECONDS
    )
    # Then its API server is waited for, and its member is protected, which restarts it.
    outside.report.measure(f"{name}: the whole command", time.monotonic() - began, limit=COMMAND_SECONDS)
    voters = outside.etcd_voters()
    outside.report.require(
        voters == set(outside.cluster.control_plane), f"voters of etcd after the repair: {sorted(voters)}"
    )


def _lead(outside: Outside, name: str) -> None:
    outside.wait_until_whole()
    if (leader := outside.etcd_leader()) != name:
        outside.move_etcd_leader(leader, name)
    wait_for(lambda: outside.etcd_leader() == name, 30, f"{name} leads etcd")


def _can_fail(outside: Outside, first: Machine) -> None:
    """With its protection switched off, the same cold start serves an empty cluster, and is judged red."""
    outside.report.say(
        "the protection is switched off: no guard, and the manifest as kubeadm's upgrade leaves it"
    )
    first.must(["sh", "-c", f"printf '#!/bin/sh\\n' > {GUARD}"])
    first.must(["sed", "-i", "/--initial-cluster-state=/d", MANIFEST])
    judged = Report("without protection")
    _cold_start(outside, first, judged)
    outside.report.require(
        any("empty API server" in complaint for complaint in judged.complaints),
        "the lab found nothing wrong with an unprotected member",
    )


def _refusal(machine: Machine) -> str:
    """What the kubelet's unit says since the machine's boot; empty when nothing of the guard."""
    said = machine.run(["journalctl", "-b", "-t", "etcd-guard", "-o", "cat", "-n", "3"]).stdout
    return " ".join(said.split()) if "is a member of etcd" in said else ""


def _serves(outside: Outside, machine: Machine) -> bool:
    """Whether the API server of this host says that it is ready."""
    server = f"--server=https://{pillars.CONTROL_PLANE[machine.name]}:6443"
    try:
        outside.kubectl(server, "get", "--raw", "/readyz", timeout=2)
    except LabError:
        return False
    return True
