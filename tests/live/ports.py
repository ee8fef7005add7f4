"""Ports on loopback, and waiting for what listens there."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

LOOPBACK = "127.0.0.1"
_POLL_SECONDS = 0.1


def free_ports(count: int) -> list[int]:
    """Ports that nobody has now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind((LOOPBACK, 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def wait_until(condition: Callable[[], bool], what: str, limit_seconds: float) -> None:
    """Ask until the condition holds. Raises TimeoutError, with `what` in it, after the limit."""
    deadline = time.monotonic() + limit_seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {limit_seconds:g} s: {what}")
        time.sleep(_POLL_SECONDS)
