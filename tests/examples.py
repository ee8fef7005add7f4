"""The worked examples in `pillar/`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from command import ROOT

FOLDER = ROOT / "pillar"
NAMES = sorted(path.parent.name for path in FOLDER.glob("*/top.sls"))
"""Names of the examples."""

TODAY = "2026-11-21"
"""The day on which they are judged: some findings depend on it."""


def cluster_file(name: str) -> Path:
    """The file of an example that holds its cluster."""
    (found,) = (path for path in (FOLDER / name).glob("*.sls") if path.name != "top.sls")
    return found


def pillar(name: str) -> dict[str, Any]:
    """The pillar of an example as plain data, with its root key `k8s_ha`."""
    read = yaml.safe_load(cluster_file(name).read_text(encoding="utf-8"))
    assert isinstance(read, dict)
    return read


def claims(name: str) -> list[dict[str, Any]]:
    """What its document claims, in the form that `golden` describes."""
    file = FOLDER / name / "claims.yaml"
    return yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else []


def laid_over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """A mapping laid over another one, as Salt merges pillars: mappings are merged, all else is replaced."""
    merged = {**below}
    for key, value in above.items():
        under = merged.get(key)
        merged[key] = (
            laid_over(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
        )
    return merged
