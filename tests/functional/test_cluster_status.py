"""The status of a cluster from the master: who gives no answer, and what is on record. The client is stood in for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from functional.pillars import three_masters
from saltext.k8s_ha import Topology
from saltext.k8s_ha.utils import cluster_status
from saltext.k8s_ha.utils.cluster_minions import ClusterMinions
from saltext.k8s_ha.utils.minion_call import Said, said_of
from saltext.k8s_ha.utils.roll_record import RollRecord, Rolls

RECORD = {
    "lock": None,
    "steps": [{"node": "cp1", "step": "restarting etcd on cp1", "digest": "d", "since": 1.0}],
    "maintenance": [{"node": "w1", "until": 9e9, "reason": "memory is added", "since": 1.0}],
}


def nowhere(_topology: object) -> tuple[None, list[str]]:
    """No machine is Proxmox VE's."""
    return None, []


def test_what_wants_attention_comes_first(tmp_path: Path) -> None:
    of = ClusterMinions(Topology(three_masters()), tmp_path)
    Rolls(tmp_path / "rolls").write(RollRecord("prod1", "reboot", "d", "alice", 1.0, ["cp1", "cp2"]))

    def call(minion: str, function: str, *_arguments: object, **_named: object) -> Said:
        assert function == "k8s_ha.on_record"
        return (
            Said(True, True, RECORD) if minion.startswith("cp2") else Said(False, False, f"{minion} is away")
        )

    def everybody(minions: list[str], _function: str) -> dict[str, Said]:
        answer: dict[str, Any] = {"ret": {"attention": [], "pillar": "valid"}, "retcode": 0}
        away = {"ret": "Minion did not return. [Not connected]", "out": "no_return", "retcode": 1}
        return {minion: said_of(minion, away if minion == "w2" else answer) for minion in minions}

    told = cluster_status.tell(of, call, everybody, nowhere)
    assert set(told["nodes"]) == {"cp1", "cp2", "cp3", "w1"} and told["on_record"] == RECORD
    said = " | ".join(told["attention"])
    for part in (
        "w2: w2 gives no answer",
        "restarting etcd on cp1 was begun and has not ended well",
        "w1 is in maintenance: memory is added",
        "a roll of alice (action=reboot) has not ended, cp1, cp2 left",
    ):
        assert part in said, said


@pytest.mark.parametrize(
    ("holders", "expected"),
    [
        (["cp1"], []),
        ([], ["no host holds 10.0.10.5: mend keepalived"]),
        (
            ["cp1", "cp3"],
            ["cp1 and cp3 hold 10.0.10.5 at the same time: mend keepalived, or the network between them"],
        ),
    ],
)
def test_one_host_holds_the_address(tmp_path: Path, holders: list[str], expected: list[str]) -> None:
    of = ClusterMinions(Topology(three_masters()), tmp_path)
    nodes = {minion: node for node, minion in of.by_node.items()}

    def everybody(minions: list[str], _function: str) -> dict[str, Said]:
        held = {minion: {"address": "10.0.10.5", "held": nodes[minion] in holders} for minion in minions}
        return {minion: Said(True, True, {"attention": [], "address": held[minion]}) for minion in minions}

    record = Said(True, True, {"lock": None, "steps": [], "maintenance": []})
    told = cluster_status.tell(of, lambda *_arguments, **_named: record, everybody, nowhere)
    assert told["attention"] == expected


def test_a_sentence_of_salt_is_no_answer_and_one_of_a_function_is() -> None:
    assert said_of("m", None) == Said(False, False, "m gives no answer")
    assert not said_of("m", {"ret": "Minion did not return", "out": "no_return"}).is_answer
    failed = said_of("m", {"ret": "ERROR: Node cp1: its disk is full", "retcode": 1})
    assert failed.is_answer and not failed.is_good and failed.sentence == "Node cp1: its disk is full"
