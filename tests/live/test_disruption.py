"""A step under the lock and the gate, with real members of etcd: what stays on record, and whom it stops."""

from __future__ import annotations

import base64
import json
import multiprocessing
import os
import signal
import ssl
import time
import urllib.request
from typing import Any

import pytest

from live.external_etcd import HOSTS, PILLAR, Machine, Site
from ports import wait_until
from saltext.k8s_ha import Topology
from saltext.k8s_ha.utils import begun, deferred, disruption, lock, maintenance, observation, override
from saltext.k8s_ha.utils.disruption import Disruption, RefusedError
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import HostError

_SETTLE = {"gate": {"wait": "1s", "settle": "0s"}}


@pytest.fixture(autouse=True)
def _all_serve(three: Site) -> None:
    wait_until(lambda: _serving(three) == 3, "all members serve", 20)


def _serving(site: Site) -> int:
    machine = next(machine for machine in site.machines.values() if machine.is_running)
    seen = json.loads(observation.look(member(machine), machine.host))
    return sum(each["state"] == "up" for each in seen["etcd"])


def member(machine: Machine, **changed: Any) -> Member:
    """The node by a pillar that waits a second; ``changed`` makes it another pillar."""
    return Member(Topology({**PILLAR, **_SETTLE, **changed}), machine.name, {})


def step(machine: Machine, **changed: Any) -> Disruption:
    return Disruption(
        member(machine, **changed),
        machine.host,
        "restart",
        ("etcd",),
        lambda *told: machine.told.append(str(told)),
    )


def restart(machine: Machine, **changed: Any) -> None:
    """Restart the member as the states do."""
    with step(machine, **changed).allowed() as allowed:
        allowed.confirm()
        assert machine.etcd.restart() is None


def fail(machine: Machine) -> None:
    """A step whose act fails."""
    with pytest.raises(HostError, match="its disk is full"), step(machine).allowed() as allowed:
        allowed.confirm()
        raise HostError("its disk is full")


def made_good(machine: Machine) -> dict[str, Any]:
    """What the next apply on that host does first."""
    answer = {"result": True, "changes": {}, "comment": ""}
    return begun.made_good(answer, member(machine), machine.host, lambda _kept: None)


def on_record(site: Site) -> list[str]:
    machine = next(machine for machine in site.machines.values() if machine.is_running)
    return [each["node"] for each in lock.of_etcd(member(machine), machine.host).steps()]


def test_a_step_is_on_record_while_it_is_done(three: Site) -> None:
    etcd1 = three.machines["etcd1"]
    with step(etcd1).allowed() as allowed:
        assert on_record(three) == [] and begun.standing(etcd1.host) is None
        allowed.confirm()
        assert on_record(three) == ["etcd1"]
        kept = begun.standing(etcd1.host)
        assert kept and kept["step"] == "restarting etcd on etcd1"
    assert on_record(three) == [] and begun.standing(etcd1.host) is None


def test_a_failed_step_stops_the_others_until_it_has_ended_well_there(three: Site) -> None:
    etcd1, etcd2 = three.machines["etcd1"], three.machines["etcd2"]
    fail(etcd1)
    with pytest.raises(HostError, match=r"deferred.*mend etcd1 and apply there") as raised:
        restart(etcd2)
    assert etcd2.restarted == [] and not isinstance(raised.value, RefusedError)
    assert "restarting etcd on etcd2" in deferred.listed(etcd2.host)
    restart(etcd1)
    restart(etcd2)
    assert len(etcd2.restarted) == 1 and deferred.listed(etcd2.host) == {}


def test_another_pillar_is_not_stopped_and_nor_is_one_that_somebody_vouches_for(three: Site) -> None:
    etcd1, etcd2, etcd3 = (three.machines[name] for name in HOSTS)
    fail(etcd1)
    restart(etcd2, drift="enforce")
    assert on_record(three) == ["etcd1"]
    lock.of_etcd(member(etcd3), etcd3.host).finish("etcd1")
    restart(etcd3)


def _vanish(machine: Machine, ready: Any) -> None:
    with step(machine).allowed() as allowed:
        allowed.confirm()
        ready.set()
        time.sleep(60)


def test_a_step_that_vanished_stops_the_others_when_its_lock_has_ended(
    three: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "LEASE_SECONDS", 3)
    monkeypatch.setattr(disruption, "ACT_SECONDS", 1.0)
    etcd1, etcd2 = three.machines["etcd1"], three.machines["etcd2"]
    context = multiprocessing.get_context("fork")
    ready = context.Event()
    holder = context.Process(target=_vanish, args=(etcd1, ready))
    holder.start()
    assert ready.wait(20) and holder.pid
    with pytest.raises(HostError, match=r"etcd1 has the lock since .* for restarting etcd on etcd1"):
        restart(etcd2)
    os.kill(holder.pid, signal.SIGKILL)
    holder.join()

    def is_frozen() -> bool:
        with pytest.raises(HostError, match="deferred") as raised:
            restart(etcd2)
        return "has not ended well" in str(raised.value)

    wait_until(is_frozen, "the record stops it", 20)
    # The next apply on that host finds all back, and the others go on.
    answer = made_good(etcd1)
    assert answer["result"] is True and begun.standing(etcd1.host) is None
    restart(etcd2)


def test_a_lock_that_is_lost_before_the_act_leaves_nothing(
    three: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "LEASE_SECONDS", 3)
    etcd1 = three.machines["etcd1"]
    with pytest.raises(HostError, match="the lock was lost before the act"), step(etcd1).allowed() as allowed:
        for name in HOSTS:
            three.machines[name].signal(signal.SIGSTOP)
        # Nobody renews it: the lease has ended when the members go on.
        wait_until(lambda: allowed.lock.seconds_left() < 0.5, "it is nearly over", 10)
        for name in HOSTS:
            three.machines[name].signal(signal.SIGCONT)
        _delete_key(three)
        allowed.confirm()
    assert on_record(three) == [] and begun.standing(etcd1.host) is None


def _delete_key(site: Site) -> None:
    """What an operator does with `etcdctl del`: take the key away from its holder."""
    machine = site.machines["etcd1"]
    authority, *own = (str(machine.host.path(path)) for path in observation.etcd_paths(member(machine)))
    context = ssl.create_default_context(cafile=authority)
    context.load_cert_chain(*own)
    body = json.dumps({"key": base64.b64encode(b"/k8s-ha/disruption").decode()}).encode()
    url = f"{site.topology.external_members()['etcd1']}/v3/kv/deleterange"

    def is_deleted() -> bool:
        try:
            with urllib.request.urlopen(url, body, timeout=2, context=context) as answer:  # noqa: S310 (https)
                return bool(json.load(answer).get("deleted"))
        except OSError:
            return False

    wait_until(is_deleted, "the key is deleted", 20)


def test_what_is_not_back_keeps_the_step_on_record(three: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disruption, "_BACK_SECONDS", 2.0)
    etcd1 = three.machines["etcd1"]
    with (
        pytest.raises(HostError, match="the member of etcd on etcd1 is down"),
        step(etcd1).allowed() as allowed,
    ):
        allowed.confirm()
        etcd1.power_loss()
    assert on_record(three) == ["etcd1"]
    answer = made_good(etcd1)
    assert answer["result"] is False and "salt-run k8s_ha.unfreeze" in answer["comment"]


def grant(machine: Machine, **word: Any) -> None:
    asked = {"step": "restart", "code": "frozen", "reason": "it was seen to", "by": "root"}
    override.grant(machine.host, {**asked, **word}, time.time())


def test_an_override_lets_one_step_pass_once(three: Site) -> None:
    etcd1, etcd2 = three.machines["etcd1"], three.machines["etcd2"]
    fail(etcd1)
    grant(etcd2, code="etcd-quorum")
    with pytest.raises(HostError, match="deferred"):
        restart(etcd2)
    grant(etcd2, step="reboot")
    with pytest.raises(HostError, match="deferred"):
        restart(etcd2)
    grant(etcd2)
    restart(etcd2)
    with pytest.raises(HostError, match="deferred"):
        restart(etcd2)
    lines = etcd2.host.path(override.RECORD).read_text().splitlines()
    assert [json.loads(line)["what"] for line in lines] == ["granted", "granted", "granted", "used"]


def test_an_override_below_the_quorum_says_how_many_voters_are_lost(three: Site) -> None:
    etcd2 = three.machines["etcd2"]
    three.machines["etcd3"].power_loss()
    wait_until(lambda: _serving(three) == 2, "two serve", 20)
    for wrong in (None, 1, 3):
        grant(etcd2, code="etcd-quorum", voters_lost=wrong)
        with pytest.raises(HostError, match="deferred"):
            restart(etcd2)
    grant(etcd2, code="etcd-quorum", voters_lost=2)
    restart(etcd2)
    assert len(etcd2.restarted) == 1
    kept = json.loads(etcd2.host.path(observation.LAST).read_text())
    assert kept["observer"] == "etcd2" and len(kept["etcd"]) == 3, "what was judged can be judged again"


def test_an_override_ends_after_a_quarter_of_an_hour(three: Site) -> None:
    host = three.machines["etcd1"].host
    word = {"step": "restart", "code": "frozen", "reason": "it was seen to", "by": "root"}
    override.grant(host, word, 1000.0)
    assert override.fits(host, "restart", "frozen", None, 1899.0)
    assert not override.fits(host, "restart", "frozen", None, 1900.0)
    assert not override.fits(host, "restart", "frozen", None, 999.0), "a clock that went back"
    with pytest.raises(HostError, match="there is: etcd-quorum"):
        override.grant(host, {**word, "code": "everything"}, 1000.0)
    with pytest.raises(HostError, match="say why"):
        override.grant(host, {**word, "reason": " "}, 1000.0)


def test_without_a_quorum_only_what_is_down_is_mended(three: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disruption, "_BACK_SECONDS", 20.0)
    for name in ("etcd2", "etcd3"):
        three.machines[name].power_loss()
    etcd1, etcd2 = three.machines["etcd1"], three.machines["etcd2"]
    with pytest.raises(HostError, match="the lock cannot be had"):
        restart(etcd1)
    # Its own member is down: its restart passes, and brings the quorum back.
    restart(etcd2)
    assert len(etcd2.restarted) == 1 and _serving(three) == 2 and on_record(three) == []


def test_maintenance_counts_as_down_for_the_others(three: Site) -> None:
    etcd1, etcd2 = three.machines["etcd1"], three.machines["etcd2"]
    now = time.time()
    records = lock.of_etcd(member(etcd1), etcd1.host)
    records.keep_maintenance("etcd1", now + 60, "memory is added", now)
    maintenance.begin(etcd1.host, now + 60, "memory is added", now)
    with pytest.raises(HostError, match=r"deferred.*etcd1 is in maintenance"):
        restart(etcd2)
    with pytest.raises(RefusedError, match="memory is added"):
        restart(etcd1)
    records.keep_maintenance("etcd1", now - 1, "memory is added", now)
    restart(etcd2)
    records.end_maintenance("etcd1")
    maintenance.end(etcd1.host)
    assert records.maintenance() == []
    restart(etcd1)


def test_a_host_that_begins_anew_has_nothing_left_of_its_earlier_life(three: Site) -> None:
    etcd1, etcd2 = three.machines["etcd1"], three.machines["etcd2"]
    fail(etcd1)
    etcd1.reinstall()
    with pytest.raises(HostError, match="deferred"):
        restart(etcd2)
    said = three.apply_to_all(("etcd1",))["etcd1"]
    assert isinstance(said, dict) and said["result"], said
    wait_until(lambda: _serving(three) == 3, "it serves again", 30)
    assert on_record(three) == []
    restart(etcd2)
