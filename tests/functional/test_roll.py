"""One node after the other: the order, the record, where it ends, and how it goes on. Salt's client is stood in for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from functional.pillars import three_masters
from saltext.k8s_ha import Topology
from saltext.k8s_ha.utils import roll as rolling
from saltext.k8s_ha.utils.host import HostError
from saltext.k8s_ha.utils.minion_call import Said
from saltext.k8s_ha.utils.roll import Roll
from saltext.k8s_ha.utils.roll_record import Rolls

NODES = ["cp1", "cp2", "cp3", "w1", "w2"]
LEADER_CP1 = {
    "observation": {"etcd": [{"node": "cp2", "is_leader": False}, {"node": "cp1", "is_leader": True}]}
}


class Died(BaseException):
    """The master's process is gone."""


class Minions:
    """Stands for the minions as Salt's client reaches them."""

    def __init__(self) -> None:
        self.called: list[str] = []
        self.fails: set[str] = set()
        self.silent: set[str] = set()
        self.maintained: set[str] = set()
        self.booting: dict[str, int] = {}
        self.begun: set[str] = set()
        self.dies_at: str | None = None

    def __call__(self, minion: str, function: str, *_arguments: object, **_named: object) -> Said:
        node = minion.partition(".")[0]
        call = f"{node} {function.removeprefix('k8s_ha.')}"
        self.called.append(call)
        if call == self.dies_at:
            self.dies_at = None
            raise Died
        if node in self.silent:
            return Said(False, False, f"{minion} gives no answer")
        if call in self.fails:
            return Said(True, False, "ERROR: its disk is full")
        return Said(True, True, getattr(self, function.rpartition(".")[2])(node))

    def judge(self, _node: str) -> Any:
        return LEADER_CP1

    def snapshot(self, _node: str) -> Any:
        return {"snapshot": "/var/lib/k8s-ha/snapshots/one.db"}

    def apply(self, node: str) -> Any:
        result = f"{node} state" not in self.fails
        return {
            "a_|-k8s_ha services_|-x_|-y": {"__id__": "s", "result": result, "changes": {}, "comment": "so"}
        }

    def standing(self, node: str) -> Any:
        left = self.booting.get(node, 0)
        self.booting[node] = max(left - 1, 0)
        work = "this host is in maintenance" if node in self.maintained else None
        return {"begun": "a step" if node in self.begun else None, "to_boot": left > 0, "maintenance": work}

    def reboot(self, node: str) -> Any:
        self.begun.add(node)
        self.booting[node] = 2
        return "boot-id"

    def finish(self, node: str) -> Any:
        self.begun.discard(node)
        return f"Rebooting {node} has ended well."


@pytest.fixture
def minions(monkeypatch: pytest.MonkeyPatch) -> Minions:
    monkeypatch.setattr(rolling, "_LOOK_SECONDS", 0.0)
    return Minions()


def roll(tmp_path: Path, minions: Minions, **pillar: Any) -> Roll:
    topology = Topology(three_masters(**pillar))
    by_node = {node: minion for minion, node in topology.minions.items()}
    return Roll(topology, by_node, Rolls(tmp_path / "rolls"), minions, lambda _told: None)


def of(minions: Minions, function: str) -> list[str]:
    return [call.split()[0] for call in minions.called if call.endswith(f" {function}")]


def test_the_leader_is_the_last_of_the_control_plane_and_workers_follow(
    tmp_path: Path, minions: Minions
) -> None:
    told = roll(tmp_path, minions).run("apply", "root", [])
    assert told["retcode"] == 0 and told["left"] == []
    assert of(minions, "state.apply") == ["cp2", "cp3", "cp1", "w1", "w2"]
    assert of(minions, "snapshot") == []


def test_the_first_failure_ends_it_and_it_goes_on_there(tmp_path: Path, minions: Minions) -> None:
    minions.fails = {"cp3 state"}
    one = roll(tmp_path, minions)
    told = one.run("apply", "root", [])
    assert (
        told["retcode"] == 1 and "cp3: s: so" in told["error"] and told["left"] == ["cp3", "cp1", "w1", "w2"]
    )
    minions.fails, minions.called = set(), []
    told = one.run("apply", "sudo_alice", [])
    assert told["retcode"] == 0 and of(minions, "state.apply") == ["cp3", "cp1", "w1", "w2"]
    kept = one.rolls.newest()
    assert kept and kept.by == "root" and [each.outcome for each in kept.outcomes] == ["done"] * 5


def test_another_pillar_or_another_action_begins_anew(tmp_path: Path, minions: Minions) -> None:
    minions.fails = {"cp3 state"}
    roll(tmp_path, minions).run("apply", "root", [])
    minions.fails, minions.called = set(), []
    roll(tmp_path, minions, drift="enforce").run("apply", "root", [])
    assert of(minions, "state.apply") == ["cp2", "cp3", "cp1", "w1", "w2"]


def test_a_master_that_dies_in_the_middle_goes_on_where_it_was(tmp_path: Path, minions: Minions) -> None:
    minions.dies_at = "cp3 finish"
    one = roll(tmp_path, minions)
    with pytest.raises(Died):
        one.run("reboot", "root", [])
    assert of(minions, "reboot") == ["cp2", "cp3"]
    told = one.run("reboot", "root", [])
    assert told["retcode"] == 0
    assert of(minions, "reboot") == ["cp2", "cp3", "cp1", "w1", "w2"], "cp3 had booted already"
    assert of(minions, "snapshot") == ["cp1"], "one is enough"
    assert told["snapshot"] == "cp1:/var/lib/k8s-ha/snapshots/one.db"


def test_nothing_boots_without_a_fresh_snapshot(tmp_path: Path, minions: Minions) -> None:
    minions.fails = {f"{node} snapshot" for node in NODES}
    with pytest.raises(HostError, match=r"nothing was begun.*its disk is full"):
        roll(tmp_path, minions).run("reboot", "root", [])
    assert of(minions, "reboot") == []


def test_a_host_in_maintenance_is_left_out(tmp_path: Path, minions: Minions) -> None:
    minions.maintained = {"cp2"}
    told = roll(tmp_path, minions).run("reboot", "root", [])
    assert told["retcode"] == 0 and "skipped" in told["nodes"]["cp2"]
    assert of(minions, "reboot") == ["cp3", "cp1", "w1", "w2"]


def test_a_host_that_does_not_come_back_ends_it(
    tmp_path: Path, minions: Minions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rolling, "_BOOT_SECONDS", 0.0)
    minions.booting["cp2"] = 99
    minions.begun = {"cp2"}
    told = roll(tmp_path, minions).run("reboot", "root", [])
    assert told["retcode"] == 1 and "has not come back" in told["error"]


def test_a_minion_without_answer_ends_it(tmp_path: Path, minions: Minions) -> None:
    minions.silent = {"cp2"}
    told = roll(tmp_path, minions).run("apply", "root", [])
    assert told["retcode"] == 1 and "gives no answer" in told["error"] and of(minions, "state.apply") == []


def test_one_roll_at_a_time(tmp_path: Path, minions: Minions) -> None:
    one = roll(tmp_path, minions)
    with one.rolls.alone(), pytest.raises(HostError, match="another roll"):
        roll(tmp_path, minions).run("apply", "root", [])


def test_what_there_is_not_is_refused(tmp_path: Path, minions: Minions) -> None:
    one = roll(tmp_path, minions)
    with pytest.raises(HostError, match="there is: apply, reboot"):
        one.run("upgrade", "root", [])
    with pytest.raises(HostError, match="no node cp9"):
        one.run("apply", "root", ["cp9"])
    assert minions.called == []


def test_some_nodes_alone(tmp_path: Path, minions: Minions) -> None:
    told = roll(tmp_path, minions).run("apply", "root", ["w2", "cp2"])
    assert told["retcode"] == 0 and of(minions, "state.apply") == ["cp2", "w2"]


def test_a_record_that_cannot_be_read_begins_nothing(tmp_path: Path, minions: Minions) -> None:
    one = roll(tmp_path, minions)
    one.run("apply", "root", ["w2"])
    (place,) = (tmp_path / "rolls").glob("*.json")
    place.write_text("{")
    minions.called = []
    with pytest.raises(HostError, match="move it away"):
        one.run("apply", "root", [])
    assert minions.called == []
