"""Long after: edits of the pillar that would harm, certificates that end, hands on files, a newer release, cron."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from typing import Any

from lab import cluster as clusters
from lab import pillar as pillars
from lab import standing
from lab.cluster import Cluster, changes, failures
from lab.lab import Lab
from lab.report import Report
from lab.sentences import expect
from lab.under_load import Outside, outside_of

HAPROXY = "/etc/haproxy/haproxy.cfg"
FILES = "/var/lib/k8s-ha/files.json"
UNITS = ("kubelet", "containerd", "haproxy", "keepalived", "k8s-ha-watchdog")
_SHORT = {"kubeadm": {"certificate_validity": "240h"}}
_HIGHSTATES = 5
# All hosts apply on two cores: what is busy answers late, and nothing is away.
GAP_SECONDS = 2.0
_OTHER_RELEASE = "v1.36.5"


def run(lab: Lab) -> None:
    """The scenario."""
    outside = outside_of(lab, clusters.build(lab.run, pillar_changes=_SHORT))
    cluster, report = outside.cluster, lab.report
    for step in (_harmful_edits, _certificates, _by_hand, _a_newer_release, _cron):
        before = _processes(cluster)
        step(outside)
        changed = {name: units for name, units in _processes(cluster).items() if units != before[name]}
        report.require(not changed, f"{step.__name__}: services were restarted: {changed}")
    standing.nothing_left_to_do(cluster, report)
    _can_fail(outside)


def _harmful_edits(outside: Outside) -> None:
    """What cannot be had by editing the pillar: each is refused, and nothing is changed."""
    replaced = {"nodes": {"cp3": None, "cp4": {"profile": "master", "ip": f"{pillars.NETWORK}.14"}}}
    edits: Mapping[str, tuple[str, dict[str, Any], tuple[str, ...]]] = {
        "a release that is not installed": (
            "*",
            {"cluster": {"kubernetes_version": _OTHER_RELEASE}},
            (_OTHER_RELEASE, "v1.36.4"),
        ),
        "a node that is gone from the pillar and still in etcd": (
            "cp1",
            replaced,
            ("etcd has a member", "(cp3)", "etcdctl member remove"),
        ),
        "another range of pods": (
            "*",
            {"network": {"pod_cidrs": ["10.200.0.0/16"]}},
            ("network.pod_cidrs is 10.200.0.0/16 in the pillar, and",),
        ),
        "another endpoint": (
            "*",
            {"cluster": {"control_plane_endpoint": "10.77.0.100:9443"}},
            ("control_plane_endpoint is 10.77.0.100:9443 in the pillar, and 10.77.0.100:8443 since",),
        ),
    }
    for what, (target, edit, parts) in edits.items():
        with outside.cluster.with_pillar(edit):
            _refused(outside.report, outside.cluster, what, target, parts)


def _refused(report: Report, cluster: Cluster, what: str, target: str, parts: tuple[str, ...]) -> None:
    began = time.monotonic()
    results = cluster.apply(target)
    report.measure(f"{what}: refused after", time.monotonic() - began)
    for name, states in results.items():
        expect(report, f"{what}, {name}", failures({name: states}), *parts)
    for line in changes(results):
        report.complain(f"{what}: {line}")


def _certificates(outside: Outside) -> None:
    """They end in ten days: every apply and `k8s_ha.status` say so, and nothing is refused."""
    results = outside.cluster.apply()
    for line in (*failures(results), *changes(results)):
        outside.report.complain(line)
    for name in outside.cluster.control_plane:
        warned = [text for state in results[name].values() for text in state.get("warnings", [])]
        expect(outside.report, f"certificates of {name}", warned, "apiserver.crt", "ends")
    status = outside.cluster.salt("cp1", "k8s_ha.status")["cp1"]
    expect(outside.report, "k8s_ha.status", [json.dumps(status)], "apiserver.crt")


def _by_hand(outside: Outside) -> None:
    """A change by hand is reported and left; with `drift: enforce` it is taken back."""
    cluster = outside.cluster
    machine = cluster.machines[next(name for name in cluster.control_plane if name != outside.holder())]
    kept = machine.read_file(HAPROXY)
    machine.write_file(HAPROXY, kept + b"# by hand\n")
    states = cluster.apply(machine.name)[machine.name]
    said = [text for state in states.values() for text in state.get("warnings", [])]
    expect(
        outside.report, "a change by hand", said, HAPROXY, "changed by hand", "`drift: report` leaves it so"
    )
    outside.report.require(machine.read_file(HAPROXY) != kept, "a change by hand was taken back unasked")
    with cluster.with_pillar({"drift": "enforce"}):
        for line in failures(cluster.apply(machine.name)):
            outside.report.complain(line)
    outside.report.require(machine.read_file(HAPROXY) == kept, "`drift: enforce` does not take it back")


def _a_newer_release(outside: Outside) -> None:
    """Every file of a unit is as an earlier release wrote it, with other comments: all are written, none is reread."""
    for machine in outside.cluster.nodes.values():
        known = json.loads(machine.read_file(FILES))
        for path in known["files"]:
            if path.endswith((".cfg", ".conf", ".toml", ".service")):
                text = machine.read_file(path) + b"# of an earlier release\n"
                machine.must(["tee", path], stdin=text)
                known["files"][path] = [hashlib.sha256(text).hexdigest()]
        machine.must(["tee", FILES], stdin=json.dumps(known))
    results = outside.cluster.apply()
    for line in failures(results):
        outside.report.complain(line)
    written = [line for line in changes(results) if HAPROXY in line]
    outside.report.require(written, "the files of an earlier release were not written again")


def _cron(outside: Outside) -> None:
    """The highstate again and again, under load: nobody notices."""

    def apply() -> None:
        for _ in range(_HIGHSTATES):
            results = outside.cluster.apply()
            for line in (*failures(results), *changes(results)):
                outside.report.complain(line)

    began = time.monotonic()
    outside.meet(f"{_HIGHSTATES} highstates", apply, seconds=0, gap=GAP_SECONDS)
    outside.report.measure("a highstate that changes nothing", (time.monotonic() - began) / _HIGHSTATES)


def _can_fail(outside: Outside) -> None:
    """With a host that has forgotten what it was built on, the same edit is not refused, and is judged red."""
    outside.report.say("the protection is switched off: a host that has forgotten what it was built on")
    machine = outside.cluster.machines["w1"]
    place = "/var/lib/k8s-ha/identity.json"
    identity = json.loads(machine.read_file(place))
    machine.write_file(place, json.dumps({**identity, "fixed": {}}), 0o600)
    judged = Report("without protection")
    edit = {"network": {"pod_cidrs": ["10.200.0.0/16"]}}
    with outside.cluster.with_pillar(edit):
        _refused(judged, outside.cluster, "another range of pods", "w1", ("network.pod_cidrs",))
    outside.report.require(judged.complaints, "the lab found nothing wrong with an unprotected host")


def _processes(cluster: Cluster) -> dict[str, dict[str, str]]:
    """The main process of each unit, by host."""
    return {
        name: {
            unit: machine.must(["systemctl", "show", "--property=MainPID", "--value", unit]).strip()
            for unit in UNITS
        }
        for name, machine in cluster.nodes.items()
    }
