"""The hand-written documents.

``cases/*.cases`` hold whole documents. A line ``=== NAME`` begins one, and everything up to the next such line is the
document, the line break before it included. ``=== NAME (escaped)`` begins one whose text is the inside of a Python
bytes literal, for what an editor cannot show. ``=-= WHY`` says what the cases after it are about.

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
    name: str
    document: bytes


def documents() -> list[Case]:
    """The cases of all files."""
    return [case for path in sorted(FOLDER.glob("*.cases")) for case in documents_of(path)]


def documents_of(path: Path) -> list[Case]:
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
    """Each scalar at each place."""
    found = []
    for path in sorted(FOLDER.glob("*.scalars")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("# "):
                found += [Case(f"{line} {place}", text.replace("@", line).encode()) for place, text in PLACES.items()]
    return found
