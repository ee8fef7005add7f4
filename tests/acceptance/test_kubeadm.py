"""kubeadm of each supported minor reads what `init` and `join` are given."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from programs import kubeadm
from programs.expectations import assert_refused

from .cases import KUBEADM, WITH_CHANGES, Case, Renderer
from .verdicts import Verdicts

INIT = "/etc/kubernetes/kubeadm/init.yaml"
JOIN = "/etc/kubernetes/kubeadm/join.yaml"
MINORS = ("1.35", "1.36", "1.37")


@pytest.mark.parametrize("minor", MINORS)
@pytest.mark.parametrize("source", KUBEADM)
def test_accepts(source: str, minor: str, rendered: Renderer, verdicts: Verdicts) -> None:
    result = rendered(Case(source, version=kubeadm.version(minor)))
    for node in result.nodes:
        needed = [INIT] * node.has_role("control_plane") + [JOIN] * node.runs_kubelet()
        assert node.below("/etc/kubernetes/kubeadm/") == needed
        for path in needed:
            verdicts.accepted(f"kubeadm {minor}", node, [path], kubeadm.check, node.local(path), minor)


@pytest.mark.parametrize("case", [*(Case(source) for source in KUBEADM), *WITH_CHANGES], ids=str)
def test_accepts_the_release_as_written(case: Case, rendered: Renderer, verdicts: Verdicts) -> None:
    result = rendered(case)
    for node in result.nodes:
        for path in node.below("/etc/kubernetes/kubeadm/"):
            verdicts.accepted(
                f"kubeadm {result.minor}", node, [path], kubeadm.check, node.local(path), result.minor
            )


@pytest.mark.parametrize("minor", MINORS)
@pytest.mark.parametrize(
    ("path", "old", "new", "because"),
    [
        (INIT, "controlPlaneEndpoint:", "controlPlaneEndpoints:", 'unknown field "controlPlaneEndpoints"'),
        (INIT, "clusterDomain:", "clusterDomains:", 'unknown field "clusterDomains"'),
        (INIT, "serviceSubnet: 10.96.0.0/12", "serviceSubnet: 10.96.0.0/33", "10.96.0.0/33"),
        (JOIN, "criSocket:", "criSockets:", 'unknown field "nodeRegistration.criSockets"'),
        (JOIN, "kubeConfigPath:", "kubeConfig:", 'unknown field "discovery.file.kubeConfig"'),
    ],
)
def test_refuses_a_broken_one(
    break_file: Callable[..., Path], minor: str, path: str, old: str, new: str, because: str
) -> None:
    case = Case("stacked-three-masters", version=kubeadm.version(minor))
    assert_refused(kubeadm.check(break_file(case, path, old, new) / path.lstrip("/"), minor), because)
