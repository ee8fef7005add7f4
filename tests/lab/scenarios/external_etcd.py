"""etcd on three hosts of its own, from nothing; then its hosts and who holds the address are lost under load."""

from __future__ import annotations

import json
from typing import Any

from lab import cluster as clusters
from lab import pillar as pillars
from lab import standing
from lab.artefacts.command import version
from lab.cluster import Cluster, failures
from lab.commands import wait_for
from lab.lab import Lab
from lab.machine import Machine
from lab.pillar import API_SECONDS
from lab.sentences import expect
from lab.under_load import Outside

ETCD_DATA = "/var/lib/etcd"
MARKER = "/var/lib/k8s-ha/etcd.json"
_OFF_SECONDS = 12.0
_WHOLE_SECONDS = 120.0
_PKI = "/etc/etcd/pki"


def run(lab: Lab) -> None:
    """The scenario."""
    report = lab.report
    (spared,) = set(pillars.WORKERS) - {"w1"}
    addresses = {**pillars.NODES, **pillars.ETCD}
    del addresses[spared]
    changes = pillars.external_etcd(version("etcd-3.6"))
    cluster = clusters.build(lab.run, pillar_changes=changes, addresses=addresses)
    cluster.boot()
    standing.create(cluster)
    report.say("a dry run on blank hosts")
    for line in failures(cluster.apply("*", "test=True")):
        report.complain(f"the dry run on blank hosts: {line}")
    _dies_while_it_joins(lab, cluster)
    report.say("all hosts at once")
    outside = Outside(cluster, standing.converge(cluster, report), report)
    _is_as_declared(lab, outside)
    standing.nothing_left_to_do(cluster, report)
    outside.wait_until_whole()
    _lose(outside, outside.etcd_leader(), "leads etcd")
    follower = next(name for name in pillars.ETCD if name != outside.etcd_leader())
    _lose(outside, follower, "follows in etcd")
    _lose(outside, outside.holder(), "holds the address")
    _loses_its_disk(lab, outside, cluster.machines[follower])
    _is_changed(outside)
    standing.nothing_left_to_do(cluster, report)


def _dies_while_it_joins(lab: Lab, cluster: Cluster) -> None:
    """Only the hosts of etcd apply; the first that joins loses its power in the middle, and gets it back."""
    lab.report.say("power loss of a host of etcd while it joins")
    target = ",".join(pillars.ETCD)
    applying = cluster.master.start(["salt", "-L", target, "state.apply", "k8s.ha", "--out=quiet"])
    found: list[Machine] = []

    def joins() -> bool:
        found.extend(machine for machine in cluster.etcd_hosts.values() if _stage(machine) == "joining")
        return bool(found)

    wait_for(joins, 240, "a host of etcd is in the middle of its join")
    found[0].power_loss()
    lab.report.say(f"{found[0].name} is off")
    applying.terminate()
    for machine in cluster.etcd_hosts.values():
        if machine.is_running:
            machine.run(["systemctl", "restart", "salt-minion"], 60)
    found[0].power_on()
    found[0].wait_booted(60)
    cluster.wait_for_minions(cluster.nodes)


def _is_as_declared(lab: Lab, outside: Outside) -> None:
    """Three voters, none of them a static pod; the control plane signs nothing for etcd."""
    report, cluster = lab.report, outside.cluster
    report.require(_voters(cluster) == set(pillars.ETCD), f"etcd's members with a vote: {_members(cluster)}")
    pods = outside.kubectl("-n", "kube-system", "get", "pods", "-l", "component=etcd", "-o", "name").split()
    report.require(not pods, f"etcd runs as a static pod too: {pods}")
    needles = standing.secrets_of(cluster, "etcd/ca.key")
    report.require(len(needles) > 1, "the ledger has no key of etcd's authority to look for")
    for name, machine in cluster.nodes.items():
        found = standing.places_with(machine.disk.written, needles, ("/proc", "/sys"), lab.run.directory)
        report.require(not found, f"{name}: the key of etcd's authority stands in {found}")


def _lose(outside: Outside, name: str, what: str) -> None:
    """Power loss under load; nobody helps the host when it gets its power back."""
    machine = outside.cluster.machines[name]

    def heal() -> None:
        machine.power_on()
        machine.wait_booted(60)
        wait_for(lambda: _all_serve(outside.cluster), _WHOLE_SECONDS, "every member of etcd follows a leader")

    fault = f"{name} loses its power ({what})"
    outside.meet(fault, machine.power_loss, seconds=_OFF_SECONDS, heal=heal, gap=API_SECONDS)


def _loses_its_disk(lab: Lab, outside: Outside, machine: Machine) -> None:
    """A recorded member comes back without its data: it is not started and says why; let go, it joins anew."""
    report, cluster = lab.report, outside.cluster
    report.say(f"{machine.name} comes back without etcd's disk")
    before = {member["name"]: member["ID"] for member in _members(cluster)}
    machine.power_loss()
    machine.disk.empty(ETCD_DATA)
    machine.power_on()
    machine.wait_booted(60)
    cluster.wait_for_minions([machine.name])
    said = failures(cluster.apply(machine.name))
    expect(report, "the apply", said, "is recorded as a member of etcd of cluster lab", "Mount the disk")
    runs = machine.run(["systemctl", "is-active", "etcd.service"]).stdout.strip()
    report.require(runs == "inactive", f"etcd.service of {machine.name} is {runs} without its data")
    machine.must(["rm", MARKER])
    for line in failures(cluster.apply(machine.name)):
        report.complain(f"the apply that lets it join anew: {line}")
    after = {member["name"]: member["ID"] for member in _members(cluster)}
    report.require(_voters(cluster) == set(pillars.ETCD), f"etcd's members after it: {after}")
    report.require(
        {name for name in after if after[name] != before[name]} == {machine.name},
        f"members changed from {before} to {after}",
    )


def _is_changed(outside: Outside) -> None:
    """Another setting of etcd, and back, by an apply to all at once: the members restart one after the other."""
    report, cluster = outside.report, outside.cluster

    def apply() -> None:
        results = cluster.apply()
        for line in failures(results):
            report.complain(f"the apply that changes etcd: {line}")
        restarted = {name for name in pillars.ETCD if results[name]["k8s_ha etcd member"]["changes"]}
        report.require(restarted == set(pillars.ETCD), f"only {restarted} were restarted")

    with cluster.with_pillar({"etcd": {"snapshot_count": 20_000}}):
        outside.meet("a setting of all members changes", apply, seconds=1, gap=API_SECONDS)
    apply()


def _stage(machine: Machine) -> str | None:
    said = machine.run(["cat", MARKER])
    return json.loads(said.stdout).get("stage") if said.ok else None


def _voters(cluster: Cluster) -> set[str]:
    return {member["name"] for member in _members(cluster) if not member.get("isLearner")}


def _members(cluster: Cluster) -> list[dict[str, Any]]:
    """The members as a majority knows them, asked at the first host that is on."""
    machine = next(each for each in cluster.etcd_hosts.values() if each.is_running)
    files = ("--cacert", f"{_PKI}/ca.crt", "--cert", f"{_PKI}/server.crt", "--key", f"{_PKI}/server.key")
    endpoint = f"--endpoints=https://{machine.address}:2379"
    said = machine.must(["etcdctl", endpoint, *files, "member", "list", "-w", "json"])
    members: list[dict[str, Any]] = json.loads(said)["members"]
    return members


def _all_serve(cluster: Cluster) -> bool:
    asked = "curl -s --max-time 2 http://127.0.0.1:2381/metrics | grep -q '^etcd_server_has_leader 1'"
    return all(machine.run(["sh", "-c", asked]).ok for machine in cluster.etcd_hosts.values())
