"""Asks the master until it grants something, at most for the time that a state may wait."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from saltext.k8s_ha.utils.host import HostError
from saltext.k8s_ha.utils.tell import Tell

if TYPE_CHECKING:
    from saltext.k8s_ha.utils.ask_master import Answered, Master

_POLL_SECONDS = 2.0
# Whoever has failed is applied again beside those that wait for it, and may be the slower one.
_FAILED_SECONDS = 60.0


def until_granted(ask: Callable[[], Answered], seconds: float, tell: Tell) -> Answered:
    """The first answer that is not to wait. Raises HostError for a refusal, and when the time is over."""
    began = time.monotonic()
    deadline = began + seconds
    told = ""
    while True:
        answered = ask()
        if answered.outcome == "refuse":
            raise HostError(f"Refused: {answered.reason}.")
        if answered.outcome == "stopped" and time.monotonic() >= began + min(_FAILED_SECONDS, seconds):
            raise HostError(f"Refused: {answered.reason}.")
        if answered.outcome not in ("wait", "stopped"):
            return answered
        if answered.reason != told:
            told = answered.reason
            tell("waits", told)
        if time.monotonic() > deadline:
            raise HostError(f"After {seconds:.0f} s: {told}. Nothing was changed; run again.")
        # Apart from each other, so that many hosts do not ask at once.
        time.sleep(_POLL_SECONDS * random.uniform(0.8, 1.2))  # noqa: S311 (no secret)


@contextmanager
def told_when_it_fails(master: Callable[[], Master]) -> Iterator[None]:
    """The master learns of a failure, so that nobody waits for this host."""
    try:
        yield
    except (HostError, OSError):
        with suppress(HostError):
            master().request({"subject": "stopped"})
        raise
