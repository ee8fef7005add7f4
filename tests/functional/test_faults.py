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


def test_a_minion_says_what_is_wrong_with_the_question_or_the_pillar(minion: Minion) -> None:
    said = minion.call("k8s_ha.faults", "cp9")
    assert said.code != 0 and "did you mean `cp1`" in said.text
    minion.set_pillar({"nodes": 3})
    said = minion.call("k8s_ha.tolerance")
    assert said.code != 0 and "Traceback" not in said.text, said.text
