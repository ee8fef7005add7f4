"""A host in maintenance: cron's highstate touches nothing on it, and the others know that they cannot count on it."""

from __future__ import annotations

import time

from lab import cluster as clusters
from lab import standing
from lab.cluster import changes, failures
from lab.commands import wait_for
from lab.lab import Lab
from lab.scenarios.change_everywhere import API_SECONDS
from lab.under_load import Outside, outside_of

_CHANGE = {
    "etcd": {"snapshot_count": 20000},
    "load_balancer": {"haproxy": {"maxconn": 4100}},
    "gate": {"wait": "10s"},
}
_MAINTENANCE = "k8s_ha.maintenance"
_SHORT_SECONDS = 45


def run(lab: Lab) -> None:
    """The scenario."""
    outside = outside_of(lab, clusters.build(lab.run))
    _nothing_is_touched(outside)
    _it_ends_by_itself(outside)
    _a_host_that_is_away(outside)
    standing.nothing_left_to_do(outside.cluster, outside.report)


def _nothing_is_touched(outside: Outside) -> None:
    """The pillar changes meanwhile, and cron applies it everywhere."""
    cluster, report = outside.cluster, outside.report
    report.say("cp2 is in maintenance, the pillar changes, and everything is applied")
    told = cluster.salt_run(_MAINTENANCE, "cp2", "until=2h", "reason=memory is added")
    report.require(
        told.get("retcode") == 0 and told.get("etcd_knows") is True, f"maintenance is refused: {told}"
    )
    before = _state(outside, "cp2")
    cluster.set_pillar(_CHANGE)
    results = cluster.apply()
    report.require(_state(outside, "cp2") == before, "something was changed on the host in maintenance")
    for line in changes({"cp2": results["cp2"]}):
        report.complain(f"in maintenance: {line}")
    said = {state["comment"] for name, state in results["cp2"].items() if name.startswith("k8s_ha ")}
    report.require(all("memory is added" in each for each in said), f"a state does not say why: {said}")
    for name in ("cp1", "cp3"):
        why = results[name]["k8s_ha control plane"]["comment"]
        report.say(f"{name}: {why[:200]}")
        report.require("cp2 is in maintenance" in why, f"{name} counts on a host in maintenance: {why}")
    status = cluster.salt_run("k8s_ha.status", "lab", limit=120)
    noted = [line for line in status["attention"] if "maintenance" in line]
    report.require(noted, f"salt-run k8s_ha.status does not tell of the maintenance: {status['attention']}")


def _it_ends_by_itself(outside: Outside) -> None:
    """It is made to end soon; then the next apply does all, under load."""
    cluster, report = outside.cluster, outside.report
    began = time.monotonic()
    cluster.salt_run(_MAINTENANCE, "cp2", f"until={_SHORT_SECONDS}s", "reason=memory is added")
    wait_for(
        lambda: cluster.salt("cp2", "k8s_ha.standing")["cp2"]["maintenance"] is None,
        2 * _SHORT_SECONDS,
        "it has ended",
    )
    report.measure(f"maintenance of {_SHORT_SECONDS} s: over after", time.monotonic() - began)
    cluster.set_pillar({**_CHANGE, "gate": {"wait": "10m"}})

    def apply() -> None:
        for line in failures(cluster.apply()):
            report.complain(f"after the maintenance: {line}")

    outside.meet("what was left is done after the maintenance", apply, seconds=2, gap=API_SECONDS)
    wanted = "--snapshot-count=20000"
    for name, machine in cluster.control_plane.items():
        report.require(
            wanted in machine.run(["pgrep", "-a", "-x", "etcd"]).stdout, f"{name} runs without {wanted}"
        )


def _a_host_that_is_away(outside: Outside) -> None:
    """One that is off can be put in maintenance, too, and taken out of it."""
    cluster, report = outside.cluster, outside.report
    report.say("cp3 is off, and is put in maintenance")
    cluster.machines["cp3"].power_loss()
    told = cluster.salt_run(_MAINTENANCE, "cp3", "until=1h", "reason=its disk is replaced", limit=120)
    report.require(
        told.get("retcode") == 0 and "no answer" in str(told.get("host")), f"it is refused: {told}"
    )
    record = cluster.salt("cp1", "k8s_ha.on_record")["cp1"]
    report.require(
        [each["node"] for each in record["maintenance"]] == ["cp3"], f"it is not on record: {record}"
    )
    cluster.machines["cp3"].power_on()
    cluster.wait_for_minions(["cp3"])
    told = cluster.salt_run("k8s_ha.maintenance_over", "cp3")
    report.require(told.get("retcode") == 0, f"it does not end: {told}")
    outside.wait_until_whole()


def _state(outside: Outside, name: str) -> str:
    """Digests of what Salt writes, and the processes that read it."""
    machine = outside.cluster.machines[name]
    files = machine.must(
        [
            "sh",
            "-c",
            "cd /etc && find haproxy keepalived containerd kubernetes -type f | sort | xargs sha256sum",
        ]
    )
    pids = {
        program: machine.pids(program)
        for program in ("etcd", "kube-apiserver", "haproxy", "keepalived", "kubelet")
    }
    return f"{files}{pids}"
