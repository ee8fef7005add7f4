"""The network fails: a port, one direction of it, one side of three, VRRP alone; also where the holder leads etcd."""

from __future__ import annotations

from collections.abc import Callable

from lab import pillar as pillars
from lab.commands import wait_for
from lab.lab import Lab
from lab.network_faults import Cut
from lab.under_load import Outside, outside_of_a_cluster

HOST_SECONDS = 3.0
ONE_WAY_SECONDS = 5.0
# When VRRP is back, hosts drop the address without a word, and a neighbour doubts what it knows only after five
# seconds (`delay_first_probe_time`) and asks three times.
ARP_SECONDS = 9.0
_STANDS_SECONDS = 25.0


def run(lab: Lab) -> None:
    """The scenario."""
    outside = outside_of_a_cluster(lab)
    network = outside.cluster.network
    others = lambda name: [*(set(pillars.NODES) - {name}), "client"]  # noqa: E731 (one line of a table)
    cuts: dict[str, tuple[Callable[[str], Cut], float]] = {
        "the holder's port is cut": (network.cut, HOST_SECONDS),
        "the holder and the other nodes are cut apart": (
            lambda name: network.cut_between([name], others(name)),
            HOST_SECONDS,
        ),
        "the holder hears nothing": (network.cut_input, ONE_WAY_SECONDS),
        "the holder is not heard": (network.cut_output, ONE_WAY_SECONDS),
    }
    for what, (cut, gap) in cuts.items():
        for leads in (False, True):
            _arrange(outside, leads=leads)
            name = outside.holder()
            made: list[Cut] = []
            outside.meet(
                what + (", and leads etcd" if leads else ""),
                lambda cut=cut, name=name, made=made: made.append(cut(name)),
                seconds=_STANDS_SECONDS,
                heal=lambda made=made: made[0].undo(),
                gap=gap,
            )
    _vrrp_alone(outside)


def _vrrp_alone(outside: Outside) -> None:
    made: list[Cut] = []
    outside.meet(
        "VRRP alone is cut",
        lambda: made.append(outside.cluster.network.cut_vrrp()),
        seconds=_STANDS_SECONDS,
        heal=lambda: made[0].undo(),
        gap=ARP_SECONDS,
        # Nothing but VRRP says who holds the address, so each host takes it; both serve the same etcd.
        two_holders=_STANDS_SECONDS + 10,
    )


def _arrange(outside: Outside, *, leads: bool) -> None:
    """Have the holder lead etcd, or not, by moving etcd's leadership."""
    outside.wait_until_whole()

    def arranged() -> bool:
        holder, leader = outside.holder(), outside.etcd_leader()
        if (holder == leader) is leads:
            return True
        to = holder if leads else next(name for name in pillars.CONTROL_PLANE if name != holder)
        outside.move_etcd_leader(leader, to)
        return False

    wait_for(arranged, 60, f"the holder {'leads' if leads else 'does not lead'} etcd")
