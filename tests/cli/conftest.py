"""Pillars that the tests of the command change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from command import ROOT

BASES = ROOT / "rust" / "lint" / "src" / "bases"


def pillar_of(base: str) -> str:
    """Text of a base pillar under the root key."""
    lines = (BASES / f"{base}.yaml").read_text(encoding="utf-8").splitlines()
    return "k8s_ha:\n" + "".join(f"  {line}\n" for line in lines)


@pytest.fixture
def pillar(tmp_path: Path) -> Callable[..., Path]:
    """Write a pillar file: a base with texts replaced, or a text as it is."""

    def write(*changes: tuple[str, str], base: str = "three_masters", text: str | None = None) -> Path:
        text = pillar_of(base) if text is None else text
        for old, new in changes:
            assert old in text, f"{old!r} does not stand in the base pillar"
            text = text.replace(old, new)
        path = tmp_path / "cluster.sls"
        path.write_text(text, encoding="utf-8")
        return path

    return write
