"""The external pillar: what it adds, what it never adds, and what it costs."""

import collections

import pytest

from functional.needs import installed
from functional.pillars import broken, three_masters

external = installed("saltext.k8s_ha.pillar.k8s_ha")
marker = installed("saltext.k8s_ha.utils.marker")
core = installed("saltext.k8s_ha._core")


@pytest.fixture(autouse=True)
def master(monkeypatch: pytest.MonkeyPatch) -> dict:
    opts = {"ext_pillar": [{"k8s_ha": {}}], "ext_pillar_first": False}
    monkeypatch.setattr(external, "__opts__", opts, raising=False)
    monkeypatch.setattr(marker, "_KEPT", collections.OrderedDict())
    return opts


def test_only_the_marker_is_added() -> None:
    answer = external.ext_pillar("w1", {"k8s_ha": three_masters()})
    assert list(answer) == ["_k8s_ha"]
    assert set(answer["_k8s_ha"]) == {"schema", "version", "digest", "member", "findings"}
    assert answer["_k8s_ha"]["digest"] == core.digest(three_masters())
    assert answer["_k8s_ha"]["member"] is True


def test_errors_are_a_list_and_only_where_that_is_chosen() -> None:
    pillar = {"k8s_ha": broken()}
    assert "_errors" not in external.ext_pillar("w1", pillar)
    refused = external.ext_pillar("w1", pillar, on_error="refuse_all")
    assert isinstance(refused["_errors"], list) and len(refused["_errors"]) >= 2
    assert "_errors" in external.ext_pillar("w1", pillar, on_error="refuse-all"), (
        "a typo is not the weaker choice"
    )


@pytest.mark.parametrize("pillar", [{}, {"k8s_ha": three_masters()}])
def test_a_minion_of_no_cluster_is_left_alone(pillar: dict) -> None:
    answer = external.ext_pillar("stranger.lan", pillar, on_error="refuse_all")
    assert answer["_k8s_ha"]["member"] is False and "_errors" not in answer


def test_a_pillar_is_judged_once_for_all_its_minions(monkeypatch: pytest.MonkeyPatch) -> None:
    judged = []
    judge = marker._judge
    monkeypatch.setattr(marker, "_judge", lambda topology: judged.append(topology) or judge(topology))
    for minion in ("cp1.prod1.lan", "cp2", "w1", "w1"):
        external.ext_pillar(minion, {"k8s_ha": three_masters()})
    assert len(judged) == 1
    monkeypatch.setattr(marker.gate, "today", lambda: "2030-01-01")
    external.ext_pillar("w1", {"k8s_ha": three_masters()})
    assert len(judged) == 2, "accepted risks expire"


def test_at_most_four_pillars_are_kept() -> None:
    for port in range(6):
        pillar = three_masters()
        pillar["cluster"]["control_plane_endpoint"] = f"api.prod1.lan:844{port}"
        external.ext_pillar("w1", {"k8s_ha": pillar})
    assert len(marker._KEPT) == 4


def test_entries_behind_ours_and_ext_pillar_first_are_found(master: dict) -> None:
    master["ext_pillar"] = [{"k8s_ha": {}}, {"git": []}]
    codes = {
        finding["code"]
        for finding in external.ext_pillar("w1", {"k8s_ha": three_masters()})["_k8s_ha"]["findings"]
    }
    assert "SALT-003" in codes
    master["ext_pillar"] = [{"k8s_ha": {}}]
    master["ext_pillar_first"] = True
    answer = external.ext_pillar("w1", {})["_k8s_ha"]
    assert answer["member"] is None and answer["findings"][0]["code"] == "SALT-002"


def test_every_class_of_dict_that_salt_uses_is_the_same_pillar() -> None:
    plain = three_masters()
    assert core.digest(collections.OrderedDict(plain)) == core.digest(plain)


def test_a_masked_pillar_is_read_as_it_is() -> None:
    secret = pytest.importorskip("salt.utils.secret", reason="Salt masks pillars from 3008 on")
    plain = three_masters()
    masked = secret.hide(plain)
    assert type(masked["nodes"]) is not dict and "10.0.10" not in repr(masked)
    assert core.digest(masked) == core.digest(plain)
    assert core.Topology(masked).valid and core.Topology(masked).nodes == core.Topology(plain).nodes
