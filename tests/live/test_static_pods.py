"""Static pods of several nodes as a real API server shows them, and how they differ."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from live.control_plane import ControlPlane
from live.test_status import node_of
from saltext.k8s_ha._core import Api
from saltext.k8s_ha.utils.kept import Kept
from saltext.k8s_ha.utils.manifest_drift import drift
from saltext.k8s_ha.utils.status_drift import static_pods

PODS = "/api/v1/namespaces/kube-system/pods"
ADDRESSES = {f"cp{number}": f"10.0.10.1{number}" for number in (1, 2, 3)}


def mirror(component: str, node: str, *arguments: str, image: str = "v1.36.4", is_mirror: bool = True) -> Any:
    """What the kubelet of a node shows of one of its static pods."""
    annotations = {"kubernetes.io/config.mirror": "0" * 32} if is_mirror else {}
    container = {
        "name": component,
        "image": f"registry/{component}:{image}",
        "command": [component, *arguments],
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": f"{component}-{node}",
            "annotations": annotations,
            "labels": {"component": component, "tier": "control-plane"},
        },
        "spec": {"nodeName": node, "hostNetwork": True, "containers": [container]},
    }


@pytest.fixture
def show(control_plane: ControlPlane) -> Iterator[Any]:
    """Shows pods until the test ends."""
    names: list[str] = []

    def one(*arguments: str, **more: Any) -> None:
        pod = mirror(*arguments, **more)
        control_plane.request("POST", PODS, pod)
        names.append(pod["metadata"]["name"])

    yield one
    for name in names:
        control_plane.request("DELETE", f"{PODS}/{name}", {"gracePeriodSeconds": 0})


def test_names_and_addresses_of_their_own_are_no_difference(api: Api, show: Any) -> None:
    for node, address in ADDRESSES.items():
        show("kube-apiserver", node, f"--advertise-address={address}", "--profiling=false")
        urls = f"https://127.0.0.1:2379,https://{address}:2379"
        show("etcd", node, f"--name={node}", f"--listen-client-urls={urls}", f"--initial-cluster={node}=x")
    pods = api.static_pods()
    assert [(pod["node"], pod["component"]) for pod in pods[:2]] == [
        ("cp1", "etcd"),
        ("cp1", "kube-apiserver"),
    ]
    assert len(pods) == 6 and drift(pods, ADDRESSES) == []


def test_a_flag_that_differs_names_component_flag_and_nodes(api: Api, show: Any) -> None:
    show("kube-scheduler", "cp1", "--profiling=false", "--v=2")
    show("kube-scheduler", "cp2", "--profiling=true", "--v=2")
    show("kube-scheduler", "cp3", "--profiling=false", image="v1.36.3")
    assert drift(api.static_pods(), ADDRESSES) == [
        "kube-scheduler: --profiling is true on cp2, false on cp1 and cp3",
        "kube-scheduler: --v is not given on cp3, 2 on cp1 and cp2",
        "kube-scheduler: the image is registry/kube-scheduler:v1.36.3 on cp3, registry/kube-scheduler:v1.36.4 on cp1 "
        "and cp2",
    ]


def test_what_only_has_the_labels_is_none_of_them(api: Api, show: Any) -> None:
    show("kube-scheduler", "cp1", is_mirror=False)
    assert api.static_pods() == []


def test_the_status_names_what_differs_and_what_did_not_end(
    control_plane: ControlPlane, show: Any, tmp_path: Path
) -> None:
    node = node_of(control_plane, tmp_path)
    node.member.topology.nodes = ["cp1", "cp2", "w1"]
    node.member.topology.roles = lambda name: ["worker"] if name == "w1" else ["control_plane"]
    node.member.topology.address = ADDRESSES.__getitem__
    show("kube-scheduler", "cp1", "--v=2")
    show("kube-scheduler", "cp2", "--v=3")
    Kept(node.asker.host, "etcd").keep([])
    told, attention = static_pods(node)
    assert told["components"] == {"cp1": ["kube-scheduler"], "cp2": ["kube-scheduler"]}
    assert attention == [
        "etcd: an earlier change did not end here: apply again",
        "kube-scheduler: --v is 2 on cp1, 3 on cp2 (a change may be on its way; else apply on the node that differs "
        "again)",
    ]
