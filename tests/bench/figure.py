"""What was measured."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


def milliseconds(seconds: float) -> str:
    """As they are printed: with three digits after the point where one would be none."""
    return f"{seconds * 1000:.{1 if seconds >= 0.001 else 3}f} ms"


@dataclass(frozen=True)
class Figure:
    """A subject, its median and its maximum in seconds, and what is said beside it."""

    what: str
    seconds: float
    most: float | None = None
    note: str = ""

    @classmethod
    def of(cls, what: str, seconds: Sequence[float], note: str = "") -> Figure:
        """The figure of several runs."""
        return cls(what, statistics.median(seconds), max(seconds), note)

    @property
    def said(self) -> str:
        """The maximum and the note."""
        most = "" if self.most is None else f"at most {milliseconds(self.most)}"
        return "; ".join(part for part in (most, self.note) if part)
