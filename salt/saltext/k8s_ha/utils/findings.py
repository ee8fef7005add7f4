"""Findings as text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Finding


def line(finding: Finding) -> str:
    """One finding: code, severity, path, the sentence, and what to write instead."""
    place = f" {finding['path']}" if finding["path"] else ""
    remedy = f" ({finding['help']})" if finding["help"] else ""
    accepted = f" [accepted: {finding['acknowledged']}]" if finding["acknowledged"] else ""
    return f"{finding['code']} {finding['severity']}{place}: {finding['message']}{remedy}{accepted}"


def lines(findings: Iterable[Finding]) -> list[str]:
    """One line for each finding."""
    return [line(finding) for finding in findings]


def unreadable(message: str) -> Finding:
    """The finding for a pillar that is not even a tree of values."""
    return setup(
        "SALT-001",
        "pillar-not-readable",
        "error",
        message,
        why="Nothing can be judged before the pillar can be read.",
        remedy="write text, numbers, lists and mappings only",
    )


def setup(code: str, name: str, severity: str, message: str, *, why: str, remedy: str) -> Finding:
    """A finding about how Salt was set up, which no pillar can show by itself."""
    return {
        "code": code,
        "name": name,
        "severity": severity,  # type: ignore[typeddict-item]
        "path": "",
        "message": message,
        "why": why,
        "help": remedy,
        "dated": False,
        "blocks": severity == "error",
        "acknowledged": None,
        "file": None,
        "line": None,
        "column": None,
    }
