"""Hosts die in the middle of `init` and `join`; each goes on with the next apply, and nothing half-made is joined."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable

from lab import cluster as clusters
from lab import pillar as pillars
from lab import standing
from lab.cluster import Cluster
from lab.commands import wait_for
from lab.lab import Lab
from lab.machine import Machine

ETCD_DATA = "/var/lib/etcd/member"


def run(lab: Lab) -> None:
    """The scenario."""
    report = lab.report
    cluster = clusters.build(lab.run)
    cluster.boot()
    standing.create(cluster)
    _die(lab, cluster, "init, before etcd exists", lambda machine: _is_marked(machine, "initialising"))
    _die(lab, cluster, "init, after etcd exists", lambda machine: _exists(machine, ETCD_DATA))
    _die(lab, cluster, "join, after its member was added", _has_joined_etcd)
    report.say("the last apply")
    client = standing.converge(cluster, report)
    members = client("-n", "kube-system", "get", "pods", "-l", "component=etcd", "-o", "name").split()
    report.require(len(members) == len(pillars.CONTROL_PLANE), f"etcd's pods are {members}")
    ledger = cluster.salt_run("k8s_ha.ledger_of", pillars.CLUSTER)
    report.require(ledger["initialisation"]["state"] == "done", f"the ledger says {ledger['initialisation']}")
    identities = {name: _marker(machine).get("kube_system_uid") for name, machine in cluster.nodes.items()}
    report.require(len(set(identities.values())) == 1, f"hosts know different clusters: {identities}")
    standing.nothing_left_to_do(cluster, report)


def _die(lab: Lab, cluster: Cluster, when: str, reached: Callable[[Machine], bool]) -> None:
    """Apply to all, take the power of the first host that has come so far, and give it back."""
    lab.report.say(f"power loss in the middle of {when}")
    before = {name for name, machine in cluster.control_plane.items() if reached(machine)}
    applying = cluster.master.start(["salt", "*", "state.apply", "k8s.ha", "--out=quiet"])
    found: list[Machine] = []

    def somebody() -> bool:
        found.extend(m for name, m in cluster.control_plane.items() if name not in before and reached(m))
        return bool(found)

    began = time.monotonic()
    wait_for(somebody, 240, f"a host is in the middle of {when}")
    victim = found[0]
    victim.power_loss()
    lab.report.measure(f"{when}: {victim.name} dies after", time.monotonic() - began)
    _end(cluster, applying)
    victim.power_on()
    victim.wait_booted()
    cluster.wait_for_minions(cluster.nodes)


def _end(cluster: Cluster, applying: subprocess.Popen[bytes]) -> None:
    """Interrupt the command as an operator would, and end what it left running on the other hosts."""
    applying.terminate()
    for machine in cluster.nodes.values():
        if machine.is_running:
            machine.run(["systemctl", "restart", "salt-minion"], 60)
            machine.run(["pkill", "-KILL", "kubeadm"])


def _marker(machine: Machine) -> dict[str, str]:
    import json

    said = machine.run(["cat", "/var/lib/k8s-ha/identity.json"])
    return json.loads(said.stdout) if said.ok else {}


def _is_marked(machine: Machine, stage: str) -> bool:
    return _marker(machine).get("stage") == stage


def _exists(machine: Machine, path: str) -> bool:
    return machine.run(["test", "-e", path]).ok


def _has_joined_etcd(machine: Machine) -> bool:
    return _is_marked(machine, "joining") and _exists(machine, ETCD_DATA)
