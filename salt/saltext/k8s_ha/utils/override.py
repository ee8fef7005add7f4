"""An operator's word that one step may pass the gate once: bound to this host, the step, and what is in its way."""

from __future__ import annotations

import json
import os
from typing import Any

from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.identity import Identity
from saltext.k8s_ha.utils.record import sync_directory

OF_OVERRIDE = Identity("/var/lib/k8s-ha/override.json", "which step may pass the gate once")
RECORD = "/var/lib/k8s-ha/overrides.log"
SECONDS = 900.0

CODES = ("etcd-quorum", "etcd-members", "services", "address", "budgets", "workers", "frozen")


def grant(host: Host, word: dict[str, Any], now: float) -> dict[str, Any]:
    """Let a step pass once within 15 minutes, and put that on the record.

    :param word: ``step``, ``code``, ``reason``, ``by`` and, where etcd could not count on a quorum, ``voters_lost``.
    :raises HostError: for a code that there is not, and without a reason.
    """
    if word["code"] not in CODES:
        raise HostError(f"`{word['code']}` is nothing that could be overridden; there is: {', '.join(CODES)}")
    if not str(word["reason"]).strip():
        raise HostError("say why: reason='...'")
    kept = {**word, "granted": now, "until": now + SECONDS}
    _record(host, {**kept, "what": "granted"})
    OF_OVERRIDE.write(host, kept)
    return kept


def standing(host: Host, now: float) -> dict[str, Any] | None:
    """The word that was given and not used yet, while it lasts."""
    kept = OF_OVERRIDE.read(host)
    return kept if kept and kept["granted"] <= now < kept["until"] else None


def fits(host: Host, step: str, code: str, voters_lost: int | None, now: float) -> bool:
    """Whether there is a word for this step and what stands in its way.

    Below the quorum of etcd it must say on how many voters etcd could not count while the step lasts.
    """
    kept = standing(host, now)
    return bool(
        kept
        and (kept["step"], kept["code"]) == (step, code)
        and (voters_lost is None or kept.get("voters_lost") == voters_lost)
    )


def use(host: Host, now: float) -> None:
    """Take it back before the act: it lets one step pass."""
    kept = OF_OVERRIDE.read(host) or {}
    _record(host, {**kept, "what": "used", "at": now})
    place = host.path(OF_OVERRIDE.path)
    place.unlink(missing_ok=True)
    sync_directory(place.parent)


def _record(host: Host, line: dict[str, Any]) -> None:
    """A line at the end of what was granted and used; it is on the disk when this returns."""
    place = host.path(RECORD)
    place.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(place, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, (json.dumps(line, sort_keys=True) + "\n").encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
