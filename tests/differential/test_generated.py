"""Random documents are read as Salt reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("hypothesis")
from hypothesis import HealthCheck, given, settings

from . import generated

if TYPE_CHECKING:
    from .comparison import Comparison

DOCUMENTS = 1500
SOUPS = 4000

bounded = settings(
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@settings(bounded, max_examples=DOCUMENTS)
@given(document=generated.documents())
def test_documents_are_read_as_salt_reads_them(comparison: Comparison, document: str) -> None:
    assert comparison.difference(document.encode()) is None


@settings(bounded, max_examples=SOUPS)
@given(document=generated.soups())
def test_soups_are_read_as_salt_reads_them(comparison: Comparison, document: str) -> None:
    assert comparison.difference(document.encode()) is None
