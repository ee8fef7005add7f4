"""The user's cache directory and the lock on it."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK_LIMIT_SECONDS = 3600
_POLL_SECONDS = 0.2


def directory() -> Path:
    """`$XDG_CACHE_HOME/saltext-k8s-ha/tools`, made if absent; a relative XDG_CACHE_HOME is ignored."""
    configured = Path(os.environ.get("XDG_CACHE_HOME", ""))
    base = configured if configured.is_absolute() else Path.home() / ".cache"
    cache = base / "saltext-k8s-ha" / "tools"
    cache.mkdir(parents=True, exist_ok=True)
    return cache


@contextmanager
def locked(cache: Path, limit_seconds: float = LOCK_LIMIT_SECONDS) -> Iterator[None]:
    """Hold the cache's lock: one build at a time, since two would only share the same cores.

    The kernel frees the lock when its holder dies. Raises TimeoutError when it is not free after
    `limit_seconds`.
    """
    with (cache / "lock").open("w", encoding="utf-8") as handle:
        deadline = time.monotonic() + limit_seconds
        while not _try_lock(handle.fileno()):
            if time.monotonic() > deadline:
                raise TimeoutError(
                    f"{cache / 'lock'} is held by another process for over {limit_seconds:.0f} s"
                )
            time.sleep(_POLL_SECONDS)
        yield


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
