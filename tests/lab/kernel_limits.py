"""Limits of this machine's kernel that are too low for several hosts on it: raised for the lab, then restored."""

from __future__ import annotations

import json
from pathlib import Path

_SYSCTL = Path("/proc/sys")
_SAVED = "kernel-limits.json"

_NEEDED = {
    # For each user, so for all machines of the lab together: five nodes and a master use about 125 of the usual
    # 128. Without one left, systemd's path units fail, and the kubelet and CoreDNS end.
    "fs/inotify/max_user_instances": 1024,
}


def raise_all(runs: Path) -> None:
    """Raise the limits that are too low; the values of before are kept in a file in `runs`."""
    saved = _saved(runs)
    before = {name: int((_SYSCTL / name).read_text()) for name in _NEEDED}
    # A file that is there already is of the first run: its values are the machine's own.
    saved = {**{name: value for name, value in before.items() if value < _NEEDED[name]}, **saved}
    (runs / _SAVED).write_text(json.dumps(saved), encoding="utf-8")
    for name, value in before.items():
        if value < _NEEDED[name]:
            (_SYSCTL / name).write_text(str(_NEEDED[name]))


def restore_all(runs: Path) -> None:
    """Set the limits back to what they were before the first run, those that are still as a run has set them."""
    for name, value in _saved(runs).items():
        if name in _NEEDED and int((_SYSCTL / name).read_text()) == _NEEDED[name]:
            (_SYSCTL / name).write_text(str(value))
    (runs / _SAVED).unlink(missing_ok=True)


def _saved(runs: Path) -> dict[str, int]:
    try:
        found: dict[str, int] = json.loads((runs / _SAVED).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found
