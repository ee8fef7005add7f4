"""One control-plane node and one worker from nothing; two more control-plane nodes join under load, and one is lost."""

from __future__ import annotations

import yaml

from lab import cluster as clusters
from lab import standing
from lab.cluster import Cluster, failures
from lab.commands import wait_for
from lab.lab import Lab
from lab.machine import Machine
from lab.pillar import API_SECONDS
from lab.report import Report
from lab.under_load import Outside, outside_of

JOINED = ("cp2", "cp3")
_ONE_WORKER = {"code": "PLACE-005", "because": "a second worker is ordered"}
_SMALL = {
    "targets": {"survive": {"node": 0}},
    "nodes": {**dict.fromkeys(JOINED), "w2": None},
    "acknowledge": [{"code": "ETCD-001", "because": "two more hosts are ordered"}],
}
_GROWN = {"nodes": {"w2": None}, "acknowledge": [_ONE_WORKER]}
_UNITS = ("kubelet", "containerd", "haproxy", "keepalived")
# A member that joins etcd makes it elect, and two API servers start on the two cores of all hosts.
_JOIN_GAP_SECONDS = 10.0
_OFF_SECONDS = 12.0


def run(lab: Lab) -> None:
    """The scenario."""
    report = lab.report
    outside = outside_of(lab, clusters.build(lab.run, pillar_changes=_SMALL))
    cluster = outside.cluster
    (first,) = cluster.control_plane.values()
    standing.nothing_left_to_do(cluster, report)
    before = _processes(first)
    cluster.set_pillar(_GROWN)
    cluster.boot(JOINED)
    what = f"{' and '.join(JOINED)} join"
    seen = outside.meet(what, lambda: _apply(cluster, report), seconds=0, gap=_JOIN_GAP_SECONDS)
    if seen.holding:
        report.measure(
            f"{what}: longest time in which nobody holds the address", seen.holding.longest_with(0)
        )
    after = _processes(first)
    report.require(after == before, f"{first.name}: services were restarted: {before}, then {after}")
    _three_of_everything(outside)
    standing.nothing_left_to_do(cluster, report)
    outside.meet(
        f"{first.name}, which was alone, loses its power (holds the address: {outside.holder() == first.name})",
        first.power_loss,
        seconds=_OFF_SECONDS,
        heal=first.power_on,
        gap=API_SECONDS,
    )
    standing.nothing_left_to_do(cluster, report)


def _apply(cluster: Cluster, report: Report) -> None:
    results = cluster.apply()
    for line in failures(results):
        report.complain(line)
    for state in ("k8s_ha membership", "k8s_ha etcd"):
        report.measure(f"slowest host: {state}", standing.slowest(results, (state,)))


def _three_of_everything(outside: Outside) -> None:
    """Voters of etcd, servers behind each HAProxy, and API servers that run as the pillar says now."""
    cluster, report = outside.cluster, outside.report
    names = set(cluster.control_plane)
    voters = outside.etcd_voters()
    report.require(voters == names, f"voters of etcd: {sorted(voters)}")
    for name, machine in cluster.control_plane.items():
        wait_for(
            lambda machine=machine: _servers_up(machine) == names,
            30,
            f"HAProxy of {name} has every API server",
        )
        lacking = _wanted_arguments(machine) - _arguments(machine)
        report.require(not lacking, f"the API server of {name} lacks {sorted(lacking)}")


def _servers_up(machine: Machine) -> set[str]:
    asked = "echo 'show stat kube-apiservers 4 -1' | socat -t 2 - /run/haproxy/admin.sock"
    lines = machine.run(["sh", "-c", asked]).stdout.splitlines()
    rows = [line.split(",") for line in lines if line.startswith("kube-apiservers,")]
    return {row[1] for row in rows if row[17].startswith("UP")}


def _wanted_arguments(machine: Machine) -> set[str]:
    """What an API server would be given if the cluster began today."""
    documents = list(yaml.safe_load_all(machine.read_file("/etc/kubernetes/kubeadm/init.yaml")))
    (configuration,) = (each for each in documents if each["kind"] == "ClusterConfiguration")
    return {f"--{each['name']}={each['value']}" for each in configuration["apiServer"]["extraArgs"]}


def _arguments(machine: Machine) -> set[str]:
    manifest = yaml.safe_load(machine.read_file("/etc/kubernetes/manifests/kube-apiserver.yaml"))
    return set(manifest["spec"]["containers"][0]["command"])


def _processes(machine: Machine) -> dict[str, str]:
    shown = "systemctl show --property=MainPID --value"
    return {unit: machine.must(["sh", "-c", f"{shown} {unit}"]).strip() for unit in _UNITS}
