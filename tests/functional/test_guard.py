"""Which steps on units take something from others, and on which hosts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from functional.pillars import three_masters
from saltext.k8s_ha import Topology
from saltext.k8s_ha.utils import gate_certificate
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.guard import Guard
from saltext.k8s_ha.utils.host import Host


def guard(root: Path, node: str, *, member: bool = True) -> Guard:
    host = Host(root)
    if member:
        for path, text in (
            ("/var/lib/k8s-ha/identity.json", json.dumps({"stage": "member"})),
            ("/etc/kubernetes/kubelet.conf", ""),
        ):
            host.path(path).parent.mkdir(parents=True, exist_ok=True)
            host.path(path).write_text(text)
    roles = ["load_balancer"] if node == "lb1" else ["worker", "load_balancer"]
    balancers = {f"lb{place}": {"roles": roles, "ip": f"10.0.10.4{place}"} for place in (1, 2)}
    pillar = three_masters(nodes=balancers if node.startswith("lb") else {})
    return Guard(Member(Topology(pillar), node, {}), host, lambda *_: None)


@pytest.mark.parametrize(
    ("unit", "step", "programs"),
    [
        ("haproxy.service", "start", ()),
        ("haproxy.service", "enable", ()),
        # The old process hands its sockets over.
        ("haproxy.service", "reload", ()),
        ("haproxy.service", "restart", ("haproxy",)),
        ("keepalived.service", "reload", ("keepalived",)),
        ("containerd.service", "restart", ("containerd",)),
        ("kubelet.service", "restart", ("kubelet",)),
        ("k8s-ha-watchdog.service", "restart", ()),
    ],
)
def test_a_node_of_the_control_plane(tmp_path: Path, unit: str, step: str, programs: tuple[str, ...]) -> None:
    assert guard(tmp_path, "cp1").takes(unit, step) == programs


def test_a_worker_whose_pods_stay_takes_nothing(tmp_path: Path) -> None:
    for unit in ("containerd.service", "kubelet.service", "haproxy.service"):
        assert guard(tmp_path, "w1").takes(unit, "restart") == ()


@pytest.mark.parametrize(
    ("unit", "step", "programs"),
    [
        ("haproxy.service", "reload", ()),
        ("haproxy.service", "restart", ("haproxy",)),
        ("keepalived.service", "reload", ("keepalived",)),
        ("nftables.service", "reload", ("haproxy", "keepalived")),
        ("kubelet.service", "restart", ()),
        ("k8s-ha-watchdog.service", "restart", ()),
    ],
)
# Alone, and on a worker.
@pytest.mark.parametrize("node", ["lb1", "lb2"])
def test_a_balancer_outside_of_the_control_plane_once_it_can_ask(
    tmp_path: Path, node: str, unit: str, step: str, programs: tuple[str, ...]
) -> None:
    one = guard(tmp_path, node, member=False)
    assert one.takes(unit, step) == (), "the cluster is being made"
    place = one.host.path(gate_certificate.PATH)
    place.parent.mkdir(parents=True)
    place.write_text("{}")
    assert one.takes(unit, step) == programs


def test_nobody_relies_on_a_host_that_is_no_member_yet(tmp_path: Path) -> None:
    assert guard(tmp_path, "cp1", member=False).takes("haproxy.service", "restart") == ()


def test_where_nothing_is_taken_nobody_is_asked(tmp_path: Path) -> None:
    """A lock would need certificates, and this host has none."""
    with guard(tmp_path, "cp1").around("haproxy.service", "reload"):
        pass
