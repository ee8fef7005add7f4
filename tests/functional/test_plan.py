"""How a cluster comes from one pillar to another, asked from Python."""

from __future__ import annotations

import pytest

from functional.needs import installed
from functional.pillars import three_masters

core = installed("saltext.k8s_ha._core")


def test_python_gets_the_steps_and_what_is_survived_meanwhile() -> None:
    old, new = three_masters(), three_masters()
    new["nodes"]["cp4"] = {"profile": "master", "ip": "10.0.10.14", "hypervisor": "pve4"}
    plan = core.Topology(old).plan(core.Topology(new))
    assert plan["cluster"] == "prod1" and plan["refused"] == [] and plan["warnings"] == []
    assert [(step["action"], step["nodes"]) for step in plan["steps"][:3]] == [
        ("add", ["cp4"]),
        ("promote", ["cp4"]),
        ("join", ["cp4"]),
    ]
    promoted = plan["steps"][1]["tolerance"]
    assert {"service": "etcd", "kind": "node", "before": 1, "during": 0, "target": 1} in promoted


def test_python_is_told_what_is_refused() -> None:
    old, new = three_masters(), three_masters()
    new["nodes"]["cp3"]["ip"] = "10.0.10.33"
    del new["nodes"]["w2"]
    new["nodes"]["w2"] = {"profile": "worker", "ip": "10.0.10.300"}
    with pytest.raises(core.PillarError, match="not valid"):
        core.Topology(old).plan(core.Topology(new))
    new["nodes"]["w2"]["ip"] = "10.0.10.22"
    plan = core.Topology(old).plan(core.Topology(new))
    assert [refusal["code"] for refusal in plan["refused"]] == ["address"] and plan["steps"] == []


def test_a_finding_of_the_new_pillar_refuses_it() -> None:
    new = three_masters()
    del new["nodes"]["cp3"]
    plan = core.Topology(three_masters()).plan(core.Topology(new))
    assert "ETCD-001" in [refusal["code"] for refusal in plan["refused"]]
