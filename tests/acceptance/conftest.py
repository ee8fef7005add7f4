"""Renders each case once, and reports programs that are not available."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from programs.plugin import pytest_runtest_call, pytest_runtest_setup

from .cases import Case, Node, Renderer, broken
from .verdicts import Verdicts

__all__ = ["pytest_runtest_call", "pytest_runtest_setup"]


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Renderer:
    """Renders a case when it is first asked for."""
    return Renderer(tmp_path_factory.mktemp("rendered"))


@pytest.fixture(scope="session")
def verdicts() -> Verdicts:
    """What programs said so far."""
    return Verdicts()


@pytest.fixture
def break_file(rendered: Renderer, tmp_path: Path) -> Callable[..., Path]:
    """Copies the files of a node and replaces a text in one of them; returns where the copy is.

    The node is the first one of the case that has the file.
    """

    def change(case: Case, path: str, old: str, new: str) -> Path:
        node: Node = next(node for node in rendered(case).nodes if path in node.paths())
        return broken(node, path, lambda text: text.replace(old, new), tmp_path)

    return change
