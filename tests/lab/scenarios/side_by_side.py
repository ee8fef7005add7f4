"""Our balancer, then the one of kubeadm's page on highly available clusters: the same hosts, client and faults."""

from __future__ import annotations

import signal
from collections.abc import Callable

from lab import sample_balancer
from lab.lab import Lab
from lab.machine import Machine
from lab.under_load import Outside, outside_of_a_cluster

_STANDS_SECONDS = 40.0


def run(lab: Lab) -> None:
    """The scenario."""
    outside = outside_of_a_cluster(lab)
    gaps = {"ours": _measure(outside, "ours")}
    lab.report.say("the balancer of kubeadm's page takes the place of ours")
    sample_balancer.put(outside.cluster.control_plane)
    gaps["the page's"] = _measure(outside, "the page's")
    faults = list(gaps["ours"])
    width = max(map(len, faults))
    lab.report.say(f"{'longest gap of reads':<{width}}  {'ours':>8}  {'the page':>8}")
    for fault in faults:
        ours, theirs = (gaps[whose][fault] for whose in gaps)
        lab.report.say(f"{fault:<{width}}  {ours:>6.1f} s  {theirs:>6.1f} s")
        lab.report.require(ours <= theirs + 1, f"{fault}: ours is slower ({ours:.1f} s, {theirs:.1f} s)")


def _measure(outside: Outside, whose: str) -> dict[str, float]:
    gaps = {}
    for what in ("SIGKILL of haproxy", "SIGSTOP of haproxy", "SIGKILL of keepalived", "host loss"):
        outside.wait_until_whole()
        holder = outside.cluster.machines[outside.holder()]
        fault, heal = _fault(what, holder)
        seen = outside.meet(
            f"{whose}: {what} on the holder",
            fault,
            seconds=_STANDS_SECONDS,
            heal=heal,
            gap=None,
            two_holders=None,
            lost=None,
        )
        gaps[what] = seen.reads.longest_gap
    return gaps


def _fault(what: str, holder: Machine) -> tuple[Callable[[], object], Callable[[], object]]:
    if what == "host loss":
        return holder.power_loss, lambda: _on(holder)
    name, _, program = what.partition(" of ")
    number = signal.Signals[name]
    return lambda: holder.kill_process(program, number), lambda: _repair(holder, program)


def _on(holder: Machine) -> None:
    holder.power_on()
    holder.wait_booted(60)


def _repair(holder: Machine, program: str) -> None:
    """What a person would do after a while, where nothing has healed it."""
    if holder.pids(program):
        holder.kill_process(program, signal.SIGCONT)
    holder.must(["systemctl", "start", program])
