"""Waits until something is well without a break: what is well for a moment may be about to end again."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable


def is_steady(look: Callable[[], Hashable], seconds: float, limit: float, pause: float) -> bool:
    """Whether looks become true and stay the same for so many seconds, before ``limit`` seconds are over.

    :param look: what is seen now; anything false is not well, and another value than before begins anew.
    :param pause: seconds between two looks.
    """
    deadline = time.monotonic() + limit
    since, last = 0.0, None
    while True:
        now, seen = time.monotonic(), look()
        if not seen or seen != last:
            since, last = now, seen
        if seen and now - since >= seconds:
            return True
        if now > deadline:
            return False
        time.sleep(pause)
