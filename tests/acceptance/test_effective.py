"""What `show --effective` prints of a pillar with many settings is that pillar."""

from __future__ import annotations

from pathlib import Path

import pytest

from .cases import WITH_CHANGES, Case, Renderer, render


def contents(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("case", WITH_CHANGES, ids=str)
def test_renders_the_same_files(case: Case, rendered: Renderer, tmp_path: Path) -> None:
    folder = rendered(case).folder
    render(folder / "effective.sls", tmp_path / "nodes")
    assert contents(tmp_path / "nodes") == contents(folder / "nodes")
