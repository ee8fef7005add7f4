"""The sentence that an operator sees, looked for and printed."""

from __future__ import annotations

from collections.abc import Iterable

from lab.report import Report


def expect(report: Report, what: str, said: Iterable[str], *parts: str) -> None:
    """Complain unless one of the sentences has all of the parts; print the first that has."""
    sentences = list(said)
    found = [line for line in sentences if all(part in line for part in parts)]
    report.require(found, f"{what}: no sentence with {parts}; said: {sentences[:4]}")
    for line in found[:1]:
        report.say(f'{what}: "{line}"')
