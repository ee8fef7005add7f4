"""The text that a file holds now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from saltext.k8s_ha._core import File

BLOCK_START = "# begin k8s-ha: written by Salt"
BLOCK_END = "# end k8s-ha"


def read(file: File, place: Path) -> str | None:
    """The text of the whole file, or of our block in it; None where there is none.

    Bytes that are no UTF-8 survive as surrogates, so that anything can be compared.
    """
    text = read_text(place)
    if text is None or file["part"] == "whole":
        return text
    return block_of(text)


def read_text(place: Path) -> str | None:
    """The text of a file; None where there is no file."""
    try:
        return place.read_bytes().decode(errors="surrogateescape")
    except FileNotFoundError:
        return None


def block_of(text: str) -> str | None:
    """The lines between the markers; None where there is no block."""
    _, start, rest = text.partition(f"{BLOCK_START}\n")
    if not start:
        return None
    block, end, _ = rest.partition(f"{BLOCK_END}")
    return block if end else None


def as_block(text: str) -> str:
    """The block with its markers, for a file that does not exist yet."""
    return f"{BLOCK_START}\n{text}{BLOCK_END}\n"
