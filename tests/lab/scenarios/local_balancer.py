"""Hosts of two routed networks with a balancer on each: from nothing, then control-plane hosts are lost under load.

No address can move between the networks, so the endpoint is a name that leads each host to itself. The load comes
from a worker, through its own balancer. Outside of the cluster there is no balancer: an administrator there asks an
API server by its node's address, and another one when that is lost.
"""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from lab import cluster as clusters
from lab import standing
from lab.cluster import Cluster, Way
from lab.commands import LabError, wait_for
from lab.kubectl import Kubectl
from lab.lab import Lab
from lab.machine import Machine
from lab.network import CLIENT, FAR_NETWORK, FAR_SWITCH_ADDRESS
from lab.pillar import API_SECONDS
from lab.report import Report
from lab.under_load import Outside, outside_of

# A kubelet renews its lease every 10 s, and gives up a request after as long; a node counts as lost after 50 s.
LEASE_SECONDS = 25.0
NODE_LOST_SECONDS = 90.0
_PORT = 8443
_CHANGES: dict[str, Any] = {
    "cluster": {"control_plane_endpoint": f"api.lab.lan:{_PORT}"},
    "vips": None,
    "load_balancer": {"type": "local"},
    "networks": {"far": {"cidr": f"{FAR_NETWORK}.0/24", "gateway": FAR_SWITCH_ADDRESS}},
    "nodes": {"cp2": {"ip": f"{FAR_NETWORK}.12"}, "w2": {"ip": f"{FAR_NETWORK}.22"}},
    # The router knows where pods are.
    "network": {"cni": {"bgp": True}},
}


def run(lab: Lab) -> None:
    """The scenario."""
    report = lab.report
    cluster = clusters.build(lab.run, pillar_changes=_CHANGES)
    outside = outside_of(lab, cluster)
    _a_balancer_on_each(cluster, report)
    for name, what in (("cp1", "initialised the cluster"), ("cp2", "the only one of its network")):
        _lose(outside, cluster.machines[name], what)
    standing.nothing_left_to_do(cluster, report)
    _can_fail(outside)


def _a_balancer_on_each(cluster: Cluster, report: Report) -> None:
    """HAProxy of each node listens on loopback alone; keepalived runs nowhere; each node finds nothing to look at."""
    for name, machine in cluster.nodes.items():
        heard = machine.must(["ss", "-Hltn", f"sport = :{_PORT}"]).split()[3::5]
        report.require(heard == [f"127.0.0.1:{_PORT}"], f"{name}: the API's port is served at {heard}")
        state = machine.run(["systemctl", "is-active", "keepalived"]).stdout.strip()
        report.require(state == "inactive", f"{name}: keepalived is {state}")
    status = cluster.salt("*", "k8s_ha.status")
    report.require(set(status) == set(cluster.nodes), f"only {sorted(status)} tell their status")
    for name, told in status.items():
        for line in told["attention"]:
            report.complain(f"the status of {name}: {line}")


def _lose(outside: Outside, lost: Machine, what: str) -> None:
    """A host is off for as long as it takes until its node counts as lost; the others stay ready meanwhile."""
    told = f"{lost.name} ({what}) loses its power"

    def heal() -> None:
        _watch_the_others(outside, lost, told)
        _ask_from_outside(outside, lost)
        lost.power_on()

    outside.meet(told, lost.power_loss, seconds=0, heal=heal, gap=API_SECONDS)


def _watch_the_others(outside: Outside, lost: Machine, told: str) -> None:
    """Wait until the lost node is not ready; no other is so meanwhile, and each renews its lease."""
    others = set(outside.cluster.nodes) - {lost.name}
    oldest: dict[str, float] = {}
    unready: set[str] = set()

    def counts_as_lost() -> bool:
        try:
            ages = _lease_ages(outside.kubectl)
        except LabError:
            return False
        ready = outside.kubectl.ready_nodes()
        oldest.update({name: max(ages[name], oldest.get(name, 0.0)) for name in others})
        unready.update(others - ready)
        return lost.name not in ready

    began = time.monotonic()
    wait_for(counts_as_lost, NODE_LOST_SECONDS, f"{lost.name} counts as lost", pause=1.0)
    outside.report.measure(f"{told}: its node counts as lost", time.monotonic() - began)
    outside.report.measure(f"{told}: oldest lease of the others", max(oldest.values()), limit=LEASE_SECONDS)
    outside.report.require(not unready, f"{told}: {sorted(unready)} were not ready for a while")


def _lease_ages(kubectl: Kubectl) -> dict[str, float]:
    """For how many seconds each node has not renewed its lease."""
    leases = kubectl.get("leases", "-n", "kube-node-lease")["items"]
    renewed = {lease["metadata"]["name"]: lease["spec"]["renewTime"] for lease in leases}
    return {
        name: time.time() - datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
        for name, text in renewed.items()
    }


def _ask_from_outside(outside: Outside, lost: Machine) -> None:
    """From outside each API server that lives answers at its node's address."""
    for machine in outside.cluster.control_plane.values():
        if machine is not lost:
            way = Way(CLIENT, f"https://{machine.address}:6443")
            Kubectl(outside.cluster, outside.kubectl.kubeconfig, way)("get", "--raw", "/readyz")


def _can_fail(outside: Outside) -> None:
    """With one API server left behind the balancer of the asking node, the same loss is seen, and is judged red."""
    outside.report.say("the protection is switched off: the balancer of the asking node knows cp1 alone")
    cluster = outside.cluster
    asking = cluster.machines[cluster.way.host]
    asking.must(["sed", "-i", "/^    server cp[23] /d", "/etc/haproxy/haproxy.cfg"])
    asking.must(["systemctl", "reload", "haproxy"])
    judged = Report("a balancer with one backend")
    lost = cluster.machines["cp1"]
    unprotected = Outside(cluster, outside.kubectl, judged, outside.faults)
    off = API_SECONDS * 1.5
    unprotected.meet("cp1 loses its power", lost.power_loss, seconds=off, heal=lost.power_on, gap=API_SECONDS)
    outside.report.require(
        any("gap of reads" in complaint for complaint in judged.complaints),
        "the lab found nothing wrong with a balancer that knows one API server",
    )
