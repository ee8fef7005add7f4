"""A step on several nodes at once, judged from the master by a host that it does not take."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils.cluster_minions import ClusterMinions
from saltext.k8s_ha.utils.host import HostError
from saltext.k8s_ha.utils.minion_call import Call, first_to_tell

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Action, Topology

Look = Callable[["Topology"], "str | None"]
"""Where the virtual machines run, as JSON; None where nobody can be asked."""


def taken(topology: Topology, nodes: list[str], hypervisors: list[str], look: Look) -> list[str]:
    """The nodes that a step takes: those that are named, and all on the hypervisors, wherever the pillar has put them.

    :raises HostError: when there are none, or nobody says which run there.
    """
    from saltext.k8s_ha import _core

    if not nodes and not hypervisors:
        raise HostError("say of what: `nodes=cp2,w2`, or `hypervisors=pve1` for all machines that run there")
    machines = look(topology) if hypervisors else None
    try:
        return _core.taken(topology, machines, nodes, hypervisors)
    except ValueError as error:
        raise HostError(str(error)) from error


def judge(of: ClusterMinions, call: Call, action: Action, nodes: list[str], programs: str) -> dict[str, Any]:
    """What the gate says of it, asked on a host of etcd; one that the step takes is asked last.

    :raises HostError: when none of them can tell.
    """
    in_turn = sorted(of.of_etcd(), key=lambda each: of.node_of(each) in nodes)
    minion, said = first_to_tell(
        call, in_turn, "k8s_ha.judge", action, nodes=",".join(nodes), programs=programs
    )
    if minion is None:
        raise HostError(f"nobody can tell: {said.sentence}")
    judgement: dict[str, Any] = said.value
    return {"asked": minion, "nodes": nodes, **judgement}
