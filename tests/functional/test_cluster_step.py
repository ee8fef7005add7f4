"""A step judged from the master: of which nodes, and by whom. The client is stood in for."""

from __future__ import annotations

from pathlib import Path

import pytest

from functional.pillars import three_masters
from saltext.k8s_ha import Topology
from saltext.k8s_ha.utils import cluster_step
from saltext.k8s_ha.utils.cluster_minions import ClusterMinions
from saltext.k8s_ha.utils.host import HostError
from saltext.k8s_ha.utils.minion_call import Said

GO = {"verdict": "go", "code": None, "reason": None}


def nobody(_topology: Topology) -> None:
    """No Proxmox VE can be asked."""
    return


def moved(_topology: Topology) -> str:
    """The machine of cp2 runs on pve1."""
    return '[{"node": "cp2", "hypervisor": "pve1", "state": "up"}]'


def test_the_nodes_of_a_hypervisor_are_those_that_run_there() -> None:
    topology = Topology(three_masters())
    assert cluster_step.taken(topology, [], ["pve1"], nobody) == ["cp1", "w1"]
    assert cluster_step.taken(topology, [], ["pve1"], moved) == ["cp1", "cp2", "w1"]
    assert cluster_step.taken(topology, ["w1", "w2"], ["pve1", "pve3"], nobody) == ["w1", "w2", "cp1", "cp3"]


def test_who_names_nodes_needs_no_proxmox() -> None:
    def unreachable(_topology: Topology) -> str:
        raise HostError("it does not answer")

    topology = Topology(three_masters())
    assert cluster_step.taken(topology, ["cp2"], [], unreachable) == ["cp2"]
    with pytest.raises(HostError, match="does not answer"):
        cluster_step.taken(topology, ["cp2"], ["pve1"], unreachable)


@pytest.mark.parametrize(
    ("hypervisors", "sentence"),
    [([], "say of what: `nodes=cp2,w2`"), (["pve9"], "no node stands on a hypervisor `pve9`")],
)
def test_a_step_on_nothing_is_a_sentence(hypervisors: list[str], sentence: str) -> None:
    with pytest.raises(HostError, match=sentence):
        cluster_step.taken(Topology(three_masters()), [], hypervisors, nobody)


def test_a_host_that_the_step_takes_is_asked_last(tmp_path: Path) -> None:
    of = ClusterMinions(Topology(three_masters()), tmp_path)
    asked = []

    def call(minion: str, function: str, *arguments: object, **named: object) -> Said:
        asked.append(minion)
        assert (function, arguments) == ("k8s_ha.judge", ("stop",))
        assert named == {"nodes": "cp1,cp2", "programs": "etcd"}
        return Said(True, True, GO) if minion == "cp2" else Said(False, False, f"{minion} gives no answer")

    said = cluster_step.judge(of, call, "stop", ["cp1", "cp2"], "etcd")
    assert asked == ["cp3", "cp1.prod1.lan", "cp2"]
    assert said == {"asked": "cp2", "nodes": ["cp1", "cp2"], **GO}


def test_where_no_host_can_tell_there_is_no_verdict(tmp_path: Path) -> None:
    of = ClusterMinions(Topology(three_masters()), tmp_path)

    def call(minion: str, *_arguments: object, **_named: object) -> Said:
        return Said(True, False, f"ERROR: {minion} has no credentials")

    with pytest.raises(HostError, match=r"^nobody can tell: cp2 has .*; cp1\.prod1\.lan has no credentials$"):
        cluster_step.judge(of, call, "stop", ["cp1"], "")
