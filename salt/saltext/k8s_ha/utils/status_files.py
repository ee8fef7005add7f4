"""Which files of a node are not as the pillar wants them, and which of them were changed by hand."""

from __future__ import annotations

from saltext.k8s_ha.utils import present
from saltext.k8s_ha.utils.decision import Decision, decide
from saltext.k8s_ha.utils.host import HostError
from saltext.k8s_ha.utils.record import Record
from saltext.k8s_ha.utils.status_node import Node, Told

_BY_HAND = frozenset({Decision.REVERT, Decision.REPORT_DRIFT, Decision.CONFLICT})


def files(node: Node) -> Told:
    """By path why a file is not as wanted. Nothing of what it holds is told."""
    by_hand: dict[str, str] = {}
    others: dict[str, str] = {}
    unwritten = 0
    record = Record(node.asker.host)
    for path, file in node.member.files.items():
        try:
            there = present.read(file, node.asker.host.path(path))
        except (OSError, HostError) as error:
            others[path] = f"it cannot be read: {error}"
            continue
        decision = decide(file, there, record.known(path), node.member.topology.drift)
        if decision in _BY_HAND:
            by_hand[path] = decision.value
        elif decision is not Decision.KEEP:
            others[path] = decision.value
            unwritten += decision.writes
    attention = [f"{path}: {why}" for path, why in by_hand.items()]
    if unwritten:
        attention.append(
            f"{unwritten} files are not as the pillar wants them: `state.apply k8s.ha test=True` shows it"
        )
    return {"changed_by_hand": by_hand, "not_as_wanted": others}, attention
