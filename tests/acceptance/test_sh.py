"""The shell reads each script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from programs import sh
from programs.expectations import assert_refused

from .cases import ALL, Case, Node, Renderer
from .verdicts import Verdicts

MASTERS = Case("stacked-three-masters")


def scripts(node: Node) -> list[str]:
    """Files that are run: executable ones, and those that say by what."""
    return [
        path
        for path in node.paths()
        if node.local(path).stat().st_mode & 0o111 or node.text(path).startswith("#!")
    ]


@pytest.mark.parametrize("case", ALL, ids=str)
def test_accepts(case: Case, rendered: Renderer, verdicts: Verdicts) -> None:
    for node in rendered(case).nodes:
        for path in scripts(node):
            assert node.local(path).stat().st_mode & 0o111, f"{path} is not executable"
            verdicts.accepted("sh", node, [path], sh.check, node.local(path))


def test_refuses_a_broken_one(rendered: Renderer, break_file: Callable[..., Path]) -> None:
    path = next(path for node in rendered(MASTERS).nodes for path in scripts(node))
    root = break_file(MASTERS, path, "\n", "\n(\n")
    assert_refused(sh.check(root / path.lstrip("/")), "yntax error")
