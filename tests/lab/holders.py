"""Who holds the virtual address, for how long it was nobody or more than one, and who of them served."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from lab.network import Host
from lab.worker import Client, Worker

_LONGEST_STEP = 5  # sampling intervals: beyond that the sampler itself stood still


@dataclass(frozen=True)
class Moment:
    """One sample: its time (CLOCK_MONOTONIC), who held the address, and who of those answered a readyz with 200."""

    time: float
    holders: frozenset[str]
    serving: frozenset[str]


@dataclass(frozen=True)
class Holding:
    """The samples of a watch in their order, `interval` seconds apart."""

    moments: list[Moment]
    interval: float

    def seconds_by_holders(self) -> dict[int, float]:
        """For how many seconds in all there were so many holders."""
        return self._seconds([len(moment.holders) for moment in self.moments])

    def seconds_by_serving(self) -> dict[int, float]:
        """For how many seconds in all so many holders served."""
        return self._seconds([len(moment.serving) for moment in self.moments])

    def longest_with(self, holders: int) -> float:
        """The longest time in seconds on end with so many holders."""
        longest = current = 0.0
        for moment, step in zip(self.moments, self._steps(), strict=True):
            current = current + step if len(moment.holders) == holders else 0.0
            longest = max(longest, current)
        return longest

    def changes(self, mark: float = 0.0) -> list[tuple[float, list[str]]]:
        """Each change of holders: seconds after `mark`, and who held the address from then on."""
        found: list[tuple[float, list[str]]] = []
        for before, moment in zip([None, *self.moments], self.moments, strict=False):
            if before is None or before.holders != moment.holders:
                found.append((round(moment.time - mark, 2), sorted(moment.holders)))
        return found

    def _seconds(self, numbers: Sequence[int]) -> dict[int, float]:
        seconds: dict[int, float] = {}
        for number, step in zip(numbers, self._steps(), strict=True):
            seconds[number] = seconds.get(number, 0.0) + step
        return {number: round(seconds[number], 2) for number in sorted(seconds)}

    def _steps(self) -> list[float]:
        """How long each sample stands: until the next."""
        times = [moment.time for moment in self.moments]
        steps = [later - earlier for earlier, later in pairwise(times)]
        return [min(step, _LONGEST_STEP * self.interval) for step in [*steps, self.interval][: len(times)]]


class HolderWatch(Worker):
    """Samples which hosts hold the virtual address `vip`, and asks each holder, by its own address, for `path`.

    Used as a `with` block around a fault; `directory` takes the samples and the worker's log.
    """

    def __init__(
        self,
        directory: Path,
        client: Client,
        hosts: Sequence[Host],
        vip: str,
        port: int = 8443,
        *,
        path: str = "/readyz",
        rate: float = 10,
        deadline: float = 1.0,
        name: str = "holders",
    ) -> None:
        self._interval = 1 / rate
        configuration = {
            "vip": vip,
            "port": port,
            "path": path,
            "rate": rate,
            "deadline": deadline,
            "hosts": {
                host.name: {"address": host.address, "namespace": str(host.namespace_path)} for host in hosts
            },
        }
        super().__init__("lab.holder_worker", client, configuration, directory, name)

    def stop(self) -> Holding:
        """Stop sampling; what was seen."""
        self.end()
        return self.holding()

    def holding(self) -> Holding:
        """What was seen until now."""
        lines = self._output.read_text(encoding="utf-8").splitlines() if self._output.is_file() else []
        entries = [json.loads(line) for line in lines]
        serving: dict[int, set[str]] = {}
        for entry in entries:
            if "serves" in entry:
                serving.setdefault(entry["number"], set()).add(entry["serves"])
        moments = [
            Moment(entry["time"], frozenset(entry["holders"]), frozenset(serving.get(entry["number"], ())))
            for entry in entries
            if "holders" in entry
        ]
        return Holding(moments, self._interval)
