"""The API by an address that somebody else balances: from nothing, then a control-plane host is lost under load.

The balancer is one machine, and its operator promises that it survives; nothing here takes it away.
"""

from __future__ import annotations

from lab import cluster as clusters
from lab import external_balancer, standing
from lab.cluster import Cluster
from lab.lab import Lab
from lab.pillar import API_SECONDS
from lab.report import Report
from lab.under_load import outside_of

_OURS = ("haproxy", "keepalived")
_OFF_SECONDS = 12.0


def run(lab: Lab) -> None:
    """The scenario."""
    report = lab.report
    cluster = clusters.build(lab.run, pillar_changes=external_balancer.pillar_changes())
    external_balancer.start(cluster)
    outside = outside_of(lab, cluster)
    _no_balancer_of_ours(cluster, report)
    leader = cluster.machines[outside.etcd_leader()]
    other = next(machine for machine in cluster.control_plane.values() if machine is not leader)
    for machine, what in ((leader, " (leads etcd)"), (other, "")):
        outside.meet(
            f"{machine.name} loses its power{what}",
            machine.power_loss,
            seconds=_OFF_SECONDS,
            heal=machine.power_on,
            gap=API_SECONDS,
        )
    standing.nothing_left_to_do(cluster, report)


def _no_balancer_of_ours(cluster: Cluster, report: Report) -> None:
    """No node runs or configures a balancer, and none has the balancer's address."""
    for name, machine in cluster.nodes.items():
        for unit in _OURS:
            state = machine.run(["systemctl", "is-active", unit]).stdout.strip()
            report.require(state == "inactive", f"{name}: {unit} is {state}")
            enabled = machine.run(["systemctl", "is-enabled", unit]).stdout.strip()
            report.require(enabled == "disabled", f"{name}: {unit} is {enabled}")
        held = machine.must(["ip", "-o", "addr"])
        report.require(f" {external_balancer.ADDRESS}/" not in held, f"{name} holds the balancer's address")
    status = cluster.salt("*", "k8s_ha.status")
    report.require(set(status) == set(cluster.nodes), f"only {sorted(status)} tell their status")
    for name, told in status.items():
        for line in told["attention"]:
            report.complain(f"the status of {name}: {line}")
