"""What the tests of the checks expect of a verdict, and how they make bad input."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from programs.verdict import Verdict

Node = Callable[[dict[str, str]], Path]
"""Writes files, by their absolute path on the node, and returns the directory below which they lie."""


def assert_accepted(verdict: Verdict) -> None:
    """The program accepts; its output is shown when it does not."""
    assert verdict.accepted, verdict.output


def assert_refused(verdict: Verdict, because: str) -> None:
    """The program refuses, and says `because`."""
    assert not verdict.accepted, verdict.output
    assert because in verdict.output


def replaced(text: str, old: str, new: str) -> str:
    """`text` with `old` replaced, which must be there: else the bad example would equal the good one."""
    assert old in text
    return text.replace(old, new)
