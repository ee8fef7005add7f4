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
        """What differs between Salt's reading and ours; nothing where both are the same, or both refuse."""
        ours = self.reader.read(document)
        try:
            theirs = salt_reading.read(document)
        except salt_reading.Refused as refusal:
            if "error" in ours:
                return None
            return f"Salt refuses it ({refusal}), and we read {summary(ours['nodes'])}"
        if "error" in ours:
            return f"we refuse it ({ours['error']}), and Salt reads {summary(theirs)}"
        return difference_of_nodes(ours["nodes"], theirs)

    def refusals(self, document: bytes) -> tuple[bool, str | None]:
        """Whether Salt reads the document, and the kind of our refusal if we do not."""
        return salt_reading.is_read(document), self.reader.read(document).get("error", {}).get("kind")


def difference_of_nodes(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> str | None:
    """The first node that differs in type, value or place."""
    for number, (our_node, their_node) in enumerate(zip(ours, theirs, strict=False)):
        for field, value in their_node.items():
            if our_node[field] != value:
                return f"node {number}: {field} is {value!r} for Salt ({their_node}), {our_node[field]!r} for us"
    if len(ours) != len(theirs):
        return f"Salt has {len(theirs)} nodes, and we have {len(ours)}"
    return None


def summary(nodes: list[dict[str, Any]]) -> str:
    """The beginning of a reading."""
    return f"{len(nodes)} nodes, beginning with {nodes[:5]}"
