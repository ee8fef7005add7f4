"""Workers before a real API server: their certificates as the master signs them, and objects that no kubelet makes."""

from __future__ import annotations

import urllib.error
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from live.control_plane import ControlPlane
from live_host import LiveHost
from saltext.k8s_ha import Topology
from saltext.k8s_ha._core import Slot
from saltext.k8s_ha.modules import k8s_ha_operate
from saltext.k8s_ha.utils import delivery, gate_certificate, kubeconfig, own_api, pki
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import Host
from saltext.k8s_ha.utils.identity import OF_NODE
from saltext.k8s_ha.utils.worker_permissions import NAMESPACE, WorkerPermissions

PODS = "/api/v1/namespaces"
LEASES = f"/apis/coordination.k8s.io/v1/namespaces/{NAMESPACE}/leases"
SECONDS = 4


class Workers:
    """Two hypervisors with two workers each; of three API servers one is there."""

    def __init__(self, control_plane: ControlPlane, directory: Path, **upgrades: Any) -> None:
        self.control_plane = control_plane
        self._directory = directory
        masters = {
            f"cp{n}": {"roles": ["control_plane"], "ip": f"127.0.0.{n}", "hypervisor": f"pve{n}"}
            for n in (1, 2, 3)
        }
        workers = {
            f"w{n}": {"roles": ["worker"], "ip": f"127.0.0.2{n}", "hypervisor": f"pve{(n + 1) // 2}"}
            for n in (1, 2, 3, 4)
        }
        self.pillar: dict[str, Any] = {
            "cluster": {
                "name": "prod1",
                "kubernetes_version": "v1.36.4",
                "control_plane_endpoint": "api.prod1.lan:8443",
            },
            "networks": {"lan": {"cidr": "127.0.0.0/24"}},
            "load_balancer": {"type": "external", "external": {"highly_available": True}},
            "kubeadm": {"bind_port": control_plane.port},
            "upgrades": upgrades,
            "nodes": {**masters, **workers},
        }
        self.topology = Topology(self.pillar)
        assert self.topology.valid, self.topology.findings

    def member(self, node: str) -> Member:
        """A node as its states know it."""
        return Member(self.topology, node, {})

    def host(self, node: str) -> LiveHost:
        """The host of a worker or a balancer with its certificate, or of a master that has joined."""
        host = LiveHost(self._directory / node)
        if gate_certificate.needed(self.member(node)):
            place = host.path(gate_certificate.PATH)
            text = self.kubeconfig(node)
        else:
            host.path("/var/lib/k8s-ha").mkdir(parents=True, exist_ok=True)
            OF_NODE.write(host, {"stage": "member"})
            place = host.path(own_api.KUBECONFIG)
            text = self.control_plane.kubeconfig({"token": self.control_plane.token})
            delivery._put(host, "/etc/kubernetes/kubelet.conf", "", 0o600)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        return host

    def kubeconfig(self, node: str) -> str:
        """What a worker or a balancer shows: made by the product's own signing."""
        key = pki.generate_key("ECDSA-P256")
        authority = pki.Authority(self.control_plane.ca, self.control_plane.authority_key)
        certificate = authority.sign(
            pki.request_for(key, "whatever"),
            node,
            common_name=gate_certificate.user(node),
            organization=gate_certificate.group(self.topology.roles(node)) or "",
            validity_seconds=3600.0,
            now=pki.utc_now(),
        )
        server = self.control_plane.api_url
        return kubeconfig.text(server, self.control_plane.ca, "me", certificate, pki.key_pem(key))

    def permit(self, *, test: bool = False) -> dict[str, Any]:
        """Apply what workers may do, as a node of the control plane does."""
        return WorkerPermissions(self.member("cp1"), self.host("cp1")).apply(test=test)

    def slot(self, node: str, seconds: int = SECONDS) -> Slot:
        """One that is not held yet."""
        return Slot(self.topology, node, self.kubeconfig(node), seconds)

    def forget_slots(self) -> None:
        """No slot is held by anybody."""
        with suppress(urllib.error.HTTPError):
            self.control_plane.request("DELETE", LEASES)

    def add_node(self, name: str, **spec: Any) -> None:
        """A Node that is ready."""
        node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}, "spec": spec}
        self.control_plane.request("POST", "/api/v1/nodes", node)
        self.set_ready(name, "True")

    def set_ready(self, name: str, status: str) -> None:
        """What its kubelet would say of it."""
        conditions = {"conditions": [{"type": "Ready", "status": status}]}
        self.control_plane.set_status(f"/api/v1/nodes/{name}", conditions)

    def node(self, name: str) -> dict[str, Any]:
        """The Node as it is."""
        found: dict[str, Any] = self.control_plane.request("GET", f"/api/v1/nodes/{name}")
        return found

    def remove_nodes(self) -> None:
        """No Node, no pod and no budget is left."""
        for path in ("/api/v1/nodes", f"{PODS}/default/pods", f"{PODS}/kube-system/pods"):
            for each in self.control_plane.request("GET", path)["items"]:
                self.remove(f"{path}/{each['metadata']['name']}")
        self.control_plane.request("DELETE", "/apis/policy/v1/namespaces/default/poddisruptionbudgets")

    def remove(self, path: str) -> None:
        """An object goes at once."""
        with suppress(urllib.error.HTTPError):
            self.control_plane.request("DELETE", path, {"gracePeriodSeconds": 0})

    def add_pod(
        self,
        name: str,
        node: str,
        owner: str | None = "ReplicaSet",
        namespace: str = "default",
        **metadata: Any,
    ) -> str:
        """A pod that runs on a node: its path."""
        owners = [{"apiVersion": "apps/v1", "kind": owner, "name": "x", "uid": "1", "controller": True}]
        pod = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": name, "ownerReferences": owners if owner else [], **metadata},
            "spec": {
                "nodeName": node,
                "terminationGracePeriodSeconds": 0,
                "containers": [{"name": "a", "image": "a"}],
                "volumes": [{"name": "scratch", "emptyDir": {}}],
            },
        }
        self.control_plane.request("POST", f"{PODS}/{namespace}/pods", pod)
        path = f"{PODS}/{namespace}/pods/{name}"
        ready = [{"type": "Ready", "status": "True"}]
        self.control_plane.set_status(path, {"phase": "Running", "conditions": ready})
        return path

    def pods(self, namespace: str = "default") -> list[str]:
        """Names of all pods of a namespace."""
        items = self.control_plane.request("GET", f"{PODS}/{namespace}/pods")["items"]
        return sorted(each["metadata"]["name"] for each in items)

    def set_budget(self, labels: dict[str, str], allowed: int) -> None:
        """A budget, counted as its controller would."""
        path = "/apis/policy/v1/namespaces/default/poddisruptionbudgets"
        budget = {
            "apiVersion": "policy/v1",
            "kind": "PodDisruptionBudget",
            "metadata": {"name": "web"},
            "spec": {"minAvailable": 1, "selector": {"matchLabels": labels}},
        }
        with suppress(urllib.error.HTTPError):
            self.control_plane.request("POST", path, budget)
        counted = {"disruptionsAllowed": allowed, "currentHealthy": 1, "desiredHealthy": 1, "expectedPods": 1}
        self.control_plane.set_status(f"{path}/web", {"observedGeneration": 1, **counted})


def be(monkeypatch: pytest.MonkeyPatch, node: str, pillar: dict[str, Any], host: Host) -> None:
    """What an operator calls runs on this node."""
    dunders = {
        "__opts__": {"id": node, "k8s_ha": {"root": str(host.root)}},
        "__pillar__": {"k8s_ha": pillar},
        "__context__": {},
    }
    for name, value in dunders.items():
        monkeypatch.setattr(k8s_ha_operate, name, value, raising=False)
