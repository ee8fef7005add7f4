"""Picks single documents out of a YAML file without changing a byte of them."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

_SEPARATOR = re.compile(r"^---(?=\s|$)", re.MULTILINE)


def of_kind(file: Path, kind: str) -> list[str]:
    """The texts of the file's documents of that `kind`, as they stand there (duplicate keys included)."""
    texts = _SEPARATOR.split(file.read_text(encoding="utf-8"))
    return [text for text in texts if _kind(text) == kind]


def _kind(text: str) -> object:
    document = yaml.safe_load(text)
    return document.get("kind") if isinstance(document, dict) else None
