"""Each host in turn loses its power under load and comes back by itself; then all at once."""

from __future__ import annotations

import time

from lab.commands import wait_for
from lab.lab import Lab
from lab.machine import Machine
from lab.pillar import API_SECONDS
from lab.under_load import Outside, outside_of_a_cluster

_OFF_SECONDS = 12.0


def run(lab: Lab) -> None:
    """The scenario."""
    outside = outside_of_a_cluster(lab)
    cluster = outside.cluster
    for name in _order(outside):
        machine = cluster.machines[name]
        held = [what for what, node in _parts(outside).items() if node == name]
        what = f"{name} loses its power" + (f" ({', '.join(held)})" if held else "")
        outside.meet(
            what,
            machine.power_loss,
            seconds=_OFF_SECONDS,
            heal=lambda machine=machine: _come_back(lab, machine),
            gap=API_SECONDS,
        )
    _all_off_and_on(lab, outside)


def _parts(outside: Outside) -> dict[str, str]:
    return {"holds the address": outside.holder(), "leads etcd": outside.etcd_leader()}


def _order(outside: Outside) -> list[str]:
    """The holder of the address first, then the others."""
    holder = outside.holder()
    return [holder, *(name for name in outside.cluster.nodes if name != holder)]


def _come_back(lab: Lab, machine: Machine) -> None:
    """Power on: nobody helps it."""
    began = time.monotonic()
    machine.power_on()
    machine.wait_booted(60)
    lab.report.measure(f"{machine.name}: booted again", time.monotonic() - began)


def _all_off_and_on(lab: Lab, outside: Outside) -> None:
    cluster = outside.cluster
    lab.report.say("all hosts lose their power, and get it back")
    for machine in cluster.nodes.values():
        machine.power_loss()
    began = time.monotonic()
    for machine in cluster.nodes.values():
        machine.power_on()
    wait_for(lambda: bool(outside.kubectl.ready_nodes()), 180, "the API serves through the address again")
    lab.report.measure("all hosts on again: the address serves", time.monotonic() - began)
    outside.wait_until_whole()
    lab.report.measure("all hosts on again: everything is whole", time.monotonic() - began)
