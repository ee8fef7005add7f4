"""How hosts become members of an external etcd: real members on loopback, against the real ledger."""

from __future__ import annotations

import shutil
from itertools import pairwise

import pytest

from live.external_etcd import HOSTS, Died, Site
from saltext.k8s_ha.utils import etcd_client, etcd_host, etcd_join, standing
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import HostError
from saltext.k8s_ha.utils.identity import OF_EXTERNAL_MEMBER


def _begin(site: Site) -> str:
    """One host begins; its name. The others have said that they are blank."""
    for name in HOSTS[1:]:
        with pytest.raises(HostError, match="Nothing was changed; run again"):
            site.machines[name].apply()
    site.machines[HOSTS[0]].apply()
    return HOSTS[0]


def test_all_at_once_come_to_one_etcd_and_then_ask_nobody(three: Site) -> None:
    assert three.voters() == list(HOSTS)
    record = three.record.read().as_dict()["etcd"]
    assert record["beginning"]["state"] == "done" and sorted(record["joined"]) == list(HOSTS)
    assert [machine.first_starts for machine in three.machines.values()] == [1, 1, 1, 0]
    three.is_silent = True
    for name in HOSTS:
        again = three.machines[name].apply()
        assert again["result"] is True and not again["changes"]
        assert three.machines[name].host.path(etcd_host.MARK).exists()
        assert not three.machines[name].host.path(etcd_host.FIRST_START).exists()


def test_a_dry_run_foretells_and_changes_nothing(site: Site) -> None:
    before = site.record.ledger_path.read_text()
    for name in HOSTS:
        foretold = site.machines[name].apply(test=True)
        assert foretold["result"] is None and foretold["changes"]
        assert site.machines[name].etcd.marker() is None
    assert site.record.ledger_path.read_text() == before


def test_a_begin_that_died_begins_again_and_only_there(site: Site) -> None:
    for name in HOSTS[1:]:
        with pytest.raises(HostError):
            site.machines[name].apply()
    first = site.machines[HOSTS[0]]
    first.dies_when = "started"
    with pytest.raises(Died):
        first.apply()
    first.boot()
    with pytest.raises(HostError, match=f"{HOSTS[0]} begins etcd, for"):
        site.machines[HOSTS[1]].apply()
    assert first.apply()["result"] is True and first.first_starts == 2
    assert site.voters() == [HOSTS[0]]


def test_a_lost_answer_to_begun_is_made_good(site: Site) -> None:
    first = site.machines[_begin(site)]
    marker = first.etcd.marker() or {}
    first.etcd.write_marker({**marker, "stage": "beginning"})
    assert first.apply()["result"] is True and first.first_starts == 1
    assert (first.etcd.marker() or {})["stage"] == "member"


@pytest.mark.parametrize("when", ["joins", "started"])
def test_a_join_that_died_goes_on(site: Site, when: str) -> None:
    _begin(site)
    second = site.machines[HOSTS[1]]
    second.dies_when = when
    with pytest.raises(Died):
        second.apply()
    second.boot()
    assert second.apply()["result"] is True
    assert site.voters() == sorted(HOSTS[:2])
    # With its data it goes on as the member that it is; without, it is one anew.
    assert second.first_starts == 1


def test_a_join_that_died_with_a_vote_is_needed_for_the_quorum(site: Site) -> None:
    _begin(site)
    second = site.machines[HOSTS[1]]
    second.apply()
    second.power_loss()
    second.etcd.write_marker({**(second.etcd.marker() or {}), "stage": "joining"})
    # Two have a vote, and one of them is off: only its data bring the quorum back.
    assert second.apply()["result"] is True
    assert second.first_starts == 1 and site.voters() == sorted(HOSTS[:2])


def test_a_learner_that_somebody_left_stops_nobody(site: Site) -> None:
    _begin(site)
    second, third = site.machines[HOSTS[1]], site.machines[HOSTS[2]]
    second.dies_when = "started"
    with pytest.raises(Died):
        second.apply()
    site.master(HOSTS[1]).request({"subject": "stopped"})
    assert third.apply()["result"] is True
    assert site.voters() == sorted((HOSTS[0], HOSTS[2]))
    assert second.apply()["result"] is True
    assert site.voters() == list(HOSTS)


def test_a_recorded_member_without_data_is_not_started_and_joins_anew_when_it_is_let(three: Site) -> None:
    machine = three.machines[HOSTS[1]]
    machine.power_loss()
    shutil.rmtree(machine.etcd.members_data)
    # What an etcd leaves that could not start.
    database = machine.etcd.members_data / "snap/db"
    database.parent.mkdir(parents=True)
    database.touch()
    for test in (False, True):
        with pytest.raises(HostError, match=r"recorded as a member of etcd of cluster prod1.*Mount the disk"):
            machine.apply(test=test)
    assert machine.etcd.start() is not None and not machine.is_running
    machine.host.path(OF_EXTERNAL_MEMBER.path).unlink()
    with pytest.raises(HostError, match="etcd2 is not blank"):
        machine.apply()
    shutil.rmtree(machine.etcd.members_data)
    assert machine.apply()["result"] is True
    assert three.voters() == list(HOSTS) and machine.first_starts == 2


def test_a_host_that_was_reinstalled_takes_its_old_place(three: Site) -> None:
    machine = three.machines[HOSTS[2]]
    old = [each["id"] for each in three.machines[HOSTS[0]].endpoints().members(10)]
    machine.reinstall()
    assert machine.apply()["result"] is True
    new = [each["id"] for each in three.machines[HOSTS[0]].endpoints().members(10)]
    assert three.voters() == list(HOSTS) and len(set(old) & set(new)) == 2


def test_all_reinstalled_never_begin_again(three: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in HOSTS:
        three.machines[name].reinstall()
    monkeypatch.setattr(etcd_join, "_ANSWER_SECONDS", 0.0)
    with pytest.raises(HostError, match="the members of etcd are not known"):
        three.machines[HOSTS[0]].apply()
    assert not three.machines[HOSTS[0]].etcd.members_data.exists()


def test_members_with_new_files_are_restarted_one_at_a_time_while_the_others_serve(
    three: Site,
) -> None:
    for name in HOSTS:
        three.machines[name].unit.is_outdated = True
    # The master has no part in it.
    three.is_silent = True
    first = three.machines[HOSTS[0]]
    foretold = first.apply(test=True)
    assert foretold["result"] is None and foretold["changes"] and not first.restarted
    three.machines[HOSTS[2]].power_loss()
    with pytest.raises(
        HostError, match=r"Restarting etcd on etcd1 is deferred, nothing was changed: .* voters .* etcd3 "
    ):
        first.apply()
    assert not first.restarted and first.is_running
    three.machines[HOSTS[2]].boot()
    said = three.apply_to_all()
    assert all(isinstance(each, dict) and each["changes"] for each in said.values()), said
    windows = sorted(window for name in HOSTS for window in three.machines[name].restarted)
    assert len(windows) == 3 and all(before[1] < after[0] for before, after in pairwise(windows))
    assert three.voters() == list(HOSTS)


def test_foreign_data_are_left_as_they_are(site: Site) -> None:
    machine = site.machines[HOSTS[0]]
    place = machine.etcd.members_data / "wal/0.wal"
    place.parent.mkdir(parents=True)
    place.write_text("data")
    with pytest.raises(HostError, match=r"etcd1 is not blank: /var/lib/etcd/member"):
        machine.apply()
    assert place.read_text() == "data"


def test_the_control_plane_waits_for_a_quorum_and_is_a_client_alone(three: Site) -> None:
    machine = three.machines["cp1"]
    member = Member(three.topology, "cp1", {})
    master = three.master("cp1")

    def prepare(limit: float) -> None:
        etcd_client.prepare(member, machine.host, lambda: master, lambda *_: None, limit=limit)

    for name in HOSTS[1:]:
        three.machines[name].power_loss()
    with pytest.raises(
        HostError, match=r"etcd has no quorum: after 0 s [01] of 3 members serve, 2 have to \(.*etcd3: "
    ):
        prepare(0)
    three.machines[HOSTS[1]].boot()
    prepare(30)
    pki = machine.host.path("/etc/kubernetes/pki")
    written = sorted(str(path.relative_to(pki)) for path in pki.rglob("*") if path.is_file())
    assert written == ["apiserver-etcd-client.crt", "apiserver-etcd-client.key", "etcd/ca.crt"]
    assert (pki / "apiserver-etcd-client.key").stat().st_mode & 0o777 == 0o600


def test_a_member_that_the_pillar_does_not_declare_is_named_on_every_host(three: Site) -> None:
    # etcd adds nobody within the first seconds of a member.
    every = three.machines[HOSTS[0]].endpoints()
    every.ask("nobody is added", lambda etcd: etcd.add_learner("https://127.0.0.1:1"), 20.0)
    for name in HOSTS:
        member, host = Member(three.topology, name, {}), three.machines[name].host
        with pytest.raises(HostError, match=r"at https://127\.0\.0\.1:1, and the pillar declares none there"):
            standing.refuse_changed(member, host, {})
