"""Limits are raised once, and get the value of before the first run back."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab import kernel_limits

_NAME = "fs/inotify/max_user_instances"


@pytest.fixture
def limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "sys" / _NAME
    path.parent.mkdir(parents=True)
    path.write_text("128\n")
    monkeypatch.setattr(kernel_limits, "_SYSCTL", tmp_path / "sys")
    return path


def test_the_first_value_comes_back_after_several_runs(tmp_path: Path, limit: Path) -> None:
    kernel_limits.raise_all(tmp_path)
    kernel_limits.raise_all(tmp_path)
    assert limit.read_text() == "1024"
    kernel_limits.restore_all(tmp_path)
    assert limit.read_text() == "128"
    kernel_limits.restore_all(tmp_path)
    assert limit.read_text() == "128"


def test_a_higher_limit_is_left_alone(tmp_path: Path, limit: Path) -> None:
    limit.write_text("8192")
    kernel_limits.raise_all(tmp_path)
    kernel_limits.restore_all(tmp_path)
    assert limit.read_text() == "8192"


def test_what_somebody_else_has_set_meanwhile_is_left_alone(tmp_path: Path, limit: Path) -> None:
    kernel_limits.raise_all(tmp_path)
    limit.write_text("2048")
    kernel_limits.restore_all(tmp_path)
    assert limit.read_text() == "2048"
