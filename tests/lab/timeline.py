"""What became of the requests of a load: how many failed, when, and for how long none succeeded."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path


@dataclass(frozen=True)
class Sample:
    """One request: its number, when it began and ended (seconds of CLOCK_MONOTONIC), whether it succeeded."""

    number: int
    start: float
    end: float
    ok: bool
    error: str


@dataclass(frozen=True)
class Timeline:
    """The requests of a load in their order, `interval` seconds from one to the next."""

    samples: list[Sample]
    interval: float

    @property
    def count(self) -> int:
        """How many requests were made."""
        return len(self.samples)

    @property
    def failed(self) -> int:
        """How many of them failed."""
        return sum(not sample.ok for sample in self.samples)

    @property
    def longest_gap(self) -> float:
        """The longest time in seconds from one success to the next, less the interval.

        The first and the last request bound it, so that a load which never succeeds is one gap.
        """
        if not self.samples:
            return 0.0
        edges = [self.samples[0].start, max(sample.end for sample in self.samples)]
        successes = sorted([*edges, *(sample.end for sample in self.samples if sample.ok)])
        longest = max(later - earlier for earlier, later in pairwise(successes))
        return max(longest - self.interval, 0.0)

    @property
    def errors(self) -> dict[str, int]:
        """How often each reason was given, the most frequent first."""
        return dict(Counter(sample.error for sample in self.samples if not sample.ok).most_common())

    def failures(self, mark: float) -> list[tuple[float, str]]:
        """When each failed request began, in seconds after `mark` (before: negative), and why it failed."""
        return [(round(sample.start - mark, 3), sample.error) for sample in self.samples if not sample.ok]

    def between(self, begin: float, end: float) -> Timeline:
        """The requests that began in this time."""
        return Timeline([sample for sample in self.samples if begin <= sample.start < end], self.interval)

    def summary(self, mark: float | None = None) -> str:
        """One line for a report; with `mark`, when the first and the last failure were after it."""
        text = f"{self.failed} of {self.count} failed, longest gap {self.longest_gap:.1f} s"
        if mark is not None and (failures := self.failures(mark)):
            text += f", failures from {failures[0][0]:+.1f} s to {failures[-1][0]:+.1f} s"
        return text


def read(path: Path, success: int, interval: float) -> Timeline:
    """The timeline in the output file of a worker; `success` is the status code that counts as one."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    samples = []
    for line in lines:
        entry = json.loads(line)
        ok = entry["code"] == success
        error = entry["error"] or ("" if ok else f"HTTP {entry['code']}")
        samples.append(Sample(entry["number"], entry["start"], entry["end"], ok, error))
    return Timeline(sorted(samples, key=lambda sample: sample.number), interval)
