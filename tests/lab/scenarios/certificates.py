"""Certificates of kubeadm are renewed before they end, by the apply that cron does anyway; a new name comes so, too."""

from __future__ import annotations

import time
from datetime import datetime

from lab import cluster as clusters
from lab import standing
from lab.cluster import Cluster, failures
from lab.commands import wait_for
from lab.lab import Lab
from lab.machine import Machine
from lab.pillar import API_SECONDS
from lab.scenarios.change_everywhere import watched
from lab.under_load import Outside, outside_of

_VALIDITY_MINUTES = 16
# With half of its life left, what lives shortly is due; and half a minute.
_DUE_SECONDS = _VALIDITY_MINUTES * 60 / 2 - 30
_PKI = "/etc/kubernetes/pki"
_OF_NODE = (
    "apiserver",
    "apiserver-kubelet-client",
    "front-proxy-client",
    "apiserver-etcd-client",
    "etcd/server",
    "etcd/peer",
    "etcd/healthcheck-client",
)
_NAME = "api.lab.example"


def run(lab: Lab) -> None:
    """The scenario."""
    short = {"kubeadm": {"certificate_validity": f"{_VALIDITY_MINUTES}m"}}
    outside = outside_of(lab, clusters.build(lab.run, pillar_changes=short))
    cluster, report = outside.cluster, outside.report
    _a_new_name(outside, short)
    old = _ends(cluster)
    report.measure("the first certificate ends after", min(old.values()) - time.time(), unit="s")
    due = max(old.values()) - _DUE_SECONDS
    wait_for(lambda: time.time() > due, _VALIDITY_MINUTES * 60, "half of their life is over")

    def apply() -> None:
        for line in failures(cluster.apply()):
            report.complain(f"renewal: {line}")

    watched(outside, "certificates are renewed by an apply", apply, gap=API_SECONDS)
    new = _ends(cluster)
    stayed = [name for name, end in old.items() if new[name] <= end]
    report.require(not stayed, f"not renewed: {', '.join(stayed)}")
    report.measure("certificates renewed", len(old) - len(stayed), unit="")
    report.measure("the first one ends now after", min(new.values()) - time.time())
    # Not at the end: by then half of their life is over again.
    standing.nothing_left_to_do(cluster, report)
    # The administrator has the new kubeconfig, too.
    clusters.kubeconfig(cluster)
    # What reads its certificate only at its start would fail when the old one ends.
    wait_for(lambda: time.time() > max(old.values()), _VALIDITY_MINUTES * 60, "the old ones have ended")
    outside.wait_until_whole()
    outside.meet("all of the old certificates have ended", lambda: None, seconds=10, gap=1.0)
    _controllers_work(outside)


def _a_new_name(outside: Outside, short: dict[str, dict[str, str]]) -> None:
    """A name in `cert_sans` reaches each API server without a restart."""
    cluster, report = outside.cluster, outside.report
    before = {name: machine.pids("kube-apiserver") for name, machine in cluster.control_plane.items()}
    cluster.set_pillar({"kubeadm": {**short["kubeadm"], "api_server": {"cert_sans": [_NAME]}}})
    for line in failures(cluster.apply()):
        report.complain(f"a new name: {line}")
    for name, machine in cluster.control_plane.items():
        wait_for(lambda machine=machine: _NAME in _served(machine), 30, f"{name} serves the name {_NAME}")
        report.require(
            machine.pids("kube-apiserver") == before[name], f"{name}: its API server was restarted"
        )


def _served(machine: Machine) -> str:
    """What is in the certificate that the API server shows."""
    show = "echo | openssl s_client -connect 127.0.0.1:6443 2>/dev/null | openssl x509 -noout -ext subjectAltName"
    return machine.run(["sh", "-c", show]).stdout


def _ends(cluster: Cluster) -> dict[str, float]:
    """When each certificate of each control-plane node ends, in seconds since the epoch."""
    found = {}
    for name, machine in cluster.control_plane.items():
        for certificate in _OF_NODE:
            told = machine.must(["openssl", "x509", "-noout", "-enddate", "-in", f"{_PKI}/{certificate}.crt"])
            moment = datetime.strptime(told.strip().partition("=")[2], "%b %d %H:%M:%S %Y %Z")
            found[f"{name}: {certificate}"] = (moment - datetime(1970, 1, 1)).total_seconds()
    return found


def _controllers_work(outside: Outside) -> None:
    """Controller manager and scheduler still reach the API: a Deployment comes to be, and its pod is placed."""
    kubectl = outside.kubectl
    kubectl("create", "deployment", "after", "--image=registry.k8s.io/pause:3.10", "--replicas=1")

    def placed() -> bool:
        pods = kubectl.get("pods", "--selector=app=after")["items"]
        return bool(pods) and bool(pods[0]["spec"].get("nodeName"))

    wait_for(placed, 60, "the pod of a new Deployment is placed")
