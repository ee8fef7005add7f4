"""Why a member's own manifest names itself alone: what a real etcd does when it comes back without its data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from live.etcd_members import NAMES, EtcdMembers
from saltext.k8s_ha.utils.etcd_manifest import LIST, STATE, guarded_flags

_ENDS_SECONDS = 30.0


@pytest.fixture
def members(tmp_path: Path) -> Iterator[EtcdMembers]:
    """Three members that were off and are started by the test."""
    three = EtcdMembers(tmp_path)
    yield three
    three.end()


def _acknowledged_by_two(members: EtcdMembers) -> tuple[str, str, str]:
    """Write while one member is off; then all are. The leader, who acknowledged too, and who never saw it."""
    for name in NAMES:
        members.start(name, members.full_list, "new")
    leader = members.leader()
    saw, never_saw = (name for name in NAMES if name != leader)
    members.put(leader, "before", "seen by all")
    members.kill(never_saw)
    members.put(leader, "key", "acknowledged")
    members.kill(leader)
    members.kill(saw)
    return leader, saw, never_saw


def test_an_emptied_member_that_lists_all_votes_away_what_it_acknowledged(members: EtcdMembers) -> None:
    _, saw, never_saw = _acknowledged_by_two(members)
    members.empty(saw)
    members.start(never_saw, members.full_list, "existing")
    members.wait_for_peer_answers(never_saw)
    members.start(saw, members.full_list, "existing")
    members.leader()
    assert members.get(never_saw, "before") == "seen by all"
    assert members.get(never_saw, "key") == ""


def test_an_emptied_member_that_lists_itself_alone_ends(members: EtcdMembers) -> None:
    leader, saw, never_saw = _acknowledged_by_two(members)
    members.empty(saw)
    members.start(never_saw, members.full_list, "existing")
    flags = guarded_flags(saw, members.peer_url(saw))
    assert members.start(saw, flags[LIST], flags[STATE]).wait(_ENDS_SECONDS) != 0
    assert "could not retrieve cluster information" in members.log(saw).read_text()
    assert not list(members.directory(saw).glob("member/wal/*.wal")), (
        "by this the guard and the repair know it"
    )
    # The one that has the data comes back, and nothing is lost.
    members.start(leader, members.full_list, "existing")
    members.leader()
    assert members.get(leader, "key") == "acknowledged"


def test_a_member_with_its_data_does_not_look_at_the_list(members: EtcdMembers) -> None:
    leader, saw, _ = _acknowledged_by_two(members)
    for name in (leader, saw):
        flags = guarded_flags(name, members.peer_url(name))
        members.start(name, flags[LIST], flags[STATE])
    members.leader()
    assert members.get(saw, "key") == "acknowledged"
