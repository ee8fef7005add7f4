"""nft reads the table of a Debian host whose firewall is managed; Enterprise Linux has policies instead."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from programs import nftables, systemd
from programs.expectations import assert_refused

from .cases import ALL, KUBEADM, Case, Renderer
from .verdicts import Verdicts

TABLE = "/etc/nftables.d/k8s-ha.nft"
UNIT = "/etc/systemd/system/k8s-ha-firewall.service"
POLICIES = "/etc/firewalld/"
FIREWALL = "with a firewall"
ON_DEBIAN = [
    Case(source, system=system, change=FIREWALL)
    for source in KUBEADM
    for system in ("debian-12", "debian-13")
]
ON_ENTERPRISE_LINUX = [Case(source, system="rocky-9", change=FIREWALL) for source in KUBEADM]


@pytest.mark.parametrize("case", ALL, ids=str)
def test_is_left_alone_unless_asked_for(case: Case, rendered: Renderer) -> None:
    for node in rendered(case).nodes:
        assert bool(node.below("/etc/nftables", POLICIES)) == (case.change == FIREWALL)


@pytest.mark.parametrize("case", ON_DEBIAN, ids=str)
def test_nft_accepts(case: Case, rendered: Renderer, verdicts: Verdicts) -> None:
    for node in rendered(case).nodes:
        verdicts.accepted("nft", node, [TABLE], nftables.check, node.root, TABLE)
        commands = [line for line in node.text(TABLE).splitlines() if not line.lstrip().startswith("#")]
        assert not any("flush ruleset" in line for line in commands)
        verdicts.accepted("systemd", node, [UNIT, TABLE], systemd.check, node.root)


@pytest.mark.parametrize("case", ON_ENTERPRISE_LINUX, ids=str)
def test_policies_are_xml(case: Case, rendered: Renderer) -> None:
    for node in rendered(case).nodes:
        policies = node.below(POLICIES)
        assert policies
        for path in policies:
            ElementTree.fromstring(node.text(path))


@pytest.mark.parametrize(
    ("old", "new", "because"),
    [
        ("hook input", "hook inptu", "inptu"),
        ("10.20.0.11", "10.20.0.311", "10.20.0.311"),
        ("dport", "dprt", "dprt"),
    ],
)
def test_refuses_a_broken_one(break_file: Callable[..., Path], old: str, new: str, because: str) -> None:
    case = Case("stacked-three-masters", system="debian-13", change=FIREWALL)
    assert_refused(nftables.check(break_file(case, TABLE, old, new), TABLE), because)
