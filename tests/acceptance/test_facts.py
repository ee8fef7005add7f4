"""The version facts are what the real kubeadm prints."""

from __future__ import annotations

import sys

import pytest

from command import ROOT
from programs import kubeadm

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FACTS = tomllib.loads((ROOT / "rust" / "topology" / "data" / "facts.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("minor", sorted(FACTS["minors"]))
def test_images_are_those_of_kubeadm(minor: str) -> None:
    facts = FACTS["minors"][minor]
    printed = kubeadm.images(f"1.{minor}")
    wanted = [f"etcd:{facts['etcd']}", f"pause:{facts['pause']}", f"coredns/coredns:{facts['coredns']}"]
    assert [image for image in wanted if f"registry.k8s.io/{image}" not in printed] == [], printed
