"""keepalived reads what each holder of an address gets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from programs import keepalived
from programs.expectations import assert_refused

from .cases import ALL, Case, Renderer
from .verdicts import Verdicts

PATH = "/etc/keepalived/keepalived.conf"
READ = ("/etc/keepalived/", "/usr/libexec/", "/usr/local/")


@pytest.mark.parametrize("case", ALL, ids=str)
def test_accepts(case: Case, rendered: Renderer, verdicts: Verdicts) -> None:
    result = rendered(case)
    moves = result.effective["load_balancer"]["type"] == "haproxy-keepalived"
    holders = result.balancers() if moves else []
    assert [node.name for node in result.nodes if PATH in node.paths()] == [node.name for node in holders]
    for node in holders:
        verdicts.accepted("keepalived", node, node.below(*READ), keepalived.check, node.root)


@pytest.mark.parametrize(
    ("old", "new", "because"),
    [
        ("virtual_router_id", "virtual_routerid", "virtual_routerid"),
        ("virtual_router_id 61", "virtual_router_id 300", "300"),
        ("track_script", "track_scripts", "track_scripts"),
    ],
)
def test_refuses_a_broken_one(break_file: Callable[..., Path], old: str, new: str, because: str) -> None:
    assert_refused(keepalived.check(break_file(Case("stacked-three-masters"), PATH, old, new)), because)
