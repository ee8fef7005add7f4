"""What is lost when something goes away, asked from Python and of a minion."""

from __future__ import annotations

import pytest

from functional.minion import Minion
from functional.needs import installed
from functional.pillars import three_masters

core = installed("saltext.k8s_ha._core")


def test_python_gets_the_table_and_a_loss() -> None:
    topology = core.Topology(three_masters())
    services = {service["service"]: service for service in topology.tolerance()["services"]}
    assert services["etcd"]["tolerance"]["serve"]["node"]["survives"] == 1
    loss = topology.faults(["cp1", "cp2"])
    assert "etcd" in [lost["service"] for lost in loss["lost"]]
    assert {"kind": "node", "name": "cp1"} in loss["down"]


def test_python_gets_cut_sets_and_answers_about_the_cluster() -> None:
    topology = core.Topology(three_masters())
    (etcd,) = topology.cut_sets(2, "etcd")
    assert etcd["by_order"][2] >= 3 and etcd["complete"]
    capacity = topology.about("capacity")
    assert {row["verdict"] for row in capacity["pods"]} <= {"fits", "not_settled"}
    assert topology.about("start-order")["never"] == []
    (cut,) = topology.about("partitions", ["cp1"])
    assert len(cut["sides"]) == 2
    assert topology.about("switch-over")
    assert "<title>" in topology.report() and topology.report("mermaid").startswith(("graph", "flowchart"))


def test_python_is_told_what_can_be_asked() -> None:
    topology = core.Topology(three_masters())
    with pytest.raises(ValueError, match="there is: partitions, capacity"):
        topology.about("everything")
    with pytest.raises(ValueError, match="has no `reliability`"):
        topology.about("availability")
    with pytest.raises(ValueError, match="no service `ectd`; did you mean `etcd`"):
        topology.cut_sets(1, "ectd")
    with pytest.raises(ValueError, match="`kube-apiserver` keeps no data"):
        topology.cut_sets(1, "kube-apiserver", "data")
    with pytest.raises(ValueError, match="there is: serve, recover, data"):
        topology.cut_sets(1, level="all")
    with pytest.raises(ValueError, match="there is: html, svg, mermaid"):
        topology.report("pdf")


def test_python_is_told_the_nearest_name() -> None:
    topology = core.Topology(three_masters())
    with pytest.raises(ValueError, match="no element `cp9`; did you mean `cp1`"):
        topology.tolerance(["cp9"])
    with pytest.raises(core.PillarError, match="not valid"):
        core.Topology({}).tolerance()


def test_a_minion_answers(minion: Minion) -> None:
    told = minion.call("k8s_ha.tolerance")
    assert told.code == 0 and told.value["etcd"]["serve"]["node"] == 1, told.text
    told = minion.call("k8s_ha.tolerance", "down=cp1")
    assert told.value["etcd"]["serve"]["node"] == 0, told.text
    lost = minion.call("k8s_ha.faults", "cp1, cp2")
    assert "etcd" in [each["service"] for each in lost.value["lost"]], lost.text


def test_a_minion_answers_about_the_cluster(minion: Minion) -> None:
    told = minion.call("k8s_ha.about", "start-order")
    assert told.code == 0 and told.value["layers"], told.text
    told = minion.call("k8s_ha.about", "partitions", "cut=cp1, cp2")
    assert told.code == 0 and len(told.value) == 1, told.text
    told = minion.call("k8s_ha.cut_sets", "service=etcd")
    assert told.code == 0 and all(line.startswith("etcd: ") for line in told.value), told.text
    assert minion.call("k8s_ha.about", "anything").code != 0


def test_a_minion_says_what_is_wrong_with_the_question_or_the_pillar(minion: Minion) -> None:
    said = minion.call("k8s_ha.faults", "cp9")
    assert said.code != 0 and "did you mean `cp1`" in said.text
    minion.set_pillar({"nodes": 3})
    said = minion.call("k8s_ha.tolerance")
    assert said.code != 0 and "Traceback" not in said.text, said.text
