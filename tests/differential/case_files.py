"""The hand-written documents.

``cases/*.cases`` hold whole documents. A line ``=== NAME`` begins one, and everything up to the next such
line is the document, the line break before it included. ``=== NAME (escaped)`` begins one whose text is the
inside of a Python bytes literal, for what an editor cannot show. ``=-= WHY`` says what the cases after it are
about.

``cases/*.scalars`` hold one plain scalar per line; ``# `` begins a comment. Each becomes several documents.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("cases")
ESCAPED = " (escaped)"


@dataclass(frozen=True)
class Case:
    """A document with its name."""

    name: str
    document: bytes


def documents() -> list[Case]:
    """Return the documents of all files."""
    return [case for path in sorted(FOLDER.glob("*.cases")) for case in documents_of(path)]


def documents_of(path: Path) -> list[Case]:
    """Return the documents of one file."""
    found: list[Case] = []
    name: str | None = None
    lines: list[str] = []
    for line in [*path.read_text(encoding="utf-8").splitlines(keepends=True), "=-= "]:
        if not line.startswith(("=== ", "=-= ")):
            lines.append(line)
            continue
        if name is not None:
            found.append(case(path.stem, name, "".join(lines)))
        name = line[4:].strip() if line.startswith("=== ") else None
        lines = []
    return found


def case(subject: str, name: str, text: str) -> Case:
    """Return one document, its escapes undone."""
    if not name.endswith(ESCAPED):
        return Case(f"{subject}: {name}", text.encode())
    joined = text.rstrip("\n").replace("\n", "\\n")
    return Case(f"{subject}: {name.removesuffix(ESCAPED)}", ast.literal_eval(f'b"""{joined}"""'))


PLACES = {
    "as the document": "@\n",
    "as a value": "key: @\n",
    "as a key": "? @\n: value\n",
    "as an item": "- first\n- @ # comment\n",
    "in flow": "[@, {key: @}]\n",
}


def scalars() -> list[Case]:
    """Return each scalar at each place."""
    return [
        Case(f"{scalar} {place}", text.replace("@", scalar).encode())
        for scalar in plain_scalars()
        for place, text in PLACES.items()
    ]


def plain_scalars() -> list[str]:
    """Return the scalars of all files."""
    lines = [
        line for path in FOLDER.glob("*.scalars") for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return [line for line in lines if line and not line.startswith("# ")]
