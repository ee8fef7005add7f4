"""pytest hooks: a test whose program is not available is skipped with the reason, and fails where CI=true.

Use in a `conftest.py`: `from programs.plugin import pytest_runtest_call, pytest_runtest_setup`.
"""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

from programs.verdict import NotRun


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    """Report NotRun from a fixture."""
    return (yield from _reported())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Report NotRun from the test itself."""
    return (yield from _reported())


def _reported() -> Generator[None, object, object]:
    try:
        return (yield)
    except NotRun as error:
        reason = f"not run: {error}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
