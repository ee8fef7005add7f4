"""The SARIF output against the schema of SARIF 2.1.0, and against what the schema cannot say."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import jsonschema
import pytest


@pytest.fixture
def log(sample: Callable[[str], str]) -> dict[str, Any]:
    return json.loads(sample("sarif"))


@pytest.fixture
def validator(schema: Callable[[str, str], Path]) -> jsonschema.Validator:
    text = json.loads(schema("serde-sarif", "src/schema.json").read_text(encoding="utf-8"))
    assert "sarif-schema-2.1.0.json" in text["$id"]
    kind = jsonschema.validators.validator_for(text)
    kind.check_schema(text)
    return kind(text)


def test_the_log_fulfils_the_schema(log: dict[str, Any], validator: jsonschema.Validator) -> None:
    assert [error.message for error in validator.iter_errors(log)] == []
    assert len(log["runs"][0]["results"]) == 7


def test_the_schema_refuses_what_is_wrong(log: dict[str, Any], validator: jsonschema.Validator) -> None:
    for break_it in (
        lambda run: run.update(columnKind="bytes"),
        lambda run: run["results"][0].update(level="warn"),
        lambda run: run["results"][0].pop("message"),
        lambda run: run["results"][0]["locations"][0]["physicalLocation"]["region"].update(startLine=0),
        lambda run: run["tool"]["driver"]["rules"][0].update(summary="unknown key"),
    ):
        broken = copy.deepcopy(log)
        break_it(broken["runs"][0])
        assert not validator.is_valid(broken)


def test_rule_indices_point_at_their_rules(log: dict[str, Any]) -> None:
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    indexed = [result for result in run["results"] if "ruleIndex" in result]
    assert indexed
    for result in indexed:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_uris_are_uris_and_relative_where_the_name_is(log: dict[str, Any]) -> None:
    artifacts = [
        location["physicalLocation"]["artifactLocation"]
        for result in log["runs"][0]["results"]
        for location in result["locations"]
        if "physicalLocation" in location
    ]
    names = {unquote(urlsplit(artifact["uri"]).path) for artifact in artifacts}
    assert names == {'pillar/a b&"c",d.sls', "/srv/pillar/broken.sls", "pillar/jinja.sls"}
    for artifact in artifacts:
        assert ("uriBaseId" in artifact) == (urlsplit(artifact["uri"]).scheme == "")
