"""The command `lint`: exit status, formats, baseline, waivers, Jinja."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.conftest import pillar_of
from command import ROOT, k8s_ha

Write = Callable[..., Path]
SLOW = ("api_failover: 10s", "api_failover: 3s")
"""Makes two clocks too slow for the target: LB-055, twice or more."""


def lint(*args: str | Path) -> tuple[int, str]:
    """Exit status and output."""
    done = k8s_ha("lint", *args, check=False)
    assert "panicked" not in done.stderr
    return done.returncode, done.stdout


def codes(*args: str | Path) -> list[str]:
    """Codes of all findings."""
    _, out = lint("--format", "json", *args)
    return [finding["code"] for finding in json.loads(out)["findings"]]


def test_a_clean_pillar_exits_with_0(pillar: Write) -> None:
    assert lint(pillar()) == (0, "no findings\n")


def test_a_finding_shows_its_line_and_exits_with_1(pillar: Write) -> None:
    status, out = lint(pillar(("gateway: 10.0.10.1", "gatewy: 10.0.10.1")))
    assert status == 1
    assert "cluster.sls:4:40" in out
    assert "did you mean `gateway`?" in out


def test_fail_on_decides_what_warnings_do(pillar: Write) -> None:
    path = pillar(
        ("nodes:\n", "acknowledge: [{code: ETCD-999, because: nothing is like that here}]\n  nodes:\n")
    )
    assert lint(path)[0] == 0
    assert lint("--fail-on", "warn", path)[0] == 1


@pytest.mark.parametrize("name", ["text", "json", "sarif", "junit", "github"])
def test_every_format_is_stable(pillar: Write, name: str) -> None:
    path = pillar(SLOW)
    first = lint("--format", name, path)
    assert first[0] == 1
    assert first == lint("--format", name, path)
    assert "LB-055" in first[1]


def test_a_baseline_hides_what_is_known(pillar: Write, tmp_path: Path) -> None:
    path, baseline = pillar(SLOW), tmp_path / "baseline.json"
    k8s_ha("lint", path, "--write-baseline", baseline)
    assert lint(path, "--baseline", baseline)[0] == 0
    path.write_text(path.read_text(encoding="utf-8").replace("gateway", "gatewy"), encoding="utf-8")
    assert lint(path, "--baseline", baseline)[0] == 1


def test_an_accepted_risk_needs_a_reason_and_may_end(pillar: Write) -> None:
    def accepted(extra: str) -> Path:
        entry = f"acknowledge: [{{code: LB-055, because: measured{extra}}}]\n  nodes:\n"
        return pillar(SLOW, ("nodes:\n", entry))

    assert lint(accepted(""))[0] == 0
    assert lint(accepted(", until: 2027-03-01"), "--today", "2027-03-01")[0] == 0
    ended = accepted(", until: 2027-03-01")
    assert lint(ended, "--today", "2027-03-02")[0] == 1
    assert "ACK-002" in codes(ended, "--today", "2027-03-02")
    named = "acknowledge: [{code: LB-055, on: [keepalived, haproxy], because: measured}]\n  nodes:\n"
    assert lint(pillar(SLOW, ("nodes:\n", named)))[0] == 0
    others = named.replace("keepalived, haproxy", "cp9")
    assert codes(pillar(SLOW, ("nodes:\n", others))).count("ACK-001") == 1
    without_reason = pillar(("nodes:\n", "acknowledge: [{code: LB-055}]\n  nodes:\n"))
    assert "PILLAR-003" in codes(without_reason)


def test_an_ended_waiver_refuses_no_render(pillar: Write, tmp_path: Path) -> None:
    entry = "acknowledge: [{code: LB-055, because: measured, until: 2027-03-01}]\n  nodes:\n"
    path = pillar(SLOW, ("nodes:\n", entry))
    k8s_ha("render", path, "--all", "--out", tmp_path / "out", "--today", "2027-03-02")
    without = pillar(SLOW)
    assert k8s_ha("render", without, "--all", "--out", tmp_path / "no", check=False).returncode == 1


def test_several_paths_are_judged_together(pillar: Write, tmp_path: Path) -> None:
    second = tmp_path / "second.sls"
    second.write_text(pillar_of("kube_vip").replace("gateway", "gatewy"), encoding="utf-8")
    status, out = lint(pillar(SLOW), second)
    assert status == 1
    assert "second.sls:4:" in out
    assert "cluster.sls:1:1" in out


def salt_call() -> str:
    """Path of Salt's own program."""
    beside = Path(sys.executable).parent / "salt-call"
    found = str(beside) if beside.exists() else shutil.which("salt-call")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("salt-call is not installed: pip install salt")
        pytest.skip("not run: salt-call is not installed (pip install salt)")
    return found


def test_a_file_with_jinja_is_rendered_by_salt(pillar: Write, tmp_path: Path) -> None:
    text = pillar_of("three_masters").replace("gateway: 10.0.10.1", "gateway: {{ grains.gateway }}")
    text = "{% set name = pillar['site'] %}\n" + text.replace("name: prod1", "name: {{ name }}")
    path = pillar(text=text)
    (tmp_path / "grains.yaml").write_text("gateway: 10.0.10.1\n", encoding="utf-8")
    (tmp_path / "given.yaml").write_text("site: prod7\n", encoding="utf-8")
    given = ("--grains", tmp_path / "grains.yaml", "--pillar", tmp_path / "given.yaml")
    environment = {"SALT_CALL": salt_call()}
    shown = k8s_ha("show", path, *given, env=environment)
    assert shown.stdout.startswith("cluster prod7: ")
    refused = k8s_ha("lint", path, env=environment, check=False)
    assert refused.returncode == 1
    assert "JINJA-002" in refused.stdout


def test_a_file_with_jinja_is_said_to_be_unread_without_salt(pillar: Write) -> None:
    path = pillar(("gateway: 10.0.10.1", "gateway: {{ grains.gateway }}"))
    done = k8s_ha("lint", path, env={"PATH": "/nonexistent", "SALT_CALL": ""}, check=False)
    assert done.returncode == 1
    assert "JINJA-001" in done.stdout


def test_the_schema_is_the_committed_one() -> None:
    committed = (ROOT / "pillar" / "schema.json").read_text(encoding="utf-8")
    assert k8s_ha("schema").stdout == committed


def test_every_help_has_an_example() -> None:
    for command in ("lint", "render", "show", "schema", "explain"):
        assert "Example" in k8s_ha(command, "--help").stdout, command


def test_every_code_can_be_explained() -> None:
    listed = [line.split()[0] for line in k8s_ha("explain").stdout.splitlines()]
    assert len(listed) > 20
    for code in listed:
        page = k8s_ha("explain", code.lower()).stdout
        assert page.startswith(f"# {code} "), code
        assert "## Why" in page
    unknown = k8s_ha("explain", "LB-05", check=False)
    assert (unknown.returncode, "did you mean" in unknown.stderr) == (2, True)


def test_values_are_shown_as_salt_reads_them(pillar: Write) -> None:
    text = "on: yes\nmode: 0644\nbig: 1_000\ntime: 22:22\nv: 1.30\nraw: !!binary aGk=\nn: .nan\n"
    text += "password: marker-4711\n"
    done = k8s_ha("show", "--as-read", pillar(text=text))
    assert "marker-4711" not in done.stdout
    pairs = dict(map(tuple, [(str(key), value) for key, value in json.loads(done.stdout)["$map"]]))
    assert pairs == {
        "True": True,
        "mode": 644,
        "big": 1000,
        "time": 1342,
        "v": 1.3,
        "raw": {"$bytes": "6869"},
        "n": {"$float": "nan"},
        "password": {"$secret": "text"},
    }
