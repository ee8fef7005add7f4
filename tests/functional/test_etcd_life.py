"""Maintenance and snapshots of etcd as Salt loads them; what they do to etcd is tested with real members."""

import pytest

from functional.minion import Minion
from functional.needs import installed
from functional.pillars import broken, three_masters

installed("saltext.k8s_ha")


def test_a_directory_that_stands_for_a_host_has_no_member(minion: Minion) -> None:
    for test in ("test=True", "test=False"):
        told = minion.call("k8s_ha.etcd_maintain", test)
        assert told.code == 0 and told.value["changes"] == {}, told.text
        assert told.value["comment"].startswith("Below ")
    applied = minion.call("state.apply", "k8s.ha.etcd_maintenance")
    state = applied.states["k8s_ha etcd maintenance"]
    assert (state["result"], state["changes"]) == (True, {}), applied.text
    assert minion.written() == {}


def test_a_worker_has_nothing_to_maintain(tmp_path_factory: pytest.TempPathFactory) -> None:
    worker = Minion(tmp_path_factory.mktemp("worker"), minion_id="w1")
    worker.set_pillar(three_masters())
    told = worker.call("k8s_ha.etcd_maintain")
    assert told.value == {"changes": {}, "comment": "No member of etcd runs on this node."}, told.text


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((), "nothing runs of which a snapshot could be taken"),
        (("test=True",), "nothing runs of which a snapshot could be taken"),
        (("keep=0",), "the last verified snapshot always stays"),
        (("keep=many",), "write a whole number"),
    ],
)
def test_a_snapshot_that_cannot_be_taken_is_an_error_in_a_sentence(
    minion: Minion, arguments: tuple[str, ...], why: str
) -> None:
    told = minion.call("k8s_ha.snapshot", *arguments)
    assert told.code != 0 and why in told.text and "Traceback" not in told.text, told.text
    assert minion.written() == {}


def test_a_bad_pillar_refuses_both(minion: Minion) -> None:
    minion.set_pillar(broken())
    for function in ("k8s_ha.snapshot", "k8s_ha.etcd_maintain"):
        told = minion.call(function)
        assert told.code != 0 and "NET-031" in told.text
    state = minion.call("state.single", "k8s_ha.etcd_maintained", "x")
    assert [one["result"] for one in state.value.values()] == [False]
