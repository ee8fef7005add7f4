"""Committed text that is made: compared, or with the environment variable K8S_HA_UPDATE written anew."""

from __future__ import annotations

import os
from pathlib import Path


def compare(file: Path, text: str) -> None:
    """Fail the test when the file does not hold this text."""
    if os.environ.get("K8S_HA_UPDATE"):
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text, (
        f"{file} differs; `K8S_HA_UPDATE=1 pytest tests/golden` writes it anew"
    )
