"""Fixtures of the functional tests."""

from pathlib import Path

import pytest

from functional.minion import Minion
from functional.needs import installed
from functional.pillars import three_masters
from programs.plugin import pytest_runtest_call, pytest_runtest_setup

__all__ = ["pytest_runtest_call", "pytest_runtest_setup"]


@pytest.fixture
def minion(tmp_path: Path) -> Minion:
    """A first control-plane node with a valid pillar and an empty host."""
    installed("saltext.k8s_ha")
    one = Minion(tmp_path)
    one.set_pillar(three_masters())
    return one
