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


RELIABLE = ("targets: {", "reliability: {node: {mtbf: 8000h, mttr: 2h}}\n  targets: {")


def test_a_fault_tree_is_written_and_read_again(pillar: Write, tmp_path: Path) -> None:
    written = pillar(RELIABLE)
    tree = tmp_path / "etcd.xml"
    tree.write_text(k8s_ha("faults", written, "--service", "etcd", "--format", "opsa-mef").stdout)
    read = json.loads(k8s_ha("faults", "--mef", tree, "--format", "json").stdout)
    # Of three members any two, each by its program, its node or its hypervisor.
    assert read["complete"] and read["cut_sets_by_order"] == [0, 0, 27]
    assert len(read["minimal_cut_sets"]) == 27 and read["probability"] is None
    assert "minimal cut sets of order 2: 27" in k8s_ha("faults", "--mef", tree).stdout


def test_a_tree_of_somebody_else_is_answered_with_its_probability(tmp_path: Path) -> None:
    tree = tmp_path / "model.xml"
    tree.write_text(
        """<?xml version="1.0"?>
        <opsa-mef>
          <define-fault-tree name="pump">
            <define-gate name="top"><or><basic-event name="power"/><gate name="both"/></or></define-gate>
            <define-gate name="both"><atleast min="2"><basic-event name="a"/><basic-event name="b"/>
              <basic-event name="c"/></atleast></define-gate>
          </define-fault-tree>
          <model-data>
            <define-basic-event name="power"><float value="0.01"/></define-basic-event>
            <define-basic-event name="a"><float value="0.1"/></define-basic-event>
            <define-basic-event name="b"><float value="0.1"/></define-basic-event>
            <define-basic-event name="c"><float value="0.1"/></define-basic-event>
          </model-data>
        </opsa-mef>"""
    )
    read = json.loads(k8s_ha("faults", "--mef", tree, "--format", "json").stdout)
    assert read["probability"] == pytest.approx(1 - 0.99 * (1 - 0.028))
    assert read["minimal_cut_sets"] == [["power"], ["a", "b"], ["a", "c"], ["b", "c"]]
    first = json.loads(k8s_ha("faults", "--mef", tree, "--format", "json", "--cut-sets", "1").stdout)
    assert first["minimal_cut_sets"] == [["power"]]
    for broken in ("<opsa-mef><define", "<opsa-mef/>", tree.read_text().replace('"0.01"', '"1.5"')):
        (tmp_path / "broken.xml").write_text(broken)
        assert "broken.xml" in refused("faults", "--mef", tmp_path / "broken.xml", status=(2,))
    assert "cannot be read" in refused("faults", "--mef", tmp_path / "absent.xml", status=(2,))


def test_cut_sets_are_grouped_and_counted(pillar: Write) -> None:
    written = pillar()
    text = k8s_ha("faults", written, "--cut-sets", "2", "--service", "etcd").stdout
    assert "any 2 of these 3" in text and "(27 sets)" in text
    answers = json.loads(k8s_ha("faults", written, "--cut-sets", "3", "--format", "json").stdout)
    for answer in answers:
        grouped = sum(group["cut_sets"] for group in answer["groups"])
        left = sum(number for _order, number in answer["not_grouped"])
        assert answer["complete"] and grouped + left == sum(answer["by_order"]), answer["service"]
    said = refused("faults", written, "--cut-sets", "2", "--service", "etcdd", status=(2,))
    assert "did you mean `etcd`?" in said
    said = refused(
        "faults", written, "--cut-sets", "2", "--service", "coredns", "--level", "data", status=(2,)
    )
    assert "keeps no data" in said


@pytest.mark.parametrize("about", ["partitions", "capacity", "start-order", "switch-over", "availability"])
def test_every_other_answer_is_had_as_text_and_as_data(pillar: Write, about: str) -> None:
    written = pillar(RELIABLE)
    data = json.loads(k8s_ha("faults", written, "--about", about, "--format", "json").stdout)
    assert data and yaml.safe_load(k8s_ha("faults", written, "--about", about).stdout) == data


def test_a_cut_that_is_asked_for_names_the_side_that_serves(pillar: Write) -> None:
    written = pillar()
    asked = ("faults", written, "--about", "partitions", "--cut", "cp1", "--format", "json")
    (cut,) = json.loads(k8s_ha(*asked).stdout)
    alone, rest = cut["sides"]
    assert alone["nodes"] == ["cp1"] and "etcd" in alone["lost"] and "etcd" in rest["serves"]
    assert not cut["address_serves_twice"]
    assert "did you mean `cp1`" in refused(
        "faults", written, "--about", "partitions", "--cut", "cp9", status=(2,)
    )
    assert "reliability" in refused("faults", written, "--about", "availability", status=(2,))


@pytest.mark.parametrize(
    ("section", "comes_up", "said"),
    [
        ("manage: {hosts: false}\n  apps: {blocky: {type: blocky, replicas: 2}}", "never", "never come up"),
        (
            "images: {repository: registry.prod1.lan/k8s}\n  apps: {registry: {type: registry}}",
            "sometimes",
            "may not come up",
        ),
        ("chrony: {sources: [10.0.10.11, 192.0.2.1]}", "always", "come up all the same"),
    ],
)
def test_a_report_says_whether_what_waits_for_itself_comes_up(
    pillar: Write, section: str, comes_up: str, said: str
) -> None:
    written = pillar(("targets: {", f"{section}\n  targets: {{"))
    data = json.loads(k8s_ha("report", written, "--format", "json").stdout)
    assert [circle["comes_up"] for circle in data["start_up"]["circles"]] == [comes_up]
    assert f"wait for each other and {said}" in k8s_ha("report", written).stdout


def test_a_report_is_one_file_or_none(pillar: Write, tmp_path: Path) -> None:
    written = pillar()
    place = tmp_path / "report.html"
    k8s_ha("report", written, "-o", place)
    page = place.read_text(encoding="utf-8")
    assert (
        page.startswith("<!doctype html>")
        and "prod1" in page
        and "http://" not in page.replace("www.w3.org", "")
    )
    assert json.loads(k8s_ha("report", written, "--format", "json").stdout)["cluster"] == "prod1"
    assert k8s_ha("report", written, "--format", "mermaid").stdout.startswith("flowchart")
    assert k8s_ha("report", written, "--format", "svg").stdout.startswith("<svg")
    assert "cannot be written" in refused(
        "report", written, "-o", tmp_path / "absent" / "x.html", status=(2,)
    )
    assert not list(tmp_path.glob(".k8s-ha-*"))
