"""A host that is a member, and a pillar of a later day: what the cluster was built on is not changed by editing it."""

import json
from pathlib import Path
from typing import Any

import pytest

from functional.minion import Minion
from functional.needs import installed
from functional.pillars import three_masters

installed("saltext.k8s_ha")

from saltext.k8s_ha import Topology, _core  # noqa: E402 (after the check)


@pytest.fixture
def member(minion: Minion) -> Minion:
    """A minion whose host has become cp1 of prod1."""
    facts = _core.fixed_facts(Topology(three_masters()), "cp1")
    mark(minion, {"cluster": "prod1", "node": "cp1", "stage": "member", "fixed": facts})
    return minion


def mark(minion: Minion, marker: dict[str, Any]) -> None:
    place = minion.path("/var/lib/k8s-ha/identity.json")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(marker))


def test_the_same_pillar_is_applied(member: Minion) -> None:
    assert not member.highstate().failed


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"nodes": {"cp1": {"ip": "10.0.10.19"}}}, "ip is 10.0.10.19 in the pillar, and 10.0.10.11 since"),
        ({"network": {"pod_cidrs": ["10.200.0.0/16"]}}, "network.pod_cidrs is 10.200.0.0/16 in the pillar"),
        ({"network": {"service_cidrs": ["10.98.0.0/16"]}}, "network.service_cidrs is 10.98.0.0/16"),
        (
            {"cluster": {"name": "prod2"}},
            "cluster.name is prod2 in the pillar, and prod1 since this node joined",
        ),
    ],
)
def test_what_it_was_built_on_is_refused_by_every_state(
    member: Minion, changes: dict[str, dict[str, Any]], said: str
) -> None:
    pillar = three_masters()
    for section, values in changes.items():
        for key, value in values.items():
            below = pillar.setdefault(section, {})
            below[key] = {**below[key], **value} if isinstance(value, dict) else value
    member.set_pillar(pillar)
    before = member.written()
    answer = member.highstate()
    assert sorted(answer.failed) == sorted(answer.ours)
    # A state that requires another one says only that.
    said_by = [name for name, state in answer.ours.items() if said in state["comment"]]
    others = [name for name in answer.ours if name not in said_by]
    unlike = {name: answer.ours[name]["comment"] for name in others}
    assert all("requisite failed" in comment for comment in unlike.values()), unlike
    assert member.written() == before
    assert member.neighbours_ran()
    single = member.call("state.single", "k8s_ha.file_managed", "name=/etc/haproxy/haproxy.cfg")
    assert said in single.text


def test_a_clone_under_another_name_is_refused(member: Minion) -> None:
    mark(member, {"cluster": "prod1", "node": "cp9", "stage": "member"})
    answer = member.highstate()
    assert "nodes is cp1 in the pillar, and cp9 since this node joined" in answer.text
    assert sorted(answer.failed) == sorted(answer.ours)


@pytest.mark.parametrize("stage", ["initialising", "joining"])
def test_before_it_is_a_member_the_pillar_may_be_corrected(minion: Minion, stage: str) -> None:
    facts = {"pod_cidrs": "10.99.0.0/16"}
    mark(minion, {"cluster": "prod1", "node": "cp1", "stage": stage, "fixed": facts})
    assert not minion.highstate().failed


def test_an_identity_that_cannot_be_read_stops_every_state(minion: Minion) -> None:
    place = minion.path("/var/lib/k8s-ha/identity.json")
    place.parent.mkdir(parents=True)
    place.write_text('{"stage": "mem')
    answer = minion.highstate()
    assert sorted(answer.failed) == sorted(answer.ours)
    assert "it says to which cluster this host belongs" in answer.text


def test_a_host_of_etcd_keeps_its_address(tmp_path: Path) -> None:
    hosts = {f"etcd{place}": {"roles": ["etcd"], "ip": f"10.0.10.3{place}"} for place in (1, 2, 3)}
    pillar = three_masters(etcd={"topology": "external"}, nodes=hosts)
    minion = Minion(tmp_path, minion_id="etcd1")
    facts = _core.fixed_facts(Topology(pillar), "etcd1")
    place = minion.path("/var/lib/k8s-ha/etcd.json")
    place.parent.mkdir(parents=True)
    place.write_text(
        json.dumps({"cluster": "prod1", "node": "etcd1", "stage": "member", "fixed": facts, "attempt": "x"})
    )
    pillar["nodes"]["etcd1"] = {"roles": ["etcd"], "ip": "10.0.10.39"}
    minion.set_pillar(pillar)
    answer = minion.highstate()
    assert sorted(answer.failed) == sorted(answer.ours)
    assert any(
        "ip is 10.0.10.39 in the pillar, and 10.0.10.31 since" in state["comment"]
        for state in answer.ours.values()
    )
    assert not minion.path("/etc/etcd").exists()
