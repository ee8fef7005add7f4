"""The compiled core as Python sees it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from functional.needs import installed
from functional.pillars import broken, three_masters

core = installed("saltext.k8s_ha._core")


@pytest.mark.parametrize(
    "pillar", [{}, [], None, "text", 1, {"nodes": 3}, {1: 2}, broken(), {"cluster": {"name": b"x"}}]
)
def test_a_bad_pillar_raises_nothing(pillar: object) -> None:
    topology = core.Topology(pillar)
    assert not topology.valid and topology.findings and len(topology.digest) == 64
    with pytest.raises(core.PillarError, match="not valid"):
        topology.files("cp1")


@pytest.mark.parametrize("value", [{1}, object(), three_masters, 1j])
def test_an_object_of_another_class_is_named_by_its_path_and_not_shown(value: object) -> None:
    with pytest.raises(TypeError, match=r"at k8s_ha\.nodes\.cp1\[0\]: ") as error:
        core.Topology({"nodes": {"cp1": [value]}})
    assert repr(value) not in str(error.value)


def test_a_pillar_that_contains_itself_is_refused() -> None:
    pillar: dict = {}
    pillar["again"] = pillar
    with pytest.raises(core.PillarError, match="deeper than"):
        core.digest(pillar)


@pytest.mark.parametrize(
    "number", [2**127 - 1, 2**127, -(2**200), 10**5000, float("inf"), float("nan")], ids=range(6)
)
def test_a_number_of_any_size_is_an_answer(number: float) -> None:
    try:
        assert not core.Topology({"nodes": number}).valid
    except core.PillarError as error:
        assert "digits" in str(error)


def test_a_truth_value_is_no_number() -> None:
    assert len({core.digest({"a": value}) for value in (True, 1, "true", 1.0)}) == 4


def test_text_that_is_no_unicode_is_refused() -> None:
    with pytest.raises(core.PillarError, match=r"k8s_ha\.name"):
        core.Topology({"name": "\udc80"})


def test_today_is_checked() -> None:
    with pytest.raises(ValueError, match="2027-03-01"):
        core.Topology(three_masters(), "tomorrow")


def test_exceptions_are_one_tree() -> None:
    assert issubclass(core.PillarError, core.K8sHaError) and issubclass(core.RenderError, core.K8sHaError)


def test_a_topology_tells_what_it_is() -> None:
    topology = core.Topology(three_masters())
    assert topology.cluster == "prod1" and topology.kubernetes_version == "v1.36.4"
    assert topology.minions["cp1.prod1.lan"] == "cp1"
    assert topology.roles("w1") == ["worker"]
    assert topology.manage()["chrony"] == "check" and topology.drift == "report"
    assert 0 < topology.timing()["api_failover"] < 60
    assert "# default" in topology.effective()
    with pytest.raises(ValueError, match="cp1, cp2, cp3, w1, w2"):
        topology.roles("cp9")


def test_a_pillar_is_read_from_files_too(tmp_path: Path) -> None:
    path = tmp_path / "prod1.sls"
    path.write_text(json.dumps({"k8s_ha": three_masters()}))
    assert core.Topology.load(path).digest == core.digest(three_masters())
    path.write_text(json.dumps({"k8s_ha": broken()}, indent=1))
    places = {
        (finding["code"], finding["file"], finding["line"]) for finding in core.Topology.load(path).findings
    }
    line = next(number for number, text in enumerate(path.read_text().splitlines(), 1) if "hypervisr" in text)
    assert ("PILLAR-001", str(path), line) in places
    with pytest.raises(core.PillarError, match=r"nowhere"):
        core.Topology.load(tmp_path / "nowhere.sls")
    path.write_text("other: 1")
    with pytest.raises(core.PillarError, match="k8s_ha"):
        core.Topology.load(path)


def test_importing_starts_no_thread() -> None:
    script = (
        "import os, sys; before = len(os.listdir('/proc/self/task'));"
        "import saltext.k8s_ha; assert 'saltext.k8s_ha._core' not in sys.modules;"
        "import saltext.k8s_ha._core; assert len(os.listdir('/proc/self/task')) == before"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_the_command_is_the_one_of_the_core() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "saltext.k8s_ha", "schema"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert run.stdout == core.schema()
