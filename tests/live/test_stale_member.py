"""The member that an earlier life of a host left in a real etcd: removed, or nothing is said to be done."""

from __future__ import annotations

import pytest

from live.control_plane import ControlPlane
from saltext.k8s_ha._core import Etcd
from saltext.k8s_ha.utils import pki
from saltext.k8s_ha.utils.etcd_member import StaleMember
from saltext.k8s_ha.utils.host import HostError

PEER_URL = "https://127.0.0.1:1"
NOBODY = "https://127.0.0.1:9"


@pytest.fixture
def files(control_plane: ControlPlane, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Etcd's authority; the certificate of its administrator stands for what its key would sign."""
    admin = control_plane.admin
    monkeypatch.setattr(pki.Authority, "issue_client", lambda *_: (admin.certificate, admin.key))
    return {"etcd/ca.crt": control_plane.ca, "etcd/ca.key": ""}


def test_what_a_host_left_is_removed_by_whoever_answers(
    control_plane: ControlPlane, etcd: Etcd, files: dict[str, str]
) -> None:
    before = etcd.members()
    control_plane.etcdctl("member", "add", "cp2", "--learner", f"--peer-urls={PEER_URL}")
    told: list[str] = []
    others = {"cp3": NOBODY, "cp1": control_plane.etcd_url}
    StaleMember(others, PEER_URL, files).forget(lambda _phase, text: told.append(text))
    assert etcd.members() == before
    assert len(told) == 1 and told[0].startswith("removed the learner ")


def test_where_nothing_is_left_nothing_is_done(
    control_plane: ControlPlane, etcd: Etcd, files: dict[str, str]
) -> None:
    before = etcd.members()
    told: list[str] = []
    StaleMember({"cp1": control_plane.etcd_url}, PEER_URL, files).forget(lambda *said: told.append(str(said)))
    assert etcd.members() == before and not told


def test_where_nobody_answers_nothing_is_said_to_be_gone(files: dict[str, str]) -> None:
    with pytest.raises(HostError, match=r"Nothing was removed here.*that etcd has a quorum, then run again"):
        StaleMember({"cp1": NOBODY}, PEER_URL, files).forget(lambda *_: None, limit=0)
