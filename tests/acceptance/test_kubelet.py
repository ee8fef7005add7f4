"""The kubelet and kube-proxy, which merely log what they do not know, read what kubeadm hands to them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from programs import kube_proxy, kubelet
from programs.expectations import assert_refused

from .cases import KUBEADM, WITH_CHANGES, Case, Renderer
from .verdicts import Verdicts

INIT = "/etc/kubernetes/kubeadm/init.yaml"
MINOR = "1.36"
PROGRAMS = {"kubelet": kubelet.check, "kube-proxy": kube_proxy.check}


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("case", [*(Case(source) for source in KUBEADM), *WITH_CHANGES], ids=str)
def test_accepts(case: Case, program: str, rendered: Renderer, verdicts: Verdicts) -> None:
    result = rendered(case)
    assert result.minor == MINOR
    # The documents of both are the same on every control-plane node.
    node = next(node for node in result.nodes if node.has_role("control_plane"))
    if program == "kube-proxy" and result.effective["kubeadm"]["kube_proxy_mode"] == "disabled":
        return
    verdicts.accepted(program, node, [INIT], PROGRAMS[program], node.local(INIT), MINOR)


@pytest.mark.parametrize(
    ("program", "old", "new", "because"),
    [
        ("kubelet", "maxPods:", "maxPod:", 'unknown field \\"maxPod\\"'),
        (
            "kubelet",
            "imageGCHighThresholdPercent: 80",
            "imageGCHighThresholdPercent: 8",
            "imageGCLowThreshold",
        ),
        ("kube-proxy", "mode: nftables", "mode: nftable", "nftable"),
        ("kube-proxy", "mode: nftables", "mod: nftables", 'unknown field \\"mod\\"'),
    ],
)
def test_refuses_a_broken_one(
    break_file: Callable[..., Path], program: str, old: str, new: str, because: str
) -> None:
    root = break_file(Case("stacked-three-masters"), INIT, old, new)
    assert_refused(PROGRAMS[program](root / INIT.lstrip("/"), MINOR), because)
