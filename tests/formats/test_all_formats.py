"""What every format has in common."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

FORMATS = ["text", "json", "sarif", "junit", "github"]


@pytest.mark.parametrize("output_format", FORMATS)
def test_no_format_shows_a_secret(sample: Callable[[str], str], output_format: str) -> None:
    assert "PLANTED-SECRET" not in sample(output_format)


@pytest.mark.parametrize("output_format", FORMATS)
def test_every_format_has_every_open_finding(sample: Callable[[str], str], output_format: str) -> None:
    codes = ["NET-001", "SCHEMA-001", "YAML-001", "CLUSTER-001", "NODE-001", "NODE-002"]
    assert [code for code in codes if code not in sample(output_format)] == []


def test_json_and_sarif_know_a_finding_by_the_same_fingerprint(sample: Callable[[str], str]) -> None:
    findings = json.loads(sample("json"))["findings"]
    results = json.loads(sample("sarif"))["runs"][0]["results"]
    fingerprints = [result["partialFingerprints"]["k8sHaFinding/v1"] for result in results]
    assert [finding["fingerprint"] for finding in findings] == fingerprints
    assert len(set(fingerprints)) == len(fingerprints)


def test_github_commands_are_one_line_each(sample: Callable[[str], str]) -> None:
    lines = sample("github").splitlines()
    assert len(lines) == 6
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines)
