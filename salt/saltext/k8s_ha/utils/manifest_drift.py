"""How the static pods of the nodes of one control plane differ from each other, their own names and addresses aside."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from saltext.k8s_ha.utils.etcd_manifest import LIST, STATE

if TYPE_CHECKING:
    from saltext.k8s_ha._core import StaticPod

_ABSENT = "not given"
# They say how a member began, which was different for each.
_OF_ITS_OWN = frozenset({LIST, STATE})
_IMAGE = "the image"


def drift(pods: Iterable[StaticPod], addresses: Mapping[str, str]) -> list[str]:
    """A sentence for each flag or image that is not the same everywhere: component, flag, and who has what.

    :param pods: what the kubelets run, on all nodes.
    :param addresses: address of each declared node.
    """
    by_component: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    for pod in pods:
        by_component[pod["component"]][pod["node"]] = _facts(pod, addresses.get(pod["node"]))
    return [
        sentence
        for component, nodes in sorted(by_component.items())
        for sentence in _differ(component, nodes)
    ]


def _differ(component: str, nodes: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    for name in sorted({name for facts in nodes.values() for name in facts}):
        values = {node: facts.get(name, _ABSENT) for node, facts in nodes.items()}
        if len(set(values.values())) > 1:
            counted = Counter(values.values())
            # The rarer ones first: they are what somebody looks for.
            order = sorted(counted, key=lambda value: (counted[value], value))
            told = ", ".join(f"{value} on {_nodes(values, value)}" for value in order)
            yield f"{component}: {name} is {told}"


def _nodes(values: Mapping[str, str], wanted: str) -> str:
    return " and ".join(sorted(node for node, value in values.items() if value == wanted))


def _facts(pod: StaticPod, address: str | None) -> dict[str, str]:
    facts = {_IMAGE: pod["image"]}
    for word in pod["command"][1:]:
        name, _, value = word.partition("=")
        if name not in _OF_ITS_OWN:
            text = _of_any_node(value, pod["node"], address)
            # Of several, all in their order.
            facts[name] = f"{facts[name]} {text}" if name in facts else text
    return facts


def _of_any_node(value: str, node: str, address: str | None) -> str:
    """The same text for each node, where it holds the node's own name or address."""
    for own, word in ((node, "<node>"), (address, "<address>")):
        if own:
            value = re.sub(rf"(?<![\w.:-]){re.escape(own)}(?![\w.-])", word, value)
    return value
