"""The pages of the sample reports, and a browser to look at them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from programs.plugin import pytest_runtest_call, pytest_runtest_setup
from programs.verdict import locate
from report import sample
from report.browser import Browser, Page
from report.made import Made

__all__ = ["pytest_runtest_call", "pytest_runtest_setup"]

_BROWSER = "chromium-headless-shell"


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("small"), sample.small())


@pytest.fixture(scope="session")
def hundred(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Asked about every pair."""
    return Made(tmp_path_factory.mktemp("hundred"), sample.large(100))


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("large"), sample.large())


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("hostile"), sample.hostile(sample.HOSTILE))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with Browser(locate(_BROWSER)) as running:
        yield running


@pytest.fixture
def look(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page; it is closed after the test."""
    opened: list[Page] = []

    def look(made: Made, kind: str = "html", **size: Any) -> Page:
        opened.append(browser.page(made.output(kind), **size))
        return opened[-1]

    yield look
    for page in opened:
        page.close()
