"""What a scenario measured and found, and the table at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    """A measured figure; `limit` is what it must not exceed, where there is one."""

    what: str
    value: float
    unit: str = "s"
    limit: float | None = None

    @property
    def is_kept(self) -> bool:
        """Whether it keeps its limit."""
        return self.limit is None or self.value <= self.limit


@dataclass
class Report:
    """Figures and complaints of one scenario. A complaint makes it fail."""

    scenario: str
    figures: list[Figure] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def measure(self, what: str, value: float, unit: str = "s", limit: float | None = None) -> None:
        """Keep a figure, and complain when it exceeds its limit."""
        figure = Figure(what, round(value, 2), unit, limit)
        self.figures.append(figure)
        mark = "" if figure.is_kept else "  <- over its limit"
        print(f"  {figure.value:>9g} {unit:<5} {what}{mark}", flush=True)
        if not figure.is_kept:
            self.complain(f"{what}: {figure.value:g} {unit}, the limit is {limit:g} {unit}")

    def complain(self, sentence: str) -> None:
        """The scenario fails, and goes on."""
        self.complaints.append(sentence)
        print(f"  FAILED: {sentence}", flush=True)

    def require(self, holds: object, sentence: str) -> None:
        """Complain unless something holds."""
        if not holds:
            self.complain(sentence)

    def say(self, sentence: str) -> None:
        """Tell what is done now."""
        print(f"  {sentence}", flush=True)


def table(reports: Sequence[Report]) -> str:
    """The figures of all scenarios, one line each."""
    rows = [
        (report.scenario, figure.what, f"{figure.value:g} {figure.unit}", _limit(figure))
        for report in reports
        for figure in report.figures
    ]
    header = ("scenario", "what", "measured", "limit")
    widths = [max(len(row[place]) for row in [header, *rows]) for place in range(len(header))]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in [header, *rows]
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def _limit(figure: Figure) -> str:
    return "" if figure.limit is None else f"<= {figure.limit:g} {figure.unit}"
