"""chronyd reads what each host gets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from programs import chrony
from programs.expectations import assert_refused

from .cases import ALL, Case, Node, Renderer
from .verdicts import Verdicts

READ = ("/etc/chrony",)


def configuration(node: Node) -> str:
    """Path of chronyd's configuration, which each family of distributions has elsewhere."""
    (path,) = (path for path in node.below(*READ) if path.endswith("/chrony.conf"))
    return path


@pytest.mark.parametrize("case", ALL, ids=str)
def test_accepts(case: Case, rendered: Renderer, verdicts: Verdicts) -> None:
    result = rendered(case)
    for node in result.nodes:
        assert bool(node.below(*READ)) == result.managed("chrony")
        if path := node.below(*READ) and configuration(node):
            enterprise = not node.spec["os"].startswith(("debian", "ubuntu"))
            assert path == ("/etc/chrony.conf" if enterprise else "/etc/chrony/chrony.conf")
            verdicts.accepted("chronyd", node, node.below(*READ), chrony.check, node.root, path)


@pytest.mark.parametrize(
    ("system", "old", "new", "because"),
    [
        ("rocky-9", "makestep", "makestepp", "Invalid directive"),
        ("debian-13", "iburst", "ibrust", "Could not parse"),
    ],
)
def test_refuses_a_broken_one(
    rendered: Renderer, break_file: Callable[..., Path], system: str, old: str, new: str, because: str
) -> None:
    case = Case("stacked-three-masters", system=system)
    path = configuration(rendered(case).nodes[0])
    assert_refused(chrony.check(break_file(case, path, old, new), path), because)
