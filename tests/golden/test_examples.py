"""Each worked example is judged as its folder `expected` says, and renders the same bytes each time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

import examples
from command import k8s_ha
from golden.committed import compare

pytestmark = pytest.mark.parametrize("name", examples.NAMES)

CODE = re.compile(r"^[A-Z]+-[0-9]{3}$")

Files = dict[str, bytes]
Rendered = Callable[[Path, str], Files]


@pytest.fixture
def rendered(tmp_path: Path) -> Rendered:
    """Renders all nodes of a pillar below a folder of that name, and reads what came of it."""

    def render(pillar: Path, folder: str) -> Files:
        out = tmp_path / folder
        k8s_ha("render", pillar, "--all", "--out", out, "--today", examples.TODAY)
        return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}

    return render


def found(pillar: Path) -> list[str]:
    """The findings in the form of `expected/findings`: code, severity, path, `accepted` where that is so."""
    done = k8s_ha("lint", pillar, "--format", "json", "--today", examples.TODAY, check=False)
    assert done.returncode in (0, 1), done.stderr
    return [
        " ".join(
            [finding["code"], finding["severity"], finding["path"] or "-"]
            + ["accepted"] * (finding["acknowledged"] is not None)
        )
        for finding in json.loads(done.stdout)["findings"]
    ]


def expected(name: str) -> list[str]:
    """The lines of `expected/findings`, without comments and blank lines."""
    lines = (examples.FOLDER / name / "expected" / "findings").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_is_judged_as_expected(name: str) -> None:
    assert found(examples.FOLDER / name) == expected(name)


def test_survives_as_expected(name: str) -> None:
    pillar = examples.FOLDER / name
    table = k8s_ha("tolerance", pillar, "--format", "markdown", "--today", examples.TODAY).stdout
    compare(pillar / "expected" / "tolerance.md", table)


def test_each_expected_finding_is_explained(name: str) -> None:
    lines = (examples.FOLDER / name / "expected" / "findings").read_text(encoding="utf-8").splitlines()
    above = ["", *lines]
    unexplained = [
        line
        for before, line in zip(above, lines, strict=False)
        if line
        and not line.startswith("#")
        and not (before.startswith("#") or before.split()[:1] == line.split()[:1])
    ]
    assert not unexplained, "a comment belongs above each finding, or above the first of several of one code"


def test_its_readme_speaks_of_each_code(name: str) -> None:
    readme = (examples.FOLDER / name / "README.md").read_text(encoding="utf-8")
    codes = {line.split()[0] for line in expected(name)}
    assert all(CODE.match(code) for code in codes)
    assert not {code for code in codes if code not in readme}


def test_renders_every_node(name: str, rendered: Rendered) -> None:
    files = rendered(examples.FOLDER / name, "all")
    nodes = examples.pillar(name)["k8s_ha"]["nodes"]
    without = [node for node in nodes if not any(path.startswith(f"{node}/etc/") for path in files)]
    assert not without, "nodes without a file"


def test_renders_the_same_bytes_twice(name: str, rendered: Rendered) -> None:
    assert rendered(examples.FOLDER / name, "first") == rendered(examples.FOLDER / name, "second")


def test_renders_one_node_as_among_all(name: str, rendered: Rendered, tmp_path: Path) -> None:
    files = rendered(examples.FOLDER / name, "all")
    node = next(iter(examples.pillar(name)["k8s_ha"]["nodes"]))
    out = tmp_path / "one"
    k8s_ha("render", examples.FOLDER / name, "--node", node, "--out", out, "--today", examples.TODAY)
    alone = {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert alone == {
        path.removeprefix(f"{node}/"): data for path, data in files.items() if path.startswith(f"{node}/")
    }


def test_its_effective_pillar_is_the_same_pillar(name: str, rendered: Rendered, tmp_path: Path) -> None:
    def effective(pillar: Path) -> str:
        return k8s_ha("show", "--effective", pillar, "--today", examples.TODAY).stdout

    complete = tmp_path / "complete.sls"
    complete.write_text(effective(examples.FOLDER / name), encoding="utf-8")
    again = tmp_path / "again.sls"
    again.write_text(effective(complete), encoding="utf-8")
    # Only the marks differ: what was a default in the first is written in the second.
    assert yaml.safe_load(again.read_text(encoding="utf-8")) == yaml.safe_load(
        complete.read_text(encoding="utf-8")
    )
    assert effective(again) == again.read_text(encoding="utf-8")
    assert rendered(complete, "complete") == rendered(examples.FOLDER / name, "written")
