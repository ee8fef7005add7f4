"""What the engine answers to a claim."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

import examples
from command import k8s_ha

Claim = dict[str, Any]


def pillar_of(name: str, claim: Claim, folder: Path) -> Path:
    """The pillar of an example under the change of a claim, written as a file into the folder."""
    changed = examples.laid_over(examples.pillar(name), {"k8s_ha": claim.get("laid_over", {})})
    file = folder / "pillar.sls"
    file.write_text(yaml.safe_dump(changed, sort_keys=False), encoding="utf-8")
    return file


def findings(pillar: Path) -> dict[str, str]:
    """What is found about a pillar: the first sentence of each code."""
    done = k8s_ha("lint", pillar, "--format", "json", "--today", examples.TODAY, check=False)
    assert done.returncode in (0, 1), done.stderr
    found: dict[str, str] = {}
    for finding in json.loads(done.stdout)["findings"]:
        found.setdefault(finding["code"], finding["message"])
    return found


def tolerance(pillar: Path, asked: dict[str, Any]) -> dict[str, Any]:
    """How many losses are survived: `computed` and `witness`."""
    down = ["--down", ",".join(asked["down"])] if "down" in asked else []
    answer = json.loads(k8s_ha("tolerance", pillar, "--format", "json", *down).stdout)
    (service,) = (each for each in answer["services"] if each["service"] == asked["service"])
    survived = service["tolerance"][asked.get("level", "serve")][asked["kind"]]
    assert survived["settled"]
    return {"computed": survived["survives"], "witness": survived["witness"]}


def loss(pillar: Path, down: list[str]) -> dict[str, Any]:
    """What is `lost`, `degraded` and `left` when all of these fail."""
    answer = json.loads(k8s_ha("faults", pillar, "--down", ",".join(down), "--format", "json").stdout)
    return {
        "lost": {each["service"]: each["levels"] for each in answer["lost"]},
        "degraded": {each["service"]: each["without"] for each in answer["degraded"]},
        "left": answer["left"],
    }


def holds_of_tolerance(asked: dict[str, Any]) -> bool:
    """Whether so many are survived as is claimed; of a claimed 0, whether none is."""
    return asked["computed"] >= asked["claimed"] if asked["claimed"] else asked["computed"] == 0


def holds_of_loss(asked: dict[str, Any], lost: dict[str, list[str]]) -> bool:
    """Whether all that should go on does, and all that should stop has."""
    level = asked.get("level", "serve")
    kept = all(level not in lost.get(service, []) for service in asked.get("keeps", []))
    return kept and all(level in lost.get(service, []) for service in asked.get("stops", []))
