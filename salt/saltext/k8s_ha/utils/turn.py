"""A node's turn with etcd: while it has one, no other node takes its member away or adds one."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from saltext.k8s_ha.utils.ask_master import Master
from saltext.k8s_ha.utils.host import HostError

_POLL_SECONDS = 2.0


@contextmanager
def turn(master: Master, tell: Callable[[str, str], None], wait_seconds: float) -> Iterator[None]:
    """Wait for the turn, have it, and give it back; a host that dies meanwhile loses it after some minutes.

    :raises HostError: when the master refuses it, or others have it for ``wait_seconds``.
    """
    deadline = time.monotonic() + wait_seconds
    told = ""
    while (answered := master.request({"subject": "turn"})).outcome != "turn":
        if answered.outcome != "wait":
            raise HostError(f"Refused: {answered.reason}.")
        if answered.reason != told:
            told = answered.reason
            tell("waits", told)
        if time.monotonic() > deadline:
            raise HostError(f"After {wait_seconds:.0f} s: {told}. Nothing was changed; run again.")
        # Apart from each other, so that many hosts do not ask at once.
        time.sleep(_POLL_SECONDS * random.uniform(0.8, 1.2))  # noqa: S311 (no secret)
    try:
        yield
    finally:
        with suppress(HostError):
            master.request({"subject": "turn_ended"})
