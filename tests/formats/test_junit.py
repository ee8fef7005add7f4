"""The JUnit output against Jenkins's schema, and its counts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xmlschema


@pytest.fixture
def validator(schema: Callable[[str, str], Path]) -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(schema("junit-report", "tests/JUnit.xsd")))


def test_the_report_fulfils_the_schema(sample: Callable[[str], str], validator: xmlschema.XMLSchema) -> None:
    assert [error.reason for error in validator.iter_errors(sample("junit"))] == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("</failure>", "</failure><skipped/>"),
        ("<system-out>there are 3 nodes</system-out>", "<output/>"),
        (' tests="', ' test="'),
        (' message="', ' text="'),
    ],
)
def test_the_schema_refuses_what_is_wrong(
    sample: Callable[[str], str], validator: xmlschema.XMLSchema, right: str, wrong: str
) -> None:
    report = sample("junit")
    assert right in report
    assert not validator.is_valid(report.replace(right, wrong))


def test_the_counts_are_those_of_the_cases(sample: Callable[[str], str]) -> None:
    report = ElementTree.fromstring(sample("junit").encode())
    assert report.get("tests") == str(len(report.findall(".//testcase")))
    assert report.get("failures") == str(len(report.findall(".//failure"))) == "5"
    for suite in report.findall("testsuite"):
        assert suite.get("tests") == str(len(suite.findall("testcase")))
        assert suite.get("failures") == str(len(suite.findall(".//failure")))
        assert suite.get("skipped") == str(len(suite.findall(".//skipped")))


def test_text_comes_back_as_it_was(sample: Callable[[str], str]) -> None:
    report = ElementTree.fromstring(sample("junit").encode())
    messages = [failure.get("message") for failure in report.findall(".//failure")]
    assert 'unknown key `nam`: "<&>", 100%\nsecond line\ufffd' in messages
