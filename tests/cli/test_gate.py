"""`k8s-ha gate`: whether a step may be done to a cluster that was seen like this."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cli.test_bad_input import refused
from command import k8s_ha

Write = Callable[..., Path]
SCHEMA = Path(__file__).parents[2] / "rust/gate/observation.schema.json"


@pytest.fixture
def seen(pillar: Write) -> dict[str, Any]:
    """An observation in which everything does its work."""
    observation: dict[str, Any] = json.loads(k8s_ha("gate", pillar(), "--all-up").stdout)
    return observation


@pytest.fixture
def ask(pillar: Write, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Asks with an observation, and gives the answer; the exit code must fit."""

    def asked(observation: dict[str, Any], *arguments: str) -> dict[str, Any]:
        file = tmp_path / "seen.json"
        file.write_text(json.dumps(observation), encoding="utf-8")
        given = ("--observation", file, *arguments, "--format", "json")
        done = k8s_ha("gate", pillar(), *given, check=False)
        answer: dict[str, Any] = json.loads(done.stdout)
        assert done.returncode == (0 if answer["verdict"] == "go" else 1), answer
        return answer

    return asked


def test_what_is_printed_fits_the_committed_schema(seen: dict[str, Any]) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert json.loads(k8s_ha("schema", "--observation").stdout) == schema
    jsonschema.Draft202012Validator(schema).validate(seen)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**seen, "etcd": [{"node": "cp1", "state": "fine"}]}, schema)


def test_one_master_goes_and_a_second_one_waits(
    seen: dict[str, Any], ask: Callable[..., dict[str, Any]]
) -> None:
    answer = ask(seen, "--node", "cp1", "--step", "reboot")
    assert answer["verdict"] == "go" and answer["reason"] is None and answer["move_leader_to"] == "cp2"
    seen["etcd"][1]["state"] = "down"
    answer = ask(seen, "--node", "cp1", "--step", "reboot")
    assert answer["verdict"] == "wait" and "cp2 is down" in answer["reason"] and answer["remedy"]
    assert ask(seen, "--node", "cp2", "--step", "restart", "--program", "etcd")["verdict"] == "go"


def test_a_hypervisor_with_two_voters_is_refused_and_goes_after_one_was_moved(
    pillar: Write, seen: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "seen.json"
    file.write_text(json.dumps(seen), encoding="utf-8")
    arguments = ("--observation", file, "--hypervisor", "pve1", "--step", "stop")
    shared = pillar(("ip: 10.0.10.12, hypervisor: pve2", "ip: 10.0.10.12, hypervisor: pve1"))
    done = k8s_ha("gate", shared, *arguments, check=False)
    assert done.returncode == 1 and done.stdout.startswith("refuse: stopping cp1, cp2, w1 leaves etcd 1 of 3")
    assert "Remedy: take them one after the other" in done.stdout
    assert k8s_ha("gate", pillar(), *arguments).stdout.startswith("go\n")


def test_what_cannot_be_read_is_said(pillar: Write, seen: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "seen.json"
    step = ("--node", "cp1", "--step", "stop")
    assert "cannot be read" in refused("gate", pillar(), "--observation", tmp_path / "none", *step)
    for text, said in [
        ("{", "is no observation"),
        ("{}", "missing field `schema`"),
        (json.dumps({**seen, "schema": 2}), "its `schema` is 2, this release reads 1"),
        (json.dumps({**seen, "ectd": []}), "unknown field `ectd`"),
        (json.dumps({**seen, "at": "now"}), "invalid type"),
    ]:
        file.write_text(text, encoding="utf-8")
        assert said in refused("gate", pillar(), "--observation", file, *step)
    file.write_text(json.dumps(seen), encoding="utf-8")
    nowhere = ("--observation", file, "--step", "stop", "--hypervisor", "pve9")
    assert "no node stands on a hypervisor `pve9`" in refused("gate", pillar(), *nowhere)
    assert "--observation" in refused("gate", pillar(), *step)


def test_a_node_that_the_pillar_does_not_declare(
    seen: dict[str, Any], ask: Callable[..., dict[str, Any]]
) -> None:
    answer = ask(seen, "--node", "cp9", "--step", "stop")
    assert answer["verdict"] == "refuse" and "declares no node cp9" in answer["reason"]
