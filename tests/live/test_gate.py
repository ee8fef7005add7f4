"""What is seen of a real etcd, what the gate says to it, and what etcd itself says."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from command import k8s_ha
from live.external_etcd import HOSTS, Machine, Site
from ports import OWN_NETWORK, wait_until
from saltext.k8s_ha._core import K8sHaError, judge, observe

# Two looks of one second each, and what a busy machine adds; the observer's own programs have five seconds.
_BOUND_SECONDS = 4.0
_OWN_SECONDS = 8.0


@pytest.fixture(autouse=True)
def _all_serve(three: Site) -> None:
    wait_until(lambda: states(look(three)) == ["up"] * 3, "all members serve", 20)


def look(site: Site, observer: str | None = None) -> str:
    """One look with the certificate of the first host."""
    endpoints = site.machines[HOSTS[0]].endpoints()
    credentials = (endpoints.authority, endpoints.certificate, endpoints.key)
    begun = time.monotonic()
    seen = observe(site.topology, etcd=credentials, observer=observer)
    assert time.monotonic() - begun < (_OWN_SECONDS if observer else _BOUND_SECONDS)
    return seen


def states(seen: str) -> list[str]:
    """The states of the members, in the order of the hosts."""
    members = {member["node"]: member["state"] for member in json.loads(seen)["etcd"]}
    return [members.get(name, "none") for name in HOSTS]


def verdict(site: Site, seen: str, action: Any, node: str) -> tuple[str, str]:
    """The verdict on a step that takes the member of etcd of one host, and why."""
    answer = judge(site.topology, seen, action, [node], ["etcd"])
    return answer["verdict"], answer["reason"] or ""


@contextmanager
def hung(machine: Machine) -> Iterator[None]:
    """Its member is stopped, and goes on afterwards."""
    machine.signal(signal.SIGSTOP)
    try:
        yield
    finally:
        machine.signal(signal.SIGCONT)


def test_all_members_serve_one_leads_and_one_may_go(three: Site) -> None:
    seen = json.loads(look(three))
    assert sorted(member["node"] for member in seen["etcd"]) == list(HOSTS)
    assert sum(member["is_leader"] for member in seen["etcd"]) == 1
    assert all(member["applied_index"] > 0 and not member["alarms"] for member in seen["etcd"])
    offsets = {node["name"]: node["clock_offset_seconds"] for node in seen["nodes"] if node["name"] in HOSTS}
    assert all(abs(offset) < 2 for offset in offsets.values()), offsets
    leader = next(member["node"] for member in seen["etcd"] if member["is_leader"])
    for name in HOSTS:
        answer = judge(three.topology, json.dumps(seen), "restart", [name], ["etcd"])
        assert answer["verdict"] == "go", answer
        assert (answer["move_leader_to"] is not None) == (name == leader)


def test_the_command_looks_by_itself_and_what_it_saves_gives_the_same_answer(
    three: Site, tmp_path: Path
) -> None:
    endpoints = three.machines[HOSTS[0]].endpoints()
    files = {"cacert": endpoints.authority, "cert": endpoints.certificate, "key": endpoints.key}
    shown: list[object] = []
    for option, text in files.items():
        (tmp_path / option).write_text(text)
        shown += [f"--{option}", tmp_path / option]
    pillar = tmp_path / "pillar.sls"
    pillar.write_text(json.dumps({"k8s_ha": three.pillar}))
    saved = tmp_path / "seen.json"
    asked = ("gate", pillar, "--node", HOSTS[0], "--step", "restart", "--program", "etcd")
    told = k8s_ha(*asked, *shown, "--save", saved).stdout
    assert told.startswith("etcd ") and "(leads)" in told and "\ngo\n" in told
    again = json.loads(k8s_ha(*asked, "--observation", saved, "--format", "json").stdout)
    assert again["verdict"] == "go"
    assert again["observation"]["etcd"] == json.loads(saved.read_text())["etcd"]
    with hung(three.machines["etcd2"]):
        wait_until(lambda: states(look(three)) == ["up", "unknown", "up"], "the others serve", 20)
        waits = k8s_ha(*asked, *shown, check=False)
        assert waits.returncode == 1 and "etcd2 unknown (no answer within 1 s)" in waits.stdout
        assert "\nwait: restarting etcd on etcd1 leaves etcd 1 of 3" in waits.stdout


def test_a_hung_member_is_seen_in_time_and_holds_the_others(three: Site) -> None:
    with hung(three.machines["etcd2"]):
        # Where it led, the others elect first.
        wait_until(lambda: states(look(three)) == ["up", "unknown", "up"], "the others serve", 20)
        seen = look(three)
        said, why = verdict(three, seen, "restart", "etcd3")
        assert said == "wait" and "etcd2 gives no answer" in why
        assert verdict(three, seen, "restart", "etcd2")[0] == "go"
        # Its own host knows that no network lies between.
        assert states(look(three, "etcd2")) == ["up", "down", "up"]
    wait_until(lambda: states(look(three)) == ["up"] * 3, "etcd2 serves again", 20)


def test_without_quorum_the_last_one_is_kept_and_the_others_may_be_mended(three: Site) -> None:
    for name in ("etcd2", "etcd3"):
        three.machines[name].power_loss()
    wait_until(lambda: states(look(three))[0] == "unwell", "etcd1 has no quorum", 20)
    seen = look(three, "etcd2")
    assert states(seen) == ["unwell", "down", "unknown"]
    assert verdict(three, seen, "restart", "etcd1")[0] == "wait"
    assert verdict(three, seen, "restart", "etcd2")[0] == "go"
    assert verdict(three, seen, "remove", "etcd2")[0] == "refuse"
    three.machines["etcd1"].power_loss()
    nobody = look(three, "etcd1")
    assert states(nobody) == ["down", "unknown", "unknown"], (
        "the declared members stand for those nobody tells"
    )
    assert verdict(three, nobody, "restart", "etcd1")[0] == "go"
    assert verdict(three, nobody, "restart", "etcd2")[0] == "wait"


def test_etcd_takes_every_change_that_the_gate_lets_pass(three: Site) -> None:
    """States of the model check, replayed: the gate is never milder than etcd's own check of a change."""
    endpoints = three.machines["etcd1"].endpoints()
    ids = {member["name"]: member["id"] for member in endpoints.members(10)}
    three.machines["etcd3"].power_loss()
    wait_until(lambda: states(look(three)) == ["up", "up", "unknown"], "etcd3 is away", 20)
    # A healthy one of three, while another one is down: both refuse.
    assert verdict(three, look(three), "remove", "etcd2")[0] != "go"
    with pytest.raises(K8sHaError):
        endpoints.of("etcd1").remove(ids["etcd2"])
    # The one that is down, as its own host says: both let it go.
    seen = look(three, "etcd3")
    assert verdict(three, seen, "remove", "etcd3")[0] == "go"
    endpoints.of("etcd1").remove(ids["etcd3"])
    # Of two, none may go, and a learner that does not run may.
    seen = look(three)
    assert states(seen)[:2] == ["up", "up"]
    assert verdict(three, seen, "restart", "etcd2")[0] == "refuse"
    peer = three.topology.etcd_peer_url("etcd3")
    # etcd wants its members to have been connected for some seconds first.
    listed = endpoints.ask("no learner is added", lambda etcd: etcd.add_learner(peer), 20)
    added = next(member for member in listed if member["is_learner"])
    seen = look(three)
    assert any(member["is_learner"] for member in json.loads(seen)["etcd"])
    said, why = verdict(three, seen, "restart", "etcd2")
    assert said in ("wait", "refuse"), why
    # A second one at a time is refused by both.
    assert verdict(three, seen, "add", "etcd3")[0] != "go"
    with pytest.raises(K8sHaError):
        endpoints.of("etcd1").add_learner(f"https://{OWN_NETWORK}.39:2380")
    # It never came up, so it cannot be promoted.
    with pytest.raises(K8sHaError):
        endpoints.of("etcd1").promote(added["id"])
    with suppress(K8sHaError):
        endpoints.of("etcd1").remove(added["id"])


def test_what_cannot_be_judged_is_said(three: Site) -> None:
    with pytest.raises(ValueError, match="there is: stop, restart, reboot"):
        judge(three.topology, look(three), "explode", ["etcd1"])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="cannot be read"):
        judge(three.topology, "{}", "restart", ["etcd1"])
    old = json.dumps({**json.loads(look(three)), "schema": 9})
    with pytest.raises(ValueError, match="has schema 9"):
        judge(three.topology, old, "restart", ["etcd1"])
