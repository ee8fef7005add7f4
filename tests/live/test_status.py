"""The live parts of a node's status, against a real etcd and a real API server."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from live.control_plane import ControlPlane
from ports import LOOPBACK, wait_until
from saltext.k8s_ha._core import LiveError
from saltext.k8s_ha.utils.host import Host
from saltext.k8s_ha.utils.status_api import endpoint, own_server
from saltext.k8s_ha.utils.status_etcd import etcd
from saltext.k8s_ha.utils.status_node import Asker, Deadline, Node

ELSEWHERE = {name: (f"https://{name}:2379", f"https://{name}:2380") for name in ("cp2", "cp3")}


def node_of(control_plane: ControlPlane, root: Path, **changes: Any) -> Node:
    """cp1 of a cluster whose first member and first API server these are, as kubeadm leaves its files."""
    directory = root / "etc/kubernetes/pki/etcd"
    directory.mkdir(parents=True)
    for place, text in {
        directory / "ca.crt": control_plane.ca,
        directory / "healthcheck-client.crt": control_plane.admin.certificate,
        directory / "healthcheck-client.key": control_plane.admin.key,
        directory.parent / "ca.crt": control_plane.ca,
        root / "etc/kubernetes/admin.conf": control_plane.kubeconfig({"token": control_plane.token}),
    }.items():
        place.write_text(text)
    (voter,) = listed(control_plane)
    declared = {"cp1": (control_plane.etcd_url, voter["peerURLs"][0]), **ELSEWHERE}
    topology = SimpleNamespace(
        etcd_members=lambda: {name: declared[name] for name in changes.get("members", declared)},
        api_server=lambda _: changes.get("api_url", control_plane.api_url),
        control_plane_endpoint=control_plane.api_url.removeprefix("https://"),
    )
    member: Any = SimpleNamespace(
        topology=topology,
        node="cp1",
        roles=changes.get("roles", ["control_plane"]),
        has_external_member=False,
        has_stacked_etcd=True,
    )
    return Node(member, Asker(Host(root), {}, Deadline.after(60)))


def listed(control_plane: ControlPlane) -> list[dict[str, Any]]:
    """The members as etcdctl tells them."""
    members: list[dict[str, Any]] = json.loads(control_plane.etcdctl("member", "list", "-w", "json"))[
        "members"
    ]
    return members


def test_both_ways_to_the_api(control_plane: ControlPlane, tmp_path: Path) -> None:
    node = node_of(control_plane, tmp_path)
    ready = ({"server": control_plane.api_url, "ready": True}, [])
    assert own_server(node) == ready
    assert endpoint(node) == ready
    (tmp_path / "etc/kubernetes/admin.conf").unlink()
    assert own_server(node) == ("No API server runs here yet: there is no /etc/kubernetes/admin.conf.", [])


def test_a_worker_asks_the_endpoint_only(control_plane: ControlPlane, tmp_path: Path) -> None:
    node = node_of(control_plane, tmp_path, roles=["worker"])
    assert own_server(node) == ("No API server runs on this node.", [])
    assert endpoint(node)[0]["ready"] is True


def test_members_are_told_by_the_names_of_the_pillar(control_plane: ControlPlane, tmp_path: Path) -> None:
    node = node_of(control_plane, tmp_path / "all")
    smaller = node_of(control_plane, tmp_path / "one", members=["cp1"])
    control_plane.etcdctl("member", "add", "cp2", "--learner", f"--peer-urls={ELSEWHERE['cp2'][1]}")
    (learner,) = (f"{one['ID']:x}" for one in listed(control_plane) if one.get("isLearner"))
    try:
        told, attention = etcd(node)
        assert (told["leader"], told["is_learner"]) == ("cp1", False)
        assert told["members"] == {"cp1": "voter", "cp2": "learner, not started yet"}
        assert (told["missing"], told["not_declared"]) == (["cp3"], [])
        assert attention == ["cp3 is declared and no member of etcd"]
        told, (line,) = etcd(smaller)
        assert told["not_declared"] == [f"without a name ({learner}, {ELSEWHERE['cp2'][1]})"]
        assert f"`etcdctl member remove {learner}`" in line
    finally:
        control_plane.etcdctl("member", "remove", learner)


def test_a_host_without_certificates_is_no_member_yet(control_plane: ControlPlane, tmp_path: Path) -> None:
    node = node_of(control_plane, tmp_path)
    (tmp_path / "etc/kubernetes/pki/etcd/healthcheck-client.key").unlink()
    told, attention = etcd(node)
    assert told.startswith("No member of etcd runs here yet: there is no /etc/kubernetes/pki/etcd/")
    assert attention == []


def test_a_server_that_hangs_costs_five_seconds(control_plane: ControlPlane, tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind((LOOPBACK, 0))
        silent.listen()
        node = node_of(control_plane, tmp_path, api_url=f"https://{LOOPBACK}:{silent.getsockname()[1]}")
        began = time.monotonic()
        with pytest.raises(LiveError) as raised:
            own_server(node)
        assert raised.value.kind == "timeout"
        assert time.monotonic() - began < 5.5


def test_an_api_server_without_etcd_names_the_check_that_fails(tmp_path: Path) -> None:
    (tmp_path / "servers").mkdir()
    with ControlPlane(tmp_path / "servers").running() as control_plane:
        node = node_of(control_plane, tmp_path / "host")
        control_plane.stop_etcd()
        with pytest.raises(LiveError) as raised:
            etcd(node)
        assert raised.value.kind == "connect"
        wait_until(lambda: not own_server(node)[0]["ready"], "the API server notices", 20)
        told, attention = own_server(node)
        assert told["status"] == 500 and "[-]etcd failed" in told["says"]
        assert "[+]" not in attention[0]
