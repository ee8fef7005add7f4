"""Maintenance that workers see: on the Node objects of a real API server, beside the record of a real etcd."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from live.control_plane import ControlPlane
from live.external_etcd import PILLAR, Site
from live.workers import Workers, be
from ports import free_ports, wait_until
from saltext.k8s_ha import Topology
from saltext.k8s_ha._core import Api, LiveError
from saltext.k8s_ha.modules import k8s_ha_operate as operate
from saltext.k8s_ha.utils import etcd_client, lock, observation, own_api
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import Host

ANNOTATION = "k8s-ha/maintenance"


@pytest.fixture
def workers(control_plane: ControlPlane, tmp_path: Path) -> Workers:
    one = Workers(control_plane, tmp_path)
    one.permit()
    one.remove_nodes()
    for name in ("cp1", "cp2", "cp3", "w1", "w2", "w3", "w4"):
        one.add_node(name)
    wait_until(lambda: is_permitted(one), "workers may read nodes", 20)
    return one


def is_permitted(workers: Workers) -> bool:
    try:
        return bool(Api(workers.kubeconfig("w2")).nodes())
    except LiveError:
        return False


@pytest.fixture
def on_cp1(three: Site, workers: Workers, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Host]:
    """The functions of Salt, as they run on cp1; with another kubeconfig on demand."""

    def of(kubeconfig: str | None = None) -> Host:
        host, member = three.machines["cp1"].host, Member(three.topology, "cp1", {})
        etcd_client.prepare(member, host, lambda: three.master("cp1"), lambda *_: None, limit=30)
        place = host.path(own_api.KUBECONFIG)
        place.parent.mkdir(parents=True, exist_ok=True)
        administrator = workers.control_plane.kubeconfig({"token": workers.control_plane.token})
        place.write_text(kubeconfig or administrator)
        be(monkeypatch, "cp1", PILLAR, host)
        return host

    return of


def noted(workers: Workers, node: str) -> dict[str, Any] | None:
    text = workers.node(node)["metadata"].get("annotations", {}).get(ANNOTATION)
    return json.loads(text) if text else None


def seen_by(workers: Workers, node: str) -> list[str]:
    seen: dict[str, Any] = json.loads(observation.look(workers.member(node), workers.host(node)))
    assert seen["etcd"] == []
    maintained: list[str] = seen["maintenance"]
    return maintained


def drain(workers: Workers, node: str) -> tuple[str, str]:
    answered, _ = observation.judge(workers.member(node), workers.host(node), "drain", [node], [])
    return answered["verdict"], answered["reason"] or ""


def test_a_worker_waits_for_another_one_on_which_somebody_works(
    on_cp1: Callable[..., Host], workers: Workers, three: Site
) -> None:
    host = on_cp1()
    assert drain(workers, "w2")[0] == "go"
    told = operate.maintenance("1h", "memory is added", node="w1")
    assert told["etcd_knows"] and told["api_knows"] and "comment" not in told
    found = noted(workers, "w1")
    assert found and found["until"] == told["until"] and found["reason"] == "memory is added"
    assert sorted(found) == ["reason", "since", "until"]
    assert seen_by(workers, "w2") == ["w1"]
    verdict, reason = drain(workers, "w2")
    assert verdict == "wait" and "w1" in reason
    # Writing it again changes it.
    again = operate.maintenance("2h", "and a disk", node="w1")
    found = noted(workers, "w1")
    assert found and found["until"] == again["until"] > told["until"] and found["reason"] == "and a disk"
    over = operate.maintenance_over(node="w1")
    assert over == {"node": "w1", "etcd_knows": True, "api_knows": True}
    assert noted(workers, "w1") is None and seen_by(workers, "w2") == [] and drain(workers, "w2")[0] == "go"
    assert lock.of_etcd(Member(three.topology, "cp1", {}), host).maintenance() == []


def test_one_of_the_control_plane_tells_of_itself(on_cp1: Callable[..., Host], workers: Workers) -> None:
    on_cp1()
    assert operate.maintenance("1h", "memory is added")["api_knows"] is True
    assert noted(workers, "cp1") and seen_by(workers, "w2") == ["cp1"]
    assert operate.maintenance_over()["api_knows"] is True
    assert noted(workers, "cp1") is None
    # A host of etcd is no node of Kubernetes.
    assert "api_knows" not in operate.maintenance("1h", "memory is added", node="etcd3")
    assert "api_knows" not in operate.maintenance_over(node="etcd3")


def test_both_records_count_and_what_has_ended_does_not(
    workers: Workers, on_cp1: Callable[..., Host]
) -> None:
    host = on_cp1()
    api = Api(workers.control_plane.kubeconfig({"token": workers.control_plane.token}))
    now = time.time()
    api.mark_maintenance("w1", now - 1, "memory was added", now - 60)
    assert seen_by(workers, "w2") == []
    api.mark_maintenance("w1", now + 60, "memory is added", now)
    workers.control_plane.request(
        "PATCH",
        "/api/v1/nodes/w3",
        {"metadata": {"annotations": {ANNOTATION: "until the end of the week"}}},
        "application/merge-patch+json",
    )
    assert seen_by(workers, "w2") == ["w1"]
    member = Member(Topology(PILLAR), "cp1", {})
    lock.of_etcd(member, host).keep_maintenance("w2", now + 60, "x", now)
    lock.of_etcd(member, host).keep_maintenance("w1", now + 60, "x", now)
    seen = json.loads(observation.look(Member(served_by(workers.control_plane), "cp1", {}), host))
    assert seen["maintenance"] == ["w1", "w2"]


def served_by(control_plane: ControlPlane) -> Topology:
    """That pillar, whose first API server is the one that is there."""
    networks = {"lan": {"cidr": "127.0.0.0/8"}}
    nodes = {**PILLAR["nodes"], "cp1": {"roles": ["control_plane"], "ip": "127.0.0.1"}}
    changed = {**PILLAR, "networks": networks, "nodes": nodes, "kubeadm": {"bind_port": control_plane.port}}
    topology = Topology(changed)
    assert topology.valid, topology.findings
    return topology


def test_an_api_that_does_not_take_it_stops_nothing_and_is_told(
    on_cp1: Callable[..., Host], workers: Workers, three: Site
) -> None:
    silent = workers.control_plane.kubeconfig({"token": workers.control_plane.token})
    (port,) = free_ports(1)
    host = on_cp1(silent.replace(workers.control_plane.api_url, f"https://127.0.0.1:{port}"))
    told = operate.maintenance("1h", "memory is added", node="w1")
    assert told["etcd_knows"] is True and told["api_knows"] is False
    assert "A worker that asks the gate does not see it, for the API was not told: " in told["comment"]
    assert noted(workers, "w1") is None
    assert [one["node"] for one in lock.of_etcd(Member(three.topology, "cp1", {}), host).maintenance()] == [
        "w1"
    ]
    over = operate.maintenance_over(node="w1")
    assert over["etcd_knows"] is True and "still sees it" in over["comment"]
    host.path(own_api.KUBECONFIG).unlink()
    assert "no credentials" in operate.maintenance("1h", "x", node="w1")["comment"]
    # A node that is in the pillar, and not in the cluster yet.
    on_cp1()
    workers.remove("/api/v1/nodes/w2")
    absent = operate.maintenance("1h", "x", node="w2")
    assert absent["api_knows"] is False and "no such object" in absent["comment"]


def test_a_worker_tells_of_itself(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    be(monkeypatch, "w1", workers.pillar, workers.host("w1"))
    told = operate.maintenance("1h", "memory is added")
    assert told["etcd_knows"] is False and told["api_knows"] is True
    assert seen_by(workers, "w2") == ["w1"]
    assert operate.maintenance_over()["api_knows"] is True
    assert seen_by(workers, "w2") == []
