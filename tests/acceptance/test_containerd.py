"""containerd 1.x and 2.x mean by each file what we mean."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from command import ROOT
from programs import containerd, kubeadm
from programs.expectations import assert_refused

from .cases import ALL, Case, Node, Rendered, Renderer
from .verdicts import Verdicts

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PATH = "/etc/containerd/config.toml"
READ = ("/etc/containerd/",)
PLATFORMS = tomllib.loads((ROOT / "rust/topology/data/facts.toml").read_text("utf-8"))["platforms"]


def major(result: Rendered, node: Node) -> int:
    """What the operating system's repository brings."""
    name, _, release = node.spec["os"].rpartition("-")
    platform = f"debian{release}" if name == "debian" else f"el{release}"
    found = result.effective["containerd"].get("major") or PLATFORMS[platform]["containerd"]
    assert isinstance(found, int)
    return found


@pytest.mark.parametrize("case", ALL, ids=str)
def test_accepts(case: Case, rendered: Renderer, verdicts: Verdicts) -> None:
    result = rendered(case)
    for node in result.nodes:
        assert (PATH in node.paths()) == (node.runs_kubelet() and result.managed("containerd"))
        if PATH in node.paths():
            which = major(result, node)
            verdicts.accepted(
                f"containerd {which}", node, node.below(*READ), containerd.check, node.root, which
            )


@pytest.mark.parametrize("source", ["stacked-three-masters", "proxmox-salt-centos"])
@pytest.mark.parametrize("minor", ["1.35", "1.36", "1.37"])
def test_the_pause_image_is_the_one_of_kubeadm(source: str, minor: str, rendered: Renderer) -> None:
    result = rendered(Case(source, version=kubeadm.version(minor)))
    node = result.nodes[0]
    which = major(result, node)
    effective = containerd.effective_configuration(node.root, which)
    assert containerd.sandbox_image(effective, which) in kubeadm.images(minor)


@pytest.mark.parametrize("system", ["rocky-9", "debian-12"])
@pytest.mark.parametrize(
    ("old", "new", "because"),
    [
        ("SystemdCgroup = true", "SystemdCgroup = false", "SystemdCgroup is not true"),
        ("SystemdCgroup = true", "SystemdCgrup = true", "SystemdCgrup is no option"),
        ("sandbox", "sandbx", "is not set"),
        ("version = ", "version = 1", "version"),
    ],
)
def test_refuses_a_broken_one(
    break_file: Callable[..., Path], rendered: Renderer, system: str, old: str, new: str, because: str
) -> None:
    case = Case("stacked-three-masters", system=system)
    result = rendered(case)
    which = major(result, result.nodes[0])
    assert_refused(containerd.check(break_file(case, PATH, old, new), which), because)
