"""Five blank hosts become a highly available Kubernetes; a second apply finds nothing to do; no key is left about."""

from __future__ import annotations

import time
from pathlib import Path

from lab import cluster as clusters
from lab import standing
from lab.cluster import failures
from lab.commands import wait_for
from lab.lab import Lab

_ALLOWED = ("/etc/kubernetes", "/var/lib/k8s-ha/clusters", "/proc", "/sys", "/var/lib/kubelet")


def run(lab: Lab) -> None:
    """The scenario."""
    report = lab.report
    before = _used_gigabytes()
    cluster = clusters.build(lab.run)
    cluster.boot()
    report.say("a dry run before `create`")
    refused = cluster.apply("*", "test=True")
    for name in cluster.nodes:
        told = [
            line for line in failures({name: refused.get(name, {})}) if "salt-run k8s_ha.create lab" in line
        ]
        report.require(told, f"{name} does not name `create` before it was done")
    standing.create(cluster)
    report.say("a dry run before the first apply")
    foreseen = cluster.apply("*", "test=True")
    for line in failures(foreseen):
        report.complain(f"the dry run on blank hosts: {line}")
    report.require(
        all(any(state["result"] is None for state in states.values()) for states in foreseen.values()),
        "the dry run on blank hosts foresees nothing",
    )
    client = standing.converge(cluster, report)
    wait_for(lambda: _dns_is_spread(client), 90, "two ready replicas of CoreDNS on two hosts")
    applied = client.get("configmap", "-n", "pod-network", "pod-network")["data"]
    report.require(applied == {"plugin": "bridge"}, f"the manifest of the pod network is {applied}")
    standing.nothing_left_to_do(cluster, report)
    _nothing_to_look_at(lab, cluster)
    report.measure("memory of six machines with their disks", _used_gigabytes() - before, "GB")
    _look_for_secrets(lab, cluster)


def _nothing_to_look_at(lab: Lab, cluster: clusters.Cluster) -> None:
    """The status of each node in one call: nobody has to look at anything, and one host holds the address."""
    report = lab.report
    began = time.monotonic()
    told = cluster.salt("*", "k8s_ha.status")
    report.measure("status of all hosts", time.monotonic() - began)
    report.require(set(told) == set(cluster.nodes), f"only {sorted(told)} tell their status")
    for name, status in told.items():
        for line in status["attention"]:
            report.complain(f"the status of {name}: {line}")
        stage = status["identity"]["stage"] if isinstance(status["identity"], dict) else status["identity"]
        report.require(stage == "member", f"the status of {name}: its stage is {stage}")
        report.require(bool(status["certificates"]), f"the status of {name}: no certificate was found")
        is_control_plane = name in cluster.control_plane
        members = status["etcd"]["members"] if is_control_plane else {}
        report.require(len(members) == (3 if is_control_plane else 0), f"{name} sees the members {members}")
    holders = [name for name, status in told.items() if status["address"]["held"]]
    report.require(len(holders) == 1, f"the address is held by {holders}")


def _used_gigabytes() -> float:
    """Memory of this machine that is in use, file systems in memory included."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines}
    return (kilobytes["MemTotal"] - kilobytes["MemAvailable"]) / 1e6


def _dns_is_spread(client: standing.Kubectl) -> bool:
    pods = client.get("pods", "-n", "kube-system", "-l", "k8s-app=kube-dns")["items"]
    ready = [
        pod
        for pod in pods
        if any(
            each["type"] == "Ready" and each["status"] == "True"
            for each in pod["status"].get("conditions", [])
        )
    ]
    return len(ready) >= 2 and len({pod["spec"]["nodeName"] for pod in ready}) >= 2


def _look_for_secrets(lab: Lab, cluster: clusters.Cluster) -> None:
    needles = standing.secrets_of(cluster)
    lab.report.require(len(needles) > 20, "the ledger has no keys to look for")
    for machine in (cluster.master, *cluster.nodes.values()):
        for place in standing.places_with(machine.disk.written, needles, _ALLOWED, lab.run.directory):
            lab.report.complain(f"{machine.name}: a private key of the cluster stands in {place}")
        command = ["sh", "-c", "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ | tr '\\0' ' '"]
        shown = machine.run(command).stdout.encode()
        lab.report.require(
            not any(each in shown for each in needles), f"{machine.name}: a key in a process list"
        )
