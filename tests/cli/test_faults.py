"""What is lost when something goes away: `k8s-ha tolerance`, `faults` and `fix`."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

import examples
from cli.test_bad_input import refused
from command import k8s_ha

Write = Callable[..., Path]


def table(pillar: Path, *arguments: str) -> dict[str, Any]:
    """The tolerance of each service, by its name."""
    answer = json.loads(k8s_ha("tolerance", pillar, "--format", "json", *arguments).stdout)
    return {service["service"]: service["tolerance"] for service in answer["services"]}


def test_three_members_of_etcd_survive_one_and_name_two(pillar: Write) -> None:
    etcd = table(pillar())["etcd"]
    for level in ("serve", "recover", "data"):
        for kind in ("node", "hypervisor"):
            answer = etcd[level][kind]
            assert (answer["survives"], answer["settled"], answer["target"]) == (1, True, 1)
            assert len(answer["witness"]) == 2
    assert etcd["data"]["process"]["witness"] == []


def test_with_one_down_already_none_is_survived(pillar: Write) -> None:
    etcd = table(pillar(), "--down", "hypervisor:pve1")["etcd"]
    assert etcd["serve"]["node"]["survives"] == 0
    assert table(pillar(), "--down", "cp1,cp2")["etcd"]["serve"]["node"]["survives"] is None


def test_a_pillar_that_misses_its_targets_is_answered_all_the_same(pillar: Write) -> None:
    written = pillar(("hypervisor: pve2}", "hypervisor: pve1}"))
    assert k8s_ha("lint", written, check=False).returncode == 1
    shared = table(written)["etcd"]["serve"]["hypervisor"]
    assert (shared["survives"], shared["witness"]) == (0, ["pve1"])


def test_every_format_says_the_same(pillar: Write) -> None:
    written = pillar()
    answers = table(written)
    text = k8s_ha("tolerance", written, "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == sum(len(levels) for levels in answers.values())
    for row in rows:
        for kind, answer in answers[row["service"]][row["level"]].items():
            said = (
                "all" if answer["survives"] is not None and not answer["witness"] else str(answer["survives"])
            )
            assert row[kind] == said, (row, kind)
    head, ruler, *lines = k8s_ha("tolerance", written, "--format", "markdown").stdout.splitlines()
    assert head.count("|") == ruler.count("|") == lines[0].count("|") and len(lines) == len(rows)
    plain = k8s_ha("tolerance", written).stdout
    assert "etcd" in plain and "\x1b" not in plain
    assert "\x1b[3" in k8s_ha("tolerance", written, "--color", "always").stdout


def test_what_is_lost_and_what_the_next_loss_takes(pillar: Write) -> None:
    written = pillar()
    one = json.loads(k8s_ha("faults", written, "--down", "pve1", "--format", "json").stdout)
    assert {"kind": "node", "name": "cp1"} in one["down"]
    assert "etcd" in one["left"]
    assert "etcd" in next(loss["takes"] for loss in one["next"] if loss["name"] == "cp2")
    two = json.loads(k8s_ha("faults", written, "--down", "cp1,cp2", "--format", "json").stdout)
    assert {"service": "etcd", "levels": ["serve", "recover", "data"]} in two["lost"]
    text = k8s_ha("faults", written, "--down", "cp1,cp2").stdout
    assert "  etcd: with acknowledged writes\n" in text


@pytest.mark.parametrize(
    ("down", "said"),
    [
        ("cp9", "there is no element `cp9`; did you mean `cp1`?"),
        ("hypervisor:cp1", "there is no element `hypervisor:cp1`"),
    ],
)
def test_an_element_that_is_not_there_is_named(pillar: Write, down: str, said: str) -> None:
    assert said in refused("tolerance", pillar(), "--down", down, status=(2,))
    assert said in refused("faults", pillar(), "--down", down, status=(2,))


def test_a_suggested_change_mends_what_it_says(pillar: Write, tmp_path: Path) -> None:
    written = pillar(("10.0.10.12, hypervisor: pve2}", "10.0.10.12, hypervisor: pve1}"))
    done = k8s_ha("fix", "--suggest", written, "--format", "json", check=False)
    assert done.returncode == 1
    suggestion = next(each for each in json.loads(done.stdout) if "etcd" in each["missed"])
    mended = examples.laid_over(yaml.safe_load(written.read_text()), {"k8s_ha": suggestion["patch"]})
    place = tmp_path / "mended.sls"
    place.write_text(yaml.safe_dump(mended), encoding="utf-8")
    assert table(place)["etcd"]["serve"]["hypervisor"]["survives"] == 1
    assert k8s_ha("fix", "--suggest", written, check=False).stdout.count("k8s_ha:") >= 1


def test_nothing_is_suggested_where_every_target_is_met(pillar: Write) -> None:
    assert "nothing to mend" in k8s_ha("fix", "--suggest", pillar()).stdout
