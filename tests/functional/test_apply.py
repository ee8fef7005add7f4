"""A valid pillar is applied: once, exactly as announced, and without changes the second time."""

from pathlib import Path

from functional.minion import Minion
from functional.needs import installed
from functional.pillars import three_masters

saltext = installed("saltext.k8s_ha")


def wanted(pillar: dict, node: str) -> dict:
    files = saltext.Topology(pillar).files(node)
    return {file["path"]: file for file in files if file["managed"] == "yes"}


def test_a_valid_pillar_converges_and_the_second_run_changes_nothing(minion: Minion) -> None:
    first = minion.highstate()
    assert first.code == 0 and not first.failed, first.text
    files = wanted(three_masters(), "cp1")
    assert files, "the pillar renders files"
    written = minion.written()
    for path, file in files.items():
        assert file["contents"].encode() in written[path], path
        if file["part"] == "whole":
            assert file["contents"].encode() == written[path], path
        assert minion.path(path).stat().st_mode & 0o7777 == int(file["mode"], 8), path
    assert set(written) == {*files, "/var/lib/k8s-ha/files.json"}, "nothing else is written"
    second = minion.highstate()
    assert second.code == 0 and second.changes == {}, second.changes
    assert minion.written() == written


def test_a_test_run_announces_exactly_what_the_real_run_does(minion: Minion) -> None:
    for pillar in (three_masters(), three_masters(load_balancer={"haproxy": {"maxconn": 12345}})):
        minion.set_pillar(pillar)
        before = minion.written()
        announced = minion.highstate("test=True")
        assert minion.written() == before, "a test run writes nothing"
        real = minion.highstate()
        assert announced.changes == real.changes
        assert announced.changes, "there was something to announce"
        told = {name: state["result"] for name, state in announced.ours.items()}
        assert all(told[name] is None for name in real.changes)
        assert all(told[name] is True for name in set(real.ours) - set(real.changes))


def test_a_mode_that_was_changed_by_hand_is_put_right_and_announced(minion: Minion) -> None:
    minion.highstate()
    path = next(path for path, file in wanted(three_masters(), "cp1").items() if file["part"] == "whole")
    minion.path(path).chmod(0o666)
    announced = minion.highstate("test=True")
    real = minion.highstate()
    assert announced.changes == real.changes
    assert list(real.changes) == [f"k8s_ha {path}"]


def test_a_worker_gets_the_files_of_its_role(tmp_path: Path) -> None:
    worker = Minion(tmp_path, "w1")
    worker.set_pillar(three_masters())
    answer = worker.highstate()
    assert answer.code == 0 and not answer.failed, answer.text
    assert set(worker.written()) == {*wanted(three_masters(), "w1"), "/var/lib/k8s-ha/files.json"}


def test_who_cannot_ask_otherwise_has_a_certificate_and_a_master_says_what_it_permits(tmp_path: Path) -> None:
    functions = {}
    balancers = {f"lb{place}": {"roles": ["load_balancer"], "ip": f"10.0.10.4{place}"} for place in (1, 2)}
    for node in ("w1", "cp2", "lb1"):
        one = Minion(tmp_path / node, node)
        one.set_pillar(three_masters(nodes=balancers))
        functions[node] = {state["fun"] for state in one.call("state.show_low_sls", "k8s.ha").value}
    ours = {"gate_certified", "workers_permitted"}
    assert {node: found & ours for node, found in functions.items()} == {
        "w1": {"gate_certified"},
        "cp2": {"workers_permitted"},
        "lb1": {"gate_certified"},
    }


def test_every_state_of_the_formula_stands_for_one_path(minion: Minion) -> None:
    low = minion.call("state.show_low_sls", "k8s.ha")
    assert low.code == 0
    assert "contents" not in low.text, "file contents would lie in Salt's caches"
    managed = [state["name"] for state in low.value if state["fun"] == "file_managed"]
    assert sorted(managed) == sorted(file["path"] for file in saltext.Topology(three_masters()).files("cp1"))
