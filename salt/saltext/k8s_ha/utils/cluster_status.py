"""How a whole cluster is, from the master: what every node says, what stands on record, what wants attention."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils.cluster_minions import ClusterMinions
from saltext.k8s_ha.utils.minion_call import Call, Said, first_to_tell
from saltext.k8s_ha.utils.roll_record import RollRecord, Rolls

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Topology

All = Callable[[list[str], str], Mapping[str, Said]]
"""Calls a function on many minions at once."""


Machines = Callable[["Topology"], tuple[list[dict[str, Any]] | None, list[str]]]
"""Tells where the virtual machines run, and what of that wants attention."""


def tell(of: ClusterMinions, call: Call, all_at_once: All, machines: Machines) -> dict[str, Any]:
    """The status of a cluster; ``attention`` first.

    :raises HostError: when the record of its last roll cannot be read.
    """
    answers = all_at_once(sorted(of.by_node.values()), "k8s_ha.status")
    _, record = first_to_tell(call, of.of_etcd(), "k8s_ha.on_record")
    attention = [f"on record: {record.sentence}"] if not record.is_good else _of_record(record.value)
    roll = Rolls(of.directory / "rolls").newest()
    if roll and roll.ended is None:
        attention.append(_of_roll(roll))
    nodes: dict[str, Any] = {}
    for node in of.topology.nodes:
        said = answers[of.by_node[node]]
        if not said.is_good:
            attention.append(f"{node}: {said.sentence}")
            continue
        nodes[node] = {key: value for key, value in said.value.items() if key != "attention"}
        attention += [f"{node}: {sentence}" for sentence in said.value["attention"]]
    attention += _of_address(of.topology.api_vip, nodes, len(nodes) == len(of.by_node))
    placed, misplaced = machines(of.topology)
    attention += misplaced
    return {
        "retcode": 0,
        "cluster": of.topology.cluster,
        "digest": of.topology.digest[:12],
        "attention": attention,
        "on_record": record.value if record.is_good else None,
        "machines": placed,
        "nodes": nodes,
    }


def _of_record(record: Mapping[str, Any]) -> list[str]:
    steps = [
        f"{step['step']} was begun and has not ended well: hosts with the same pillar wait"
        for step in record["steps"]
    ]
    work = [f"{each['node']} is in maintenance: {each['reason']}" for each in record["maintenance"]]
    return [*steps, *work]


def _of_roll(roll: RollRecord) -> str:
    left = ", ".join(roll.left)
    return f"a roll of {roll.by} (action={roll.action}) has not ended, {left} left: run it again, it goes on"


def _of_address(vip: str | None, nodes: Mapping[str, Any], everybody: bool) -> list[str]:
    """What is wrong with who holds the address of the API. That nobody does is known when every node has told."""
    told = {node: said.get("address") for node, said in nodes.items()}
    known = {node: address["held"] for node, address in told.items() if isinstance(address, dict)}
    holders = [node for node, held in known.items() if held]
    if len(holders) > 1:
        return [
            f"{' and '.join(holders)} hold {vip} at the same time: mend keepalived, or the network between them"
        ]
    if vip is None or holders or not everybody or len(known) < len(told):
        return []
    return [f"no host holds {vip}: mend keepalived"]
