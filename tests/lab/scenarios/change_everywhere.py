"""A change that restarts everything everywhere, applied to all hosts at once, under load: one host goes at a time.

Nobody batches: each host asks for its turn by itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from lab import cluster as clusters
from lab import standing
from lab.cluster import Results, failures
from lab.down import DownWatch, together
from lab.lab import Lab
from lab.pillar import API_SECONDS
from lab.under_load import Outside, outside_of

# One request may fail while another host takes the leadership of etcd over.
TOGETHER_SECONDS = 1.0

_RUNTIME = "io.containerd.cri.v1.runtime"
CHANGE: dict[str, Any] = {
    "load_balancer": {"haproxy": {"maxconn": 4100}, "keepalived": {"check": {"rise": 3}}},
    "containerd": {"plugins": {_RUNTIME: {"max_container_log_line_size": 32768}}},
    "etcd": {"snapshot_count": 20000},
    "kubeadm": {
        "api_server": {"extra_args": [{"name": "goaway-chance", "value": "0.001"}]},
        "controller_manager": {"extra_args": [{"name": "v", "value": "1"}]},
        "scheduler": {"extra_args": [{"name": "v", "value": "1"}]},
        "kubelet": {"extra_config": {"maxPods": 100}},
    },
}
"""What has to start anew by it: HAProxy, keepalived, containerd, the kubelet, and all of the control plane."""


def run(lab: Lab) -> None:
    """The scenario."""
    outside = outside_of(lab, clusters.build(lab.run))
    cluster, report = outside.cluster, outside.report
    standing.nothing_left_to_do(cluster, report)
    results = change_all_at_once(outside, "a change of everything, on all hosts at once")
    for line in failures(results):
        report.complain(f"the change: {line}")
    _is_changed(outside)
    standing.nothing_left_to_do(cluster, report)
    frozen = cluster.salt("cp1", "k8s_ha.on_record")["cp1"]
    report.require(frozen["steps"] == [] and frozen["lock"] is None, f"something stands on record: {frozen}")


def change_all_at_once(outside: Outside, what: str, change: dict[str, Any] = CHANGE) -> Results:
    """Apply a change to all hosts at once; judge how many API servers were down at the same time, and the load."""
    cluster, report = outside.cluster, outside.report
    cluster.set_pillar(change)
    results: dict[str, dict[Any, dict[str, Any]]] = {}

    def apply() -> None:
        began = time.monotonic()
        results.update({minion: dict(states) for minion, states in cluster.apply("*").items()})
        report.measure(f"{what}: state.apply on all hosts", time.monotonic() - began)

    watched(outside, what, apply, gap=API_SECONDS)
    return results


def watched(outside: Outside, what: str, act: Callable[[], object], *, gap: float | None) -> None:
    """Do something under load; at every moment no more API servers were down than may be."""
    cluster, report = outside.cluster, outside.report
    directory = cluster.run.directory / f"down-{outside.faults + 1}"
    directory.mkdir()
    servers = {
        name: f"https://{machine.address}:6443/readyz" for name, machine in cluster.control_plane.items()
    }
    watch = DownWatch.of(directory, outside.client(directory), servers)
    with watch:
        outside.meet(what, act, seconds=2, gap=gap)
    down = watch.spans()
    first = min((begin for spans in down.values() for begin, _ in spans), default=0.0)
    for host, spans in down.items():
        told = ", ".join(f"{begin - first:.1f}-{end - first:.1f}" for begin, end in spans)
        report.say(f"{what}: {host} did not serve, in seconds: {told or 'never'}")
    report.measure(f"{what}: two API servers down at once", together(down, 2), limit=TOGETHER_SECONDS)


def _is_changed(outside: Outside) -> None:
    """Every process runs with what the pillar says."""
    cluster, report = outside.cluster, outside.report
    wanted = {"kube-apiserver": "--goaway-chance=0.001", "etcd": "--snapshot-count=20000"}
    for name, machine in cluster.control_plane.items():
        for program, flag in wanted.items():
            lines = machine.run(["pgrep", "-a", "-x", program]).stdout
            report.require(flag in lines, f"{name}: {program} runs without {flag}: {lines[:200]}")
    for node in outside.kubectl.get("nodes")["items"]:
        pods = node["status"]["capacity"]["pods"]
        report.require(pods == "100", f"{node['metadata']['name']}: its kubelet takes {pods} pods")
