"""What a worker may do by the API, and nothing more: a real API server enforces it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from live.control_plane import ControlPlane
from live.workers import Workers
from ports import wait_until
from saltext.k8s_ha._core import Api, LiveError, Slot, judge
from saltext.k8s_ha.utils import observation
from saltext.k8s_ha.utils.host import HostError
from saltext.k8s_ha.utils.worker_permissions import WorkerPermissions


@pytest.fixture
def workers(control_plane: ControlPlane, tmp_path: Path) -> Workers:
    one = Workers(control_plane, tmp_path)
    one.permit()
    one.remove_nodes()
    for name in ("cp1", "cp2", "cp3", "w1", "w2", "w3", "w4"):
        one.add_node(name)
    policy_holds(one)
    return one


def policy_holds(workers: Workers) -> None:
    """The API server sees a new policy, and new roles, a moment after they were written."""
    other = Api(workers.kubeconfig("w1"))

    def is_refused() -> bool:
        try:
            other.cordon("w4", "w1 before the policy")
        except LiveError as error:
            return "own" in str(error)
        workers.control_plane.request(
            "PATCH", "/api/v1/nodes/w4", {"spec": {"unschedulable": None}}, "application/merge-patch+json"
        )
        return False

    wait_until(is_refused, "the policy is enforced", 30)


def refused(ask: Callable[[], object]) -> str:
    with pytest.raises(LiveError) as raised:
        ask()
    return f"{raised.value.kind}: {raised.value}"


def test_what_workers_may_do_is_applied_once(control_plane: ControlPlane, tmp_path: Path) -> None:
    workers = Workers(control_plane, tmp_path)
    workers.permit()
    control_plane.request("DELETE", "/apis/rbac.authorization.k8s.io/v1/clusterroles/k8s-ha:workers")
    foretold = workers.permit(test=True)
    assert foretold["result"] is None
    assert foretold["changes"] == {"ClusterRole k8s-ha:workers": {"old": "", "new": "created"}}
    assert workers.permit()["changes"] == foretold["changes"]
    for test in (True, False):
        again = workers.permit(test=test)
        assert again["changes"] == {} and again["result"] is True
    # Elsewhere, and before the host has joined, nothing is applied.
    assert (
        "control plane"
        in WorkerPermissions(workers.member("w1"), workers.host("w1")).apply(test=False)["comment"]
    )


def test_a_worker_reads_what_the_gate_needs_and_no_secret(workers: Workers) -> None:
    api = Api(workers.kubeconfig("w1"))
    assert [node["name"] for node in api.nodes()][-1] == "w4"
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: mine, namespace: k8s-ha}\nstringData: {a: b}\n"
    lease = "apiVersion: coordination.k8s.io/v1\nkind: Lease\nmetadata: {name: x, namespace: %s}\nspec: {}\n"
    assert refused(lambda: api.apply(secret, "test")).startswith("forbidden")
    for namespace in ("kube-system", "kube-node-lease", "default"):
        assert refused(lambda: api.apply(lease % namespace, "test")).startswith("forbidden")  # noqa: B023
    assert refused(lambda: api.delete_node("w1")).startswith("forbidden")
    assert refused(lambda: api.config_map("kube-system", "extension-apiserver-authentication")).startswith(
        "forbidden"
    )


def test_a_worker_changes_its_own_node_only_and_of_it_no_label_or_taint(workers: Workers) -> None:
    api = Api(workers.kubeconfig("w1"))
    assert api.cordon("w1", "w1: test")["changed"]
    assert "no other node than its own" in refused(lambda: api.cordon("w2", "w1: test"))
    assert workers.node("w2")["spec"].get("unschedulable") is None
    node = "apiVersion: v1\nkind: Node\nmetadata: {name: w1%s}\nspec: {%s}\n"
    labelled = node % (", labels: {node-role.kubernetes.io/control-plane: ''}", "")
    assert "its own labels" in refused(lambda: api.apply(labelled, "test", force=True))
    tainted = node % ("", "taints: [{key: a, effect: NoExecute}]")
    assert "its own taints" in refused(lambda: api.apply(tainted, "test", force=True))
    provided = node % ("", "providerID: 'x://y'")
    assert "its own provider" in refused(lambda: api.apply(provided, "test", force=True))
    assert api.uncordon("w1", "w1: test")["changed"]


def test_a_certificate_without_the_group_is_nobody(workers: Workers) -> None:
    nobody = workers.control_plane.nobody
    api = Api(
        server=workers.control_plane.api_url,
        ca=workers.control_plane.ca,
        certificate=nobody.certificate,
        key=nobody.key,
    )
    assert refused(api.nodes).startswith("forbidden")
    user = {"client-certificate": "", "token": "nobody"}
    slot = Slot(workers.topology, "w1", workers.control_plane.kubeconfig(user))
    assert refused(lambda: slot.acquire("w1", "x", "d", 1.0)).startswith("unauthorized")


def test_a_worker_looks_at_the_cluster_and_the_gate_lets_its_drain_pass(workers: Workers) -> None:
    member, host = workers.member("w1"), workers.host("w1")
    labels = {"app": "web"}
    workers.add_pod("web-1", "w1", labels=labels)
    workers.set_budget(labels, 1)
    answered, seen = observation.judge(member, host, "drain", ["w1"], [])
    assert answered["verdict"] == "go", answered
    found = json.loads(seen)
    assert found["etcd"] == [], "a worker has nothing to show to etcd"
    assert {node["name"]: node["state"] for node in found["nodes"]} == dict.fromkeys(
        workers.topology.nodes, "up"
    )
    assert {each["node"]: each["state"] for each in found["programs"]} == {
        "cp1": "up",
        "cp2": "unknown",
        "cp3": "unknown",
    }
    assert found["budgets"] == [{"name": "default/web", "disruptions_allowed": 1, "nodes": ["w1"]}]
    for action, programs in (("restart", ["containerd"]), ("restart", ["kubelet"]), ("reboot", [])):
        answered, _ = observation.judge(member, host, action, ["w1"], programs)  # type: ignore[arg-type]
        assert answered["verdict"] == "go", answered
    # What it cannot see, it lets nobody take.
    answered = judge(workers.topology, seen, "reboot", ["cp1"])
    assert answered["verdict"] == "wait" and "no member of etcd says" in (answered["reason"] or "")
    workers.set_budget(labels, 0)
    answered, _ = observation.judge(member, host, "drain", ["w1"], [])
    assert answered["verdict"] == "wait" and "allows no pod to go" in (answered["reason"] or "")
    workers.set_budget(labels, 1)
    workers.set_ready("w2", "Unknown")
    answered, _ = observation.judge(member, host, "drain", ["w1"], [])
    assert answered["verdict"] == "wait" and "w2 of failure domain pve1" in (answered["reason"] or "")


def test_a_worker_without_a_certificate_is_told_how_to_get_one(workers: Workers) -> None:
    host = workers.host("w1")
    host.path("/etc/kubernetes/k8s-ha.kubeconfig").unlink()
    with pytest.raises(HostError, match=r"on a worker, .* apply k8s\.ha"):
        observation.look(workers.member("w1"), host)
