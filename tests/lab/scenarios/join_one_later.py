"""A worker that is declared on a later day joins by one command for it alone; nothing else is touched."""

from __future__ import annotations

import time

from lab import cluster as clusters
from lab import pillar as pillars
from lab import standing
from lab.cluster import changes, failures
from lab.lab import Lab


def run(lab: Lab) -> None:
    """The scenario."""
    report = lab.report
    cluster = clusters.build(lab.run)
    (later,) = pillars.LATER
    client = standing.stand_up(cluster, report)
    report.say(f"{later} is declared, and `salt {later} state.apply k8s.ha` is run")
    cluster.add(later)
    before = {
        name: cluster.salt(name, "service.show", "kubelet")[name] for name in cluster.nodes if name != later
    }
    began = time.monotonic()
    for line in failures(cluster.apply(later)):
        report.complain(line)
    standing.wait_until_ready(client, set(cluster.nodes))
    report.measure(f"{later} joins by one apply for it alone", time.monotonic() - began)
    for name, shown in before.items():
        now = cluster.salt(name, "service.show", "kubelet")[name]
        report.require(now["ExecMainPID"] == shown["ExecMainPID"], f"{name}: its kubelet was restarted")
    # The others learn of the new name, and restart nothing for it.
    results = cluster.apply()
    for line in failures(results):
        report.complain(line)
    touched = [line for line in changes(results) if "services" in line or "membership" in line]
    report.require(not touched, f"the apply after it restarts something: {touched}")
    standing.nothing_left_to_do(cluster, report)
