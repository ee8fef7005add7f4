"""Reports programs that are not available, and writes the files of a node."""

from __future__ import annotations

from pathlib import Path

import pytest

from programs.expectations import Node
from programs.plugin import pytest_runtest_call, pytest_runtest_setup

__all__ = ["pytest_runtest_call", "pytest_runtest_setup"]


@pytest.fixture
def node(tmp_path: Path) -> Node:
    """Writes files, by their absolute path on the node, below a directory; scripts become executable."""

    def write(files: dict[str, str]) -> Path:
        for on_node, text in files.items():
            path = tmp_path / on_node.lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            path.chmod(0o755 if text.startswith("#!") else 0o644)
        return tmp_path

    return write
