"""What stands on a host between it and the others: a step that has not ended, steps left for later, maintenance."""

from __future__ import annotations

import time
from typing import Any

from saltext.k8s_ha.utils import begun, deferred, maintenance, override
from saltext.k8s_ha.utils.host import Host
from saltext.k8s_ha.utils.status_node import Told


def turn(host: Host, now: float) -> Told:
    """All of it, as this host has it on its disk; nobody else is asked."""
    step, work = begun.standing(host), maintenance.lasting(host, now)
    left, word = deferred.listed(host), override.standing(host, now)
    told: dict[str, Any] = {}
    attention = []
    if step:
        told["begun"] = step["step"]
        attention.append(f"{step['step']} was begun and has not ended well: hosts with the same pillar wait")
    if left:
        told["deferred"] = {
            name: f"since {_clock(each['since'])}: {each['why']}" for name, each in left.items()
        }
        attention += [f"{name} was left to a later apply: {each['why']}" for name, each in left.items()]
    if work:
        told["maintenance"] = maintenance.sentence(work)
        attention.append(told["maintenance"])
    if word:
        told["override"] = f"{word['step']} may pass {word['code']} once, says {word['by']}: {word['reason']}"
        attention.append(told["override"])
    return told or "Nothing stands between this host and the others.", attention


def _clock(moment: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.gmtime(moment)) + " UTC"
