"""The gate broken by hand on the minions: every step passes at once, without a lock. What it protects must turn red."""

from __future__ import annotations

from collections.abc import Iterable

from lab.machine import Machine

_FIND = "import saltext.k8s_ha.utils.disruption as found; print(found.__file__)"
_MUTATION = """

def _passes_at_once(self, allowed):
    allowed.judgement = {"move_leader_to": None}


Disruption._try = _passes_at_once
Disruption.until_back = lambda *_arguments: None
Allowed.confirm = lambda self: None
"""


def break_gate(machines: Iterable[Machine]) -> None:
    """Change the installed extension on these machines; the next job of Salt runs with it."""
    for machine in machines:
        python = machine.must(["sh", "-c", "head -1 $(command -v salt-call) | sed 's/^#! *//'"]).strip()
        place = machine.must([*python.split(), "-c", _FIND]).strip()
        text = machine.read_file(place).decode()
        machine.write_file(place, text + _MUTATION)
        machine.must(["systemctl", "restart", "salt-minion"], timeout=60)
