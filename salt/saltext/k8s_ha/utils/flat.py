"""Documents as values by their place, so that two of them are compared, and what differs is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def flat(document: Mapping[str, Any]) -> dict[str, Any]:
    """Each value of a document by its place in it, as in ``spec.containers[etcd].image``.

    What is empty counts as not there. In a list of things with names their order means nothing.
    """
    return dict(_flat(document, ""))


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """``old`` and ``new`` for each place where they differ; empty where there is nothing."""
    names = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
    return {name: {"old": old.get(name, ""), "new": new.get(name, "")} for name in names}


def _flat(value: Any, where: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 (what YAML holds)
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _flat(inner, f"{where}.{key}" if where else str(key))
    elif isinstance(value, list) and value:
        for name, inner in zip(_names(value), value, strict=True):
            yield from _flat(inner, f"{where}[{name}]")
    elif value not in (None, {}, []):
        yield where, value


def _names(items: list[Any]) -> list[Any]:
    """What to call each item: by its name where each has one of its own, else by its number."""
    names = [item.get("name") if isinstance(item, Mapping) else None for item in items]
    return names if None not in names and len(set(names)) == len(names) else list(range(len(items)))
