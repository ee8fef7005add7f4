"""Hand-written documents are read as Salt reads them: same value, same place, or both refuse."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from . import case_files

if TYPE_CHECKING:
    from .comparison import Comparison

DOCUMENTS = case_files.documents()
SCALARS = case_files.scalars()


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in DOCUMENTS + SCALARS])
def test_is_read_as_salt_reads_it(comparison: Comparison, case: case_files.Case) -> None:
    difference = comparison.difference(case.document)
    assert difference is None, f"{case.document!r}: {difference}"


def test_a_large_pillar_is_read_as_salt_reads_it(comparison: Comparison) -> None:
    generator = Path(__file__).parents[1] / "bench" / "generate.py"
    pillar = subprocess.run(
        [sys.executable, generator, "60"], capture_output=True, timeout=60, check=True
    ).stdout
    assert comparison.difference(pillar) is None


def test_there_are_enough_documents() -> None:
    assert len(DOCUMENTS) >= 300
    assert len({case.name for case in DOCUMENTS + SCALARS}) == len(DOCUMENTS + SCALARS)
