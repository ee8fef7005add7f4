"""For how long hosts served nothing, as an outside client saw it, and how many of them at the same time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from lab.timeline import Timeline
from lab.traffic import Readers
from lab.worker import Client

Span = tuple[float, float]

# Whoever shares two cores with a program that starts answers late, and is not away.
_DEADLINE_SECONDS = 3.0


def spans(timeline: Timeline) -> list[Span]:
    """From the last success before each run of failures to the first one after it (CLOCK_MONOTONIC).

    One request that fails between two that succeed is a span too: nobody knows when it was served again.
    """
    found: list[Span] = []
    began: float | None = None
    last = timeline.samples[0].start if timeline.samples else 0.0
    for sample in timeline.samples:
        if sample.ok:
            if began is not None:
                found.append((began, sample.end))
                began = None
            last = sample.end
        elif began is None:
            began = last
    if began is not None:
        found.append((began, max(sample.end for sample in timeline.samples)))
    return found


def together(by_host: Mapping[str, list[Span]], many: int) -> float:
    """Seconds for which at least so many hosts were down at once."""
    edges = sorted(
        (moment, step) for of_host in by_host.values() for span in of_host for moment, step in _edges(span)
    )
    total, down, since = 0.0, 0, 0.0
    for moment, step in edges:
        if down >= many:
            total += moment - since
        down, since = down + step, moment
    return total


def _edges(span: Span) -> tuple[tuple[float, int], tuple[float, int]]:
    return (span[0], 1), (span[1], -1)


@dataclass
class DownWatch:
    """Asks one URL of each host, past any balancer, while a `with` block lasts."""

    readers: dict[str, Readers]

    @classmethod
    def of(cls, directory: Path, client: Client, urls: Mapping[str, str], *, rate: float = 5) -> DownWatch:
        """`urls` by host; each answers 200 while the host serves."""
        made = {}
        for host, url in urls.items():
            own = directory / f"down-{host}"
            own.mkdir()
            made[host] = Readers(own, client, url, rate=rate, deadline=_DEADLINE_SECONDS, name=f"down-{host}")
        return cls(made)

    def __enter__(self) -> DownWatch:
        for reader in self.readers.values():
            reader.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for reader in self.readers.values():
            reader.__exit__(kind, error, trace)

    def spans(self) -> dict[str, list[Span]]:
        """When each host was down."""
        return {host: spans(reader.timeline()) for host, reader in self.readers.items()}
