"""Compares the two readings of one document."""

from __future__ import annotations

from typing import Any

from . import salt_reading
from .our_reading import OurReader


class Comparison:
    """Salt's reader and ours."""

    def __init__(self, reader: OurReader) -> None:
        self.reader = reader

    def difference(self, document: bytes) -> str | None:
        """Say what differs between the readings; nothing where both are the same, or both refuse."""
        ours = self.reader.read(document)
        try:
            theirs = salt_reading.read(document)
        except salt_reading.RefusedError as refusal:
            if "error" in ours:
                return difference_of_places(ours["error"], refusal)
            return f"Salt refuses it ({refusal}), and we read {summary(ours['nodes'])}"
        if "error" in ours:
            if ours["error"]["kind"] == "RecursiveAlias" and contains_itself(theirs):
                # The one accepted difference to which small random documents come: see `accepted.py`.
                return None
            return f"we refuse it ({ours['error']}), and Salt reads {summary(theirs)}"
        return difference_of_nodes(ours["nodes"], theirs)

    def refusals(self, document: bytes) -> tuple[bool, str | None]:
        """Tell whether Salt reads the document, and the kind of our refusal if we do not."""
        return salt_reading.is_read(document), self.reader.read(document).get("error", {}).get("kind")


def difference_of_places(ours: dict[str, Any], theirs: salt_reading.RefusedError) -> str | None:
    """Say whether the readers find the text wrong at different places."""
    place = [ours["line"], ours["column"]]
    if theirs.place is None or theirs.place == place:
        return None
    return f"Salt refuses it at {theirs.place} ({theirs}), and we at {place} ({ours['message']})"


def difference_of_nodes(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> str | None:
    """Say which node is the first that differs in type, value or place."""
    for number, (our_node, their_node) in enumerate(zip(ours, theirs, strict=False)):
        for field, value in their_node.items():
            if our_node[field] != value:
                return (
                    f"node {number}, {field}: Salt has {value!r} ({their_node}), we have {our_node[field]!r}"
                )
    if len(ours) != len(theirs):
        return f"Salt has {len(theirs)} nodes, and we have {len(ours)}"
    return None


def contains_itself(nodes: list[dict[str, Any]]) -> bool:
    """Tell whether a collection is within itself."""
    within = {number: set(children(node)) for number, node in enumerate(nodes)}
    for _ in nodes:
        within = {
            number: inner.union(*(within[child] for child in inner)) for number, inner in within.items()
        }
    return any(number in inner for number, inner in within.items())


def children(node: dict[str, Any]) -> list[int]:
    """Return the numbers of the nodes in a collection."""
    if node["type"] == "list":
        return list(node["value"])
    if node["type"] == "dict":
        return [number for entry in node["value"] for number in entry]
    return []


def summary(nodes: list[dict[str, Any]]) -> str:
    """Show the beginning of a reading."""
    return f"{len(nodes)} nodes, beginning with {nodes[:5]}"
