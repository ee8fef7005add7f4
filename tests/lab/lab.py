"""What a scenario is given."""

from __future__ import annotations

from dataclasses import dataclass

from lab.report import Report
from lab.run_record import Run


@dataclass(frozen=True)
class Lab:
    """One run of the lab and the report of the scenario that it serves."""

    run: Run
    report: Report
