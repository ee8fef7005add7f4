"""Ports on loopback, and waiting for what listens there."""

from __future__ import annotations

import itertools
import os
import socket
import time
from collections.abc import Callable, Iterator

LOOPBACK = "127.0.0.1"
# Below the ports that Linux takes for connections (ip_local_port_range): none of them is lost while a program restarts.
_FIRST, _LAST = 20_000, 32_767
_POLL_SECONDS = 0.1

_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))

OWN_NETWORK = f"127.77.{_WORKER}"
"""The first three numbers of 254 addresses of loopback that no other worker of pytest-xdist uses."""


def _own_ports() -> Iterator[int]:
    """All ports of this process, again and again; the other workers have others."""
    own = range(_FIRST + _WORKER, _LAST, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))
    begin = os.getpid() % len(own)
    return itertools.cycle([*own[begin:], *own[:begin]])


_PORTS = _own_ports()


def free_ports(count: int) -> list[int]:
    """Ports that nobody has now, and that no other call gives soon."""
    return list(itertools.islice(filter(_is_free, _PORTS), count))


def _is_free(port: int) -> bool:
    with socket.socket() as one:
        try:
            one.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def wait_until(condition: Callable[[], bool], what: str, limit_seconds: float) -> None:
    """Ask until the condition holds. Raises TimeoutError, with `what` in it, after the limit."""
    deadline = time.monotonic() + limit_seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {limit_seconds:g} s: {what}")
        time.sleep(_POLL_SECONDS)
