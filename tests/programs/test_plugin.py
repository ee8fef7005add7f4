"""A program that is not available is skipped on a desk and fails where CI=true."""

from __future__ import annotations

import pytest

from programs import plugin
from programs.verdict import NotRun

REASON = NotRun("nft is not available: it is not installed; to make it run: apt-get install nftables")


@pytest.mark.parametrize(
    ("environment", "outcome"),
    [("", pytest.skip.Exception), ("false", pytest.skip.Exception), ("true", pytest.fail.Exception)],
)
def test_reports(monkeypatch: pytest.MonkeyPatch, environment: str, outcome: type[BaseException]) -> None:
    monkeypatch.setenv("CI", environment)
    wrapper = plugin.pytest_runtest_call(None)  # type: ignore[arg-type]
    next(wrapper)
    with pytest.raises(outcome, match="not run: nft is not available"):
        wrapper.throw(REASON)
