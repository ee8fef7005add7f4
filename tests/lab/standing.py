"""From blank hosts to a cluster that serves, as an operator does it, with the time of each phase."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from lab import pillar as pillars
from lab.cluster import Cluster, Results, changes, failures, kubeconfig
from lab.commands import LabError, run, wait_for
from lab.kubectl import Kubectl
from lab.report import Report

READY_SECONDS = 120.0

PHASES = {
    "k8s_ha packages": "packages installed",
    "k8s_ha services": "services started",
    "k8s_ha images": "images imported",
    "k8s_ha etcd member": "etcd begun or joined, with waiting for others",
    "k8s_ha membership": "init or join, with waiting for others",
    "k8s_ha etcd": "etcd protected, one member after the other",
}
"""What a state does, by its id."""


def slowest(results: Results, states: Sequence[str] = ()) -> float:
    """Seconds that our states took on the host where they took longest; of these ids, default all."""
    taken = [
        sum(state["duration"] for name, state in of_host.items() if not states or name in states)
        for of_host in results.values()
    ]
    return max(taken, default=0.0) / 1000


def create(cluster: Cluster) -> None:
    """The one deliberate act on the master. LabError when it is refused."""
    told = cluster.salt_run("k8s_ha.create", pillars.CLUSTER)
    if told.get("retcode") != 0:
        raise LabError(f"create is refused: {told}")


def stand_up(cluster: Cluster, report: Report) -> Kubectl:
    """Boot blank hosts, create, apply to all at once, wait until all nodes are ready; the outside client."""
    began = time.monotonic()
    cluster.boot()
    report.measure("boot of all machines until every minion answers", time.monotonic() - began)
    create(cluster)
    return converge(cluster, report)


def converge(cluster: Cluster, report: Report) -> Kubectl:
    """Apply to all at once and wait until every node is ready; LabError when a state fails."""
    report.measure("artefacts of the lab: made or found", cluster.artefact_seconds)
    began, began_at = time.monotonic(), time.time()
    results = cluster.apply()
    report.measure("state.apply on all blank hosts at once", time.monotonic() - began)
    for state, phase in PHASES.items():
        if not any(state in of_host for of_host in results.values()):
            continue
        report.measure(f"slowest host: {phase}", slowest(results, (state,)))
    if failed := failures(results):
        raise LabError("the first apply failed:\n    " + "\n    ".join(failed))
    if missing := set(cluster.nodes) - set(results):
        raise LabError(f"no answer of {', '.join(sorted(missing))}")
    client = Kubectl(cluster, kubeconfig(cluster))
    wait_until_ready(client, cluster.kubernetes_nodes)
    report.measure("from nothing applied to every node ready", last_ready(client) - began_at)
    return client


def last_ready(client: Kubectl) -> float:
    """When the last node became ready, in seconds since the epoch; the API tells whole seconds."""
    return max(
        datetime.fromisoformat(condition["lastTransitionTime"].replace("Z", "+00:00")).timestamp()
        for node in client.get("nodes")["items"]
        for condition in node["status"]["conditions"]
        if condition["type"] == "Ready"
    )


def wait_until_ready(client: Kubectl, names: set[str], limit: float = READY_SECONDS) -> None:
    """Wait until exactly these nodes are there and ready."""
    wait_for(lambda: client.ready_nodes() == names, limit, f"{', '.join(sorted(names))} are ready")


def nothing_left_to_do(cluster: Cluster, report: Report) -> None:
    """A second apply changes nothing on any host, and a dry run after it foresees nothing."""
    for what, arguments in (("second apply", ()), ("dry run after it", ("test=True",))):
        began = time.monotonic()
        results = cluster.apply("*", *arguments)
        report.measure(f"{what}, all hosts, no change", time.monotonic() - began)
        report.measure(f"{what}: our states on the slowest host", slowest(results))
        for line in (*failures(results), *changes(results)):
            report.complain(f"{what}: {line}")
        report.require(set(results) == set(cluster.nodes), f"{what}: only {sorted(results)} answered")


def secrets_of(cluster: Cluster, pattern: str = "*.key") -> set[bytes]:
    """Lines of the private keys in the ledger (of those at such paths), by which they would be found anywhere."""
    directory = f"/var/lib/k8s-ha/clusters/{pillars.CLUSTER}/pki"
    listed = cluster.master.must(["find", directory, "-path", f"{directory}/{pattern}"]).split()
    found = set()
    for path in listed:
        for line in cluster.master.read_file(path).splitlines():
            if line and not line.startswith(b"-"):
                found.add(line)
    return found


def places_with(root: Path, needles: set[bytes], allowed: tuple[str, ...], directory: Path) -> list[str]:
    """Files below a machine's disk that hold one of these texts, those below the allowed paths aside.

    `directory` is private and takes the texts while they are looked for.
    """
    patterns = directory / "needles"
    patterns.touch(mode=0o600)
    patterns.write_bytes(b"\n".join(sorted(needles)) + b"\n")
    try:
        found = run(["grep", "-rlaF", "-f", str(patterns), str(root)], 120, environment={"LC_ALL": "C"})
    finally:
        patterns.unlink()
    inside = ["/" + str(Path(line).relative_to(root)) for line in found.stdout.splitlines()]
    return [path for path in inside if not path.startswith(allowed)]
