"""Steps that this host has left to a later apply, for whoever asks how it is."""

from __future__ import annotations

from typing import Any

from saltext.k8s_ha.utils.host import Host
from saltext.k8s_ha.utils.identity import Identity

OF_DEFERRED = Identity("/var/lib/k8s-ha/deferred.json", "which steps were left to a later apply")


def listed(host: Host) -> dict[str, dict[str, Any]]:
    """Each step in words, with ``why`` it was left and ``since`` when, in seconds since the epoch."""
    return OF_DEFERRED.read(host) or {}


def note(host: Host, step: str, why: str, now: float) -> None:
    """A step was left; the first time counts."""
    steps = listed(host)
    since = steps.get(step, {}).get("since", now)
    OF_DEFERRED.write(host, {**steps, step: {"why": why, "since": since}})


def forget(host: Host, step: str | None = None) -> None:
    """It was done; without ``step``: nothing is left to be done at all."""
    steps = listed(host)
    left = {} if step is None else {other: why for other, why in steps.items() if other != step}
    if left:
        OF_DEFERRED.write(host, left)
    else:
        host.path(OF_DEFERRED.path).unlink(missing_ok=True)
