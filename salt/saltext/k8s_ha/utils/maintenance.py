"""Maintenance of this host: Salt touches nothing here, and the gate counts the node as down."""

from __future__ import annotations

import time
from typing import Any

from saltext.k8s_ha.utils.host import Host
from saltext.k8s_ha.utils.identity import Identity

OF_MAINTENANCE = Identity("/var/lib/k8s-ha/maintenance.json", "until when somebody works on this host")


def lasting(host: Host, now: float) -> dict[str, Any] | None:
    """What is noted about it while it lasts; what has ended by its time is as if it was never there."""
    kept = OF_MAINTENANCE.read(host)
    if kept is None or not isinstance(kept.get("until"), (int, float)) or kept["until"] <= now:
        return None
    return kept


def begin(host: Host, until: float, reason: str, now: float) -> None:
    """Note it on the disk of this host."""
    OF_MAINTENANCE.write(host, {"until": until, "reason": reason, "since": now})


def end(host: Host) -> None:
    """Forget it."""
    host.path(OF_MAINTENANCE.path).unlink(missing_ok=True)


def sentence(kept: dict[str, Any]) -> str:
    """Such as: this host is in maintenance until 2026-11-02 14:00 UTC (memory is added)."""
    until = time.strftime("%Y-%m-%d %H:%M", time.gmtime(kept["until"]))
    return f"this host is in maintenance until {until} UTC ({kept.get('reason', '')})"
