"""Asks a program about the same contents once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

from programs import Verdict

from .cases import Node


class Verdicts:
    """What programs said, by the contents that they were asked about."""

    def __init__(self) -> None:
        self._known: dict[bytes, Verdict] = {}

    def accepted(
        self,
        program: str,
        node: Node,
        paths: Iterable[str],
        check: Callable[..., Verdict],
        *arguments: object,
    ) -> None:
        """Assert that `program` accepts the files of the node at `paths`, which are all that it reads.

        It is asked by `check(*arguments)`.
        """
        digest = hashlib.sha256(program.encode())
        for path in sorted(paths):
            file = node.local(path)
            digest.update(f"\0{path}\0{file.stat().st_mode:o}\0".encode())
            digest.update(file.read_bytes())
        key = digest.digest()
        if key not in self._known:
            self._known[key] = check(*arguments)
        verdict = self._known[key]
        assert verdict.accepted, f"{program} refuses files of {node.name} ({node.case}):\n{verdict.output}"
