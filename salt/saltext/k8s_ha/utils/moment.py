"""Moments as operators write them."""

from __future__ import annotations

import re
from datetime import datetime, timezone

from saltext.k8s_ha.utils.host import HostError

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_SPAN = re.compile(r"(\d+)([smhd])")
# Whoever forgets a host in maintenance loses a node for good.
LONGEST_SECONDS = 30 * 86400


def until(written: str, now: float) -> float:
    """Seconds since the epoch of ``2h``, ``1d12h``, or ``2026-11-02T14:00`` (UTC unless an offset is written).

    :raises HostError: for something else, and for a moment that is over or more than 30 days away.
    """
    moment = _moment(written.strip(), now)
    if moment is None:
        raise HostError(
            f"until={written!r} is no time: write a span such as 2h, or a moment such as 2026-11-02T14:00"
        )
    if not now < moment <= now + LONGEST_SECONDS:
        raise HostError(f"until={written!r} is over, or more than 30 days away: write a moment in between")
    return moment


def _moment(written: str, now: float) -> float | None:
    parts = _SPAN.findall(written)
    if written and "".join(number + unit for number, unit in parts) == written:
        return now + sum(int(number) * _UNITS[unit] for number, unit in parts)
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()
