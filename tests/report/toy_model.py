"""A toy of a failure model, for reports of the right shape.

What the answers must be is the engine's business and tested there. Here they only have to be plausible enough
to be looked at.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any

Mask = int
"""A set of elements, one bit each."""
Lost = Callable[[Mask], bool]

LEVELS = ("serve", "recover", "data")

KINDS = [
    {"key": key, "one": one, "many": many, "drawn": drawn}
    for key, one, many, drawn in (
        ("site", "site", "sites", "place"),
        ("uplink", "uplink", "uplinks", "supply"),
        ("power_feed", "power feed", "power feeds", "supply"),
        ("rack", "rack", "racks", "place"),
        ("switch", "switch", "switches", "supply"),
        ("hypervisor", "hypervisor", "hypervisors", "place"),
        ("node", "node", "nodes", "place"),
        ("storage_device", "storage device", "storage devices", "part"),
        ("process", "process", "processes", "part"),
        ("outside", "service outside", "services outside", "supply"),
    )
]


class Cluster:
    """Elements, what they need, and services that are lost with them."""

    def __init__(self) -> None:
        self.elements: list[dict[str, Any]] = []
        self.services: list[tuple[str, str, dict[str, Lost], list[int]]] = []

    def add(self, kind: str, name: str, *needs: Iterable[int]) -> int:
        """Add an element that needs one of each group, and return its index."""
        groups = [list(group) for group in needs]
        self.elements.append({"kind": kind, "name": name, "needs": groups})
        return len(self.elements) - 1

    def serve(self, name: str, about: str, lost: dict[str, Lost], degraded_by: Iterable[int] = ()) -> int:
        """Add a service, lost at a level when the predicate of the level says so, and return its index."""
        self.services.append((name, about, lost, list(degraded_by)))
        return len(self.services) - 1

    def closure(self, failed: Iterable[int]) -> Mask:
        """All that is lost when these fail. What an element needs was added before it, so one pass does."""
        lost = sum(1 << index for index in set(failed))
        for index, element in enumerate(self.elements):
            if any(all(lost >> needed & 1 for needed in group) for group in element["needs"]):
                lost |= 1 << index
        return lost

    def of_kind(self, kind: str) -> list[int]:
        return [index for index, element in enumerate(self.elements) if element["kind"] == kind]


def at_least(count: int, members: Iterable[int]) -> Lost:
    """So many of the members are lost."""
    mask = sum(1 << member for member in members)
    return lambda lost: (lost & mask).bit_count() >= count


def any_of(*ways: Lost) -> Lost:
    return lambda lost: any(way(lost) for way in ways)


def report(
    cluster: Cluster, name: str, targets: dict[str, int], classes: list[int], pairs: bool, depth: int
) -> dict[str, Any]:
    """Ask the toy model everything; tolerances are searched up to `depth` losses."""
    ask = _Asker(cluster, depth)
    members: dict[int, list[int]] = {}
    for element, of in enumerate(classes):
        members.setdefault(of, []).append(element)
    questions: list[tuple[int, ...]] = [(), *((of,) for of in sorted(members))]
    if pairs:
        couples = itertools.combinations_with_replacement(sorted(members), 2)
        questions += [couple for couple in couples if couple[0] != couple[1] or len(members[couple[0]]) > 1]
    answers: list[dict[str, Any]] = []
    known: dict[str, int] = {}
    asked = []
    for question in questions:
        down = [members[of][question[:place].count(of)] for place, of in enumerate(question)]
        answer = ask.answer(down)
        index = known.setdefault(repr(answer), len(answers))
        if index == len(answers):
            answers.append(answer)
        asked.append({"down": list(question), "answer": index})
    services = [
        {
            "name": service,
            "about": about,
            "degraded_by": degraded_by,
            "tolerance": [
                ask.tolerance(number, level, kind["key"], targets)
                for level in LEVELS
                if level in lost
                for kind in KINDS
                if cluster.of_kind(kind["key"])
            ],
        }
        for number, (service, about, lost, degraded_by) in enumerate(cluster.services)
    ]
    return {
        "cluster": name,
        "version": "k8s-ha 0.1.0",
        "date": "2026-11-26",
        "kinds": KINDS,
        "elements": cluster.elements,
        "services": services,
        "losses": {"classes": classes, "asked": asked, "answers": answers, "takes": ask.takes()},
    }


class _Asker:
    def __init__(self, cluster: Cluster, depth: int) -> None:
        self.cluster = cluster
        self.depth = depth
        self.alone = [cluster.closure([element]) for element in range(len(cluster.elements))]
        groups = {
            tuple(group) for element in cluster.elements for group in element["needs"] if len(group) > 1
        }
        self.together = [
            (group, sum(1 << element for element in group), cluster.closure(group))
            for group in sorted(groups)
        ]
        self.tolerances: dict[tuple[int, str, str], tuple[int, bool, list[int]]] = {}

    def lost(self, down: Iterable[int]) -> Mask:
        mask = 0
        for element in down:
            mask |= self.alone[element]
        for _, group, closure in self.together:
            if mask & group == group:
                mask |= closure
        return mask

    def answer(self, down: list[int]) -> dict[str, Any]:
        mask = self.lost(down)
        levels = [
            [level for level in LEVELS if level in lost and lost[level](mask)]
            for _, _, lost, _ in self.cluster.services
        ]
        effects = []
        for number, (_, _, _, degraded_by) in enumerate(self.cluster.services):
            without = [other for other in degraded_by if "serve" in levels[other]]
            serves_less = without if "serve" not in levels[number] else []
            if levels[number] or serves_less:
                effects.append({"service": number, "lost": levels[number], "without": serves_less})
        following = [] if not down else self._next(down, levels)
        return {"effects": effects, "next": following}

    def _next(self, down: list[int], levels: list[list[str]]) -> list[dict[str, Any]]:
        after = {
            kind: [(one, self.lost([*down, one])) for one in self.cluster.of_kind(kind) if one not in down]
            for kind in ("hypervisor", "node")
        }
        out = []
        for number, (_, _, lost, _) in enumerate(self.cluster.services):
            for kind, others in after.items():
                if "serve" in levels[number] or self.survived(number, "serve", kind)[0] == 0:
                    continue
                if felt := [one for one, mask in others if lost["serve"](mask)]:
                    following = {"service": number, "level": "serve", "kind": kind}
                    out.append(following | {"count": len(felt), "examples": felt[:3]})
        return out

    def survived(self, service: int, level: str, kind: str) -> tuple[int, bool, list[int]]:
        """How many, whether that is exact, and the witness."""
        key = (service, level, kind)
        if key not in self.tolerances:
            self.tolerances[key] = self._search(*key)
        return self.tolerances[key]

    def _search(self, service: int, level: str, kind: str) -> tuple[int, bool, list[int]]:
        lost = self.cluster.services[service][2][level]
        elements = self.cluster.of_kind(kind)
        if not lost(self.lost(elements)):
            return len(elements), True, []
        for size in range(1, len(elements) + 1):
            if size > self.depth or (size > 1 and len(elements) ** size > 30_000):
                return size - 1, False, []
            for several in itertools.combinations(elements, size):
                if lost(self.lost(several)):
                    return size - 1, True, list(several)
        return len(elements), True, []

    def tolerance(self, service: int, level: str, kind: str, targets: dict[str, int]) -> dict[str, Any]:
        survives, settled, witness = self.survived(service, level, kind)
        return {
            "kind": kind,
            "level": level,
            "survives": survives,
            "of": len(self.cluster.of_kind(kind)),
            "settled": settled,
            "witness": witness,
            "target": targets.get(kind) if level != "recover" else None,
        }

    def takes(self) -> list[dict[str, Any]]:
        out = []
        for element, mask in enumerate(self.alone):
            if lost := _bits(mask & ~(1 << element)):
                out.append({"down": [element], "lost": lost})
        for group, _, closure in self.together:
            without = closure
            for element in group:
                without &= ~self.alone[element]
            if lost := _bits(without):
                out.append({"down": list(group), "lost": lost})
        return out


def _bits(mask: Mask) -> list[int]:
    return [index for index in range(mask.bit_length()) if mask >> index & 1]
