"""What is refused is refused before anything changed, and nothing else on the host is stopped."""

from pathlib import Path

import pytest

from functional.hidden import hide_extension
from functional.minion import Answer, Minion
from functional.needs import installed
from functional.pillars import broken, three_masters

saltext = installed("saltext.k8s_ha")


def assert_refused(minion: Minion, answer: Answer, *said: str) -> None:
    comments = "\n".join(state["comment"] for state in answer.states.values())
    assert answer.code != 0
    for text in said:
        assert text in comments
    assert minion.written() == {}
    assert all(state["changes"] == {} for state in answer.ours.values())


def test_an_invalid_pillar_is_refused_with_all_findings_and_neighbours_run(minion: Minion) -> None:
    minion.set_pillar(broken())
    answer = minion.highstate()
    blocking = [finding for finding in saltext.Topology(broken()).findings if finding["blocks"]]
    assert blocking
    said = [text for finding in blocking for text in (finding["code"], finding["path"], finding["message"])]
    assert_refused(minion, answer, "Refused: the pillar is not valid. Nothing was changed.", *said)
    assert minion.neighbours_ran()


def test_force_leads_not_around_the_gate(tmp_path: Path) -> None:
    minion = Minion(tmp_path, settings={"ext_pillar": [{"k8s_ha": {"on_error": "refuse_all"}}]})
    minion.set_pillar(broken())
    refused = minion.highstate()
    assert refused.code != 0 and not minion.neighbours_ran(), "refuse_all stops the whole run"
    assert any("k8s_ha: " in line for line in refused.value), "a list of sentences"
    forced = minion.highstate("force=True")
    assert_refused(minion, forced, "Refused")
    assert minion.neighbours_ran()


def test_a_pillar_given_on_the_command_line_is_judged_too(minion: Minion) -> None:
    override = '{"k8s_ha": {"nodes": {"cp2": {"ip": "10.0.10.11"}}}}'
    answer = minion.highstate(f"pillar={override}")
    assert_refused(minion, answer, "Refused")
    assert minion.neighbours_ran()


@pytest.mark.parametrize("function", ["k8s_ha.file_managed", "k8s_ha.activated"])
def test_a_single_state_is_refused(minion: Minion, function: str) -> None:
    path = minion.call("k8s_ha.paths").value[0]
    minion.set_pillar(broken())
    answer = minion.call("state.single", function, f"name={path}")
    assert_refused(minion, answer, "Refused")


def test_a_minion_without_the_extension_says_how_to_install_it(tmp_path: Path) -> None:
    (tmp_path / "hidden").mkdir()
    minion = Minion(tmp_path / "minion", environment=hide_extension(tmp_path / "hidden"))
    minion.set_pillar(three_masters())
    answer = minion.highstate()
    assert_refused(minion, answer, "saltext.k8s-ha is not installed", "salt-pip install")
    assert list(answer.ours) == ["k8s_ha extension"]
    assert minion.neighbours_ran()


def test_without_the_extension_on_the_master_the_minion_judges_by_itself(tmp_path: Path) -> None:
    minion = Minion(tmp_path, settings={"ext_pillar": []})
    minion.set_pillar(broken())
    assert minion.call("pillar.get", "_k8s_ha").value == ""
    assert_refused(minion, minion.highstate(), "Refused")
    assert minion.neighbours_ran()
    minion.set_pillar(three_masters())
    assert minion.highstate().code == 0


def test_a_pillar_that_is_no_tree_of_values_is_refused_in_a_sentence(minion: Minion) -> None:
    (minion.directory / "pillar" / "k8s.sls").write_text(
        "#!py\ndef run():\n    return {'k8s_ha': {'nodes': {1, 2}}}\n"
    )
    answer = minion.highstate()
    assert_refused(minion, answer, "SALT-001", "k8s_ha.nodes")
    assert "Traceback" not in answer.text
    assert minion.neighbours_ran()


@pytest.mark.parametrize("pillar", [None, three_masters()])
def test_a_minion_of_no_cluster_has_nothing_to_do(tmp_path: Path, pillar: dict | None) -> None:
    minion = Minion(tmp_path, "stranger.lan")
    minion.set_pillar(pillar)
    answer = minion.highstate()
    assert answer.code == 0, answer.text
    assert answer.changes == {} and minion.written() == {}
    assert "belongs to no cluster" in answer.ours["k8s_ha pillar"]["comment"]
    assert minion.neighbours_ran()
    marker = minion.call("pillar.get", "_k8s_ha:member").value
    assert marker is False


def test_a_symbolic_link_leads_not_out_of_the_root(minion: Minion, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    minion.path("/etc").symlink_to(outside)
    answer = minion.highstate()
    assert "symbolic link" in answer.text
    assert list(outside.iterdir()) == []


def test_a_relative_root_is_refused(tmp_path: Path) -> None:
    minion = Minion(tmp_path, settings={"k8s_ha": {"root": "host"}})
    minion.set_pillar(three_masters())
    answer = minion.highstate()
    assert_refused(minion, answer, "root must be an absolute path")
