"""What a machine's firmware does when its system boots anew: it is switched on again.

The first process of a container ends with a boot, and nobody else starts it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from types import TracebackType

from lab.commands import LabError
from lab.machine import Machine

_LOOK_SECONDS = 0.2


class Firmware:
    """Switches machines on again that went off by themselves, while a `with` block lasts."""

    def __init__(self, machines: Iterable[Machine]) -> None:
        self.machines = list(machines)
        self.boots: list[str] = []
        """Names of those that were switched on again, in this order."""
        self.failure: LabError | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def _work(self) -> None:
        while not self._ended.wait(_LOOK_SECONDS):
            for machine in self.machines:
                if machine.is_running:
                    continue
                try:
                    machine.power_on()
                except LabError as error:
                    self.failure = error
                    return
                self.boots.append(machine.name)

    def __enter__(self) -> Firmware:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()
        if self.failure and error is None:
            raise self.failure
