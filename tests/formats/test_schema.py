"""The committed JSON Schema accepts what the reader accepts, for editors that check while one types."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import examples
from command import ROOT

SCHEMA = json.loads((ROOT / "pillar" / "schema.json").read_text(encoding="utf-8"))


def faults(pillar: dict[str, Any]) -> list[str]:
    """Where the schema refuses a pillar."""
    found = Draft202012Validator(SCHEMA).iter_errors(pillar)
    return ["/".join(str(step) for step in fault.absolute_path) + ": " + fault.message for fault in found]


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", examples.NAMES)
def test_it_accepts_every_example(name: str) -> None:
    assert faults(json.loads(json.dumps(examples.pillar(name)).replace('"true": [', '"on": ['))) == []


def test_it_refuses_unknown_keys_and_wrong_types() -> None:
    pillar = examples.pillar("minimal")
    pillar["k8s_ha"]["targts"] = {}
    pillar["k8s_ha"]["networks"]["lan"]["mtu"] = "1500"
    found = faults(pillar)
    assert any("targts" in fault for fault in found), found
    assert any(fault.startswith("k8s_ha/networks/lan/mtu") for fault in found), found


def test_other_root_keys_belong_to_others() -> None:
    assert faults({**examples.pillar("minimal"), "users": {}}) == []
