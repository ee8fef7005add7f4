"""Every host boots in turn by one command, after a verified snapshot, under load; the master dies in the middle."""

from __future__ import annotations

import time

from lab import cluster as clusters
from lab import standing
from lab.cluster import Cluster
from lab.commands import LabError, wait_for
from lab.firmware import Firmware
from lab.lab import Lab
from lab.machine import Machine
from lab.pillar import API_SECONDS
from lab.scenarios.change_everywhere import watched
from lab.under_load import Outside, outside_of

_ROLL_SECONDS = 1500.0
_ROLL = ("k8s_ha.roll", "lab", "action=reboot")
_BOOT_ID = "/proc/sys/kernel/random/boot_id"


def run(lab: Lab) -> None:
    """The scenario."""
    outside = outside_of(lab, clusters.build(lab.run))
    cluster, report = outside.cluster, outside.report
    leader = outside.etcd_leader()
    before = {name: boot_id(machine) for name, machine in cluster.nodes.items()}

    def roll() -> None:
        began = time.monotonic()
        _master_dies_in_the_middle(cluster, before)
        told = cluster.salt_run(*_ROLL, limit=_ROLL_SECONDS)
        report.measure("roll action=reboot of five hosts, with the master's death", time.monotonic() - began)
        for node, comment in told.get("nodes", {}).items():
            report.say(f"{node}: {comment}")
        report.require(told["retcode"] == 0, f"the roll fails: {told}")
        report.require(bool(told.get("snapshot")), f"no snapshot was taken before: {told}")
        order = list(told.get("nodes", {}))
        report.require(
            order[2:3] == [leader], f"the leader {leader} was not the last of the control plane: {order}"
        )

    with Firmware(cluster.nodes.values()) as firmware:
        watched(outside, "every host boots in turn", roll, gap=API_SECONDS)
    report.say(f"booted: {', '.join(firmware.boots)}")
    after = {name: boot_id(machine) for name, machine in cluster.nodes.items()}
    stayed = [name for name, old in before.items() if after[name] == old]
    report.require(not stayed, f"{', '.join(stayed)} did not boot")
    _is_given_back(outside)
    standing.nothing_left_to_do(cluster, report)


def boot_id(machine: Machine) -> str:
    """Another one after each boot."""
    return machine.read_file(_BOOT_ID).decode().strip()


def _master_dies_in_the_middle(cluster: Cluster, before: dict[str, str]) -> None:
    """The roll's process and the master are killed when the first host has booted; the master is started again."""
    rolling = cluster.master.start(["salt-run", *_ROLL, "--out=quiet"])

    def one_has_booted() -> bool:
        try:
            return any(boot_id(machine) != before[name] for name, machine in cluster.nodes.items())
        except LabError:
            return False

    wait_for(one_has_booted, 300, "the first host has booted")
    rolling.kill()
    cluster.master.run(["pkill", "-9", "-f", "salt-run"])
    cluster.master.kill_unit("salt-master")
    cluster.master.must(["systemctl", "restart", "salt-master"], timeout=60)
    cluster.wait_for_minions(cluster.nodes, 120)


def _is_given_back(outside: Outside) -> None:
    """Every node takes pods again, and nothing stands on record."""
    cluster, report = outside.cluster, outside.report
    for node in outside.kubectl.get("nodes")["items"]:
        name = node["metadata"]["name"]
        report.require(not node["spec"].get("unschedulable"), f"{name} is still cordoned")
    record = cluster.salt("cp1", "k8s_ha.on_record")["cp1"]
    report.require(record["steps"] == [], f"steps stand on record: {record}")
