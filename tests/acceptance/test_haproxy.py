"""HAProxy reads what each balancer gets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from programs import haproxy
from programs.expectations import assert_refused

from .cases import ALL, Case, Renderer
from .verdicts import Verdicts

PATH = "/etc/haproxy/haproxy.cfg"


@pytest.mark.parametrize("case", ALL, ids=str)
def test_accepts(case: Case, rendered: Renderer, verdicts: Verdicts) -> None:
    balancers = rendered(case).balancers()
    assert [node.name for node in rendered(case).nodes if PATH in node.paths()] == [
        node.name for node in balancers
    ]
    for node in balancers:
        verdicts.accepted("haproxy", node, node.below("/etc/haproxy/"), haproxy.check, node.root)


@pytest.mark.parametrize(
    ("old", "new", "because"),
    [
        ("timeout connect", "timeout conect", "conect"),
        ("default_backend ", "default_backend absent-", "absent-"),
    ],
)
def test_refuses_a_broken_one(break_file: Callable[..., Path], old: str, new: str, because: str) -> None:
    assert_refused(haproxy.check(break_file(Case("stacked-three-masters"), PATH, old, new)), because)
