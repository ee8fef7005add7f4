"""etcd through its JSON gateway."""

from __future__ import annotations

import pytest

from live.control_plane import ControlPlane
from programs import pki
from saltext.k8s_ha._core import Etcd, LiveError


def test_the_members(control_plane: ControlPlane, etcd: Etcd) -> None:
    (member,) = etcd.members()
    assert (member["name"], member["is_learner"]) == ("cp1", False)
    assert member["client_urls"] == [control_plane.etcd_url]
    assert member["peer_urls"][0].startswith("http://127.0.0.1:")


def test_the_status_of_a_member_that_leads(etcd: Etcd) -> None:
    status = etcd.status()
    (member,) = etcd.members()
    assert status["member_id"] == status["leader_id"] == member["id"] > 2**32
    assert status["version"].startswith("3.6.")
    assert status["raft_index"] >= status["raft_applied_index"] > 0
    assert status["db_size"] >= status["db_size_in_use"] > 0
    assert (status["is_learner"], status["errors"]) == (False, [])


def test_a_member_that_is_not_there_is_named_as_etcdctl_does(etcd: Etcd) -> None:
    for act, doing in ((etcd.remove, "removing"), (etcd.promote, "promoting")):
        with pytest.raises(LiveError, match=f"{doing} etcd's member abc.*member not found") as raised:
            act(0xABC)
        assert raised.value.kind == "not_found"


def test_a_learner_is_told_kept_from_voting_and_removed(control_plane: ControlPlane, etcd: Etcd) -> None:
    (voter,) = etcd.members()
    control_plane.etcdctl("member", "add", "cp2", "--learner", "--peer-urls=http://127.0.0.1:1")
    (learner,) = (member for member in etcd.members() if member["is_learner"])
    assert (learner["name"], learner["client_urls"]) == ("", [])
    with pytest.raises(LiveError, match="in sync with leader") as raised:
        etcd.promote(learner["id"])
    assert raised.value.kind == "refused"
    assert etcd.remove(learner["id"]) == [voter]


def test_a_learner_is_added_once_and_has_no_vote(etcd: Etcd) -> None:
    (voter,) = etcd.members()
    peer_url = "https://127.0.0.1:1"
    (learner,) = (member for member in etcd.add_learner(peer_url) if member["id"] != voter["id"])
    try:
        assert (learner["peer_urls"], learner["is_learner"], learner["name"]) == ([peer_url], True, "")
        assert learner in etcd.members()
        for url, why in ((peer_url, "already exist"), ("https://127.0.0.1:2", "too many learner")):
            with pytest.raises(LiveError, match=f"adding etcd's learner {url}.*{why}") as raised:
                etcd.add_learner(url)
            assert raised.value.kind == "refused"
    finally:
        assert etcd.remove(learner["id"]) == [voter]


def test_the_only_voter_is_not_promoted(etcd: Etcd) -> None:
    (member,) = etcd.members()
    with pytest.raises(LiveError, match="can only promote a learner member") as raised:
        etcd.promote(member["id"])
    assert raised.value.kind == "refused"


def test_a_certificate_of_somebody_else_is_refused(control_plane: ControlPlane) -> None:
    stranger = pki.Authority("stranger").issue("admin", ["127.0.0.1"])
    with pytest.raises(LiveError) as raised:
        Etcd(control_plane.etcd_url, control_plane.ca, *stranger).members()
    assert raised.value.kind in {"client_certificate", "connect"}
