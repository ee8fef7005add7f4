"""What a state function answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Answer = dict[str, Any]


def state_answer(
    result: bool | None,
    comment: str,
    changes: Mapping[str, Any] | None = None,
    warnings: list[str] | None = None,
) -> Answer:
    """``result``, ``changes``, ``comment`` and, where there are any, ``warnings`` of a state."""
    told: Answer = {"result": result, "changes": dict(changes or {}), "comment": comment}
    if warnings:
        told["warnings"] = warnings
    return told
