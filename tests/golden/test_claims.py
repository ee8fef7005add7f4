"""What a document claims and does not hold is refuted by the findings that `claims.yaml` names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

import examples
from command import k8s_ha

CLAIMS = [(name, claim) for name in examples.NAMES for claim in examples.claims(name)]


def codes(pillar: dict[str, Any], folder: Path) -> set[str]:
    """Codes of the findings about a pillar."""
    file = folder / "pillar.sls"
    file.write_text(yaml.safe_dump(pillar, sort_keys=False), encoding="utf-8")
    done = k8s_ha("lint", file, "--format", "json", "--today", examples.TODAY, check=False)
    assert done.returncode in (0, 1), done.stderr
    return {finding["code"] for finding in json.loads(done.stdout)["findings"]}


@pytest.mark.parametrize(
    ("name", "claim"), CLAIMS, ids=[f"{name}: {claim['claim']}" for name, claim in CLAIMS]
)
def test_is_refuted(name: str, claim: dict[str, Any], tmp_path: Path) -> None:
    written = examples.pillar(name)
    claimed = examples.laid_over(written, {"k8s_ha": claim["laid_over"]})
    new = codes(claimed, tmp_path) - codes(written, tmp_path)
    assert set(claim["finds"]) <= new


@pytest.mark.parametrize("name", examples.NAMES)
def test_its_readme_speaks_of_each_claim(name: str) -> None:
    readme = (examples.FOLDER / name / "README.md").read_text(encoding="utf-8")
    named = {code for claim in examples.claims(name) for code in claim["finds"]}
    assert not {code for code in named if code not in readme}
