"""What is told of a cluster."""

from __future__ import annotations

import base64
import json

import pytest

from live.control_plane import ControlPlane
from saltext.k8s_ha._core import Api, LiveError

NODE = "{{apiVersion: v1, kind: Node, metadata: {{name: {name}}}, spec: {spec}}}\n---\n"


def test_an_api_server_that_serves_is_ready(api: Api) -> None:
    assert api.ready() == {"ready": True, "status": 200, "text": "ok"}


def test_the_uid_of_kube_system_is_that_of_the_api(control_plane: ControlPlane, api: Api) -> None:
    found = control_plane.request("GET", "/api/v1/namespaces/kube-system")
    assert api.kube_system_uid() == found["metadata"]["uid"]


def test_a_kubeconfig_with_certificates_or_a_token_works_as_well(control_plane: ControlPlane) -> None:
    def packed(text: str) -> str:
        return base64.b64encode(text.encode()).decode()

    admin = control_plane.admin
    by_certificate = {
        "client-certificate-data": packed(admin.certificate),
        "client-key-data": packed(admin.key),
    }
    for user in (by_certificate, {"token": control_plane.token}):
        one = Api(control_plane.kubeconfig(user))
        assert one.kube_system_uid()
        assert repr(one) == f"<Api {control_plane.api_url}>"


def test_a_kubeconfig_may_be_used_for_another_server_of_its_cluster(control_plane: ControlPlane) -> None:
    kubeconfig = control_plane.kubeconfig({"token": control_plane.token})
    elsewhere = kubeconfig.replace(control_plane.api_url, "https://127.0.0.1:1")
    assert Api(elsewhere, server=control_plane.api_url).ready()["ready"]


def test_nodes_are_told_with_their_condition_and_taints(control_plane: ControlPlane, api: Api) -> None:
    cordoned = "{unschedulable: true, taints: [{key: example.org/full, effect: NoSchedule}]}"
    api.apply(NODE.format(name="observe-2", spec=cordoned) + NODE.format(name="observe-1", spec="{}"), "test")
    control_plane.set_status(
        "/api/v1/nodes/observe-1",
        {
            "conditions": [{"type": "Ready", "status": "True"}],
            "addresses": [{"type": "InternalIP", "address": "192.0.2.11"}],
        },
    )
    control_plane.set_status(
        "/api/v1/nodes/observe-2", {"conditions": [{"type": "Ready", "status": "Unknown"}]}
    )
    first, second = (node for node in api.nodes() if node["name"].startswith("observe-"))
    assert (first["ready"], first["internal_ip"], first["unschedulable"]) == (True, "192.0.2.11", False)
    assert (second["ready"], second["internal_ip"], second["unschedulable"]) == (None, None, True)
    assert "example.org/full" in second["taints"]


def test_a_node_is_deleted_once(api: Api) -> None:
    api.apply(NODE.format(name="leaving", spec="{}"), "test")
    assert api.delete_node("leaving") is True
    assert api.delete_node("leaving") is False
    assert "leaving" not in [node["name"] for node in api.nodes()]


def test_where_the_pods_of_a_deployment_run(control_plane: ControlPlane, api: Api) -> None:
    labels = {"app": "spread"}
    containers = [{"name": "a", "image": "a"}]
    template = {"metadata": {"labels": labels}, "spec": {"containers": containers}}
    web = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "spread", "namespace": "default"},
        "spec": {"replicas": 3, "selector": {"matchLabels": labels}, "template": template},
    }
    pods = [
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": f"spread-{node}", "namespace": "default", "labels": labels},
            "spec": {"nodeName": node, "containers": containers},
        }
        for node in ("w2", "w1")
    ]
    api.apply("\n---\n".join(json.dumps(each) for each in (web, *pods)), "test")
    path = "/apis/apps/v1/namespaces/default/deployments/spread"
    assert api.deployment("default", "spread") == {"wanted": 3, "ready": 0, "nodes": ["w1", "w2"]}
    asked = [("Deployment", "default", "spread")]
    assert api.workloads_ready(asked)[0]["done"] is False

    counted = dict.fromkeys(("replicas", "readyReplicas", "updatedReplicas", "availableReplicas"), 3)
    control_plane.set_status(path, {"observedGeneration": 1, **counted})
    assert api.workloads_ready(asked) == [
        {
            "kind": "Deployment",
            "namespace": "default",
            "name": "spread",
            "desired": 3,
            "ready": 3,
            "updated": 3,
            "done": True,
        }
    ]


def test_a_workload_that_is_not_there_is_named(api: Api) -> None:
    with pytest.raises(LiveError, match="reading DaemonSet kube-system/cilium") as raised:
        api.workloads_ready([("DaemonSet", "kube-system", "cilium")])
    assert raised.value.kind == "not_found"
    with pytest.raises(LiveError, match="`Job` is no kind with a rollout"):
        api.workloads_ready([("Job", "a", "b")])
