"""A service with a pod on each node, of an image that all nodes have: what becomes of pods whose node is lost."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from lab.commands import LabError, wait_for
from lab.kubectl import Kubectl
from lab.pillar import NODES
from lab.worker import Client

TOLERATED_SECONDS = 5
"""For so long a pod stays on a node after it was declared lost; without a word of the user it is five minutes."""

_NAME = "replicated"
_PORT = 8080
_LABELS = {"app": _NAME}
_COREFILE = f".:5353 {{\n    whoami\n    health :{_PORT}\n}}\n"
_ROLLOUT_SECONDS = 120.0
# Each question costs a process on a machine that the whole cluster shares.
_PAUSE_SECONDS = 0.5


@dataclass(frozen=True)
class ReplicatedService:
    """The service; `address` is its ClusterIP, at which a host or a pod asks for it."""

    kubectl: Kubectl
    address: str

    @property
    def url(self) -> str:
        """What each of its pods answers with 200."""
        return f"http://{self.address}:{_PORT}/health"

    def asked_from(self, node: str) -> Client:
        """Who asks for it: the host itself, by its own rules of kube-proxy."""
        return Client(command=self.kubectl.cluster.network.command(node))

    def wait_for_replicas(self, nodes: Collection[str], limit: float) -> None:
        """Wait until as many pods as wanted are ready on these nodes, whatever is told of others."""
        wait_for(
            lambda: sum(node in nodes for node in self._nodes_of_ready_pods()) >= len(NODES),
            limit,
            f"{len(NODES)} pods are ready on {', '.join(sorted(nodes))}",
            _PAUSE_SECONDS,
        )

    def spread(self) -> None:
        """Start all pods anew and wait until each node has one: the scheduler moves no pod back by itself."""
        self.kubectl("rollout", "restart", f"deployment/{_NAME}")
        self.wait_until_spread()

    def wait_until_spread(self) -> None:
        """Wait until the rollout has ended and each node has a ready pod."""
        wanted = sorted(NODES)
        limit = f"--timeout={_ROLLOUT_SECONDS:g}s"
        self.kubectl("rollout", "status", f"deployment/{_NAME}", limit, timeout=_ROLLOUT_SECONDS)
        wait_for(
            lambda: sorted(self._nodes_of_ready_pods()) == wanted,
            _ROLLOUT_SECONDS,
            "each node has one pod of the service",
            _PAUSE_SECONDS,
        )

    def _nodes_of_ready_pods(self) -> list[str]:
        try:
            pods = self.kubectl.get("pods", "-l", f"app={_NAME}")["items"]
        except LabError:
            return []
        return [pod["spec"]["nodeName"] for pod in pods if _is_ready(pod)]


def deploy(kubectl: Kubectl) -> ReplicatedService:
    """Create the service and wait until each node has one pod of it."""
    image = kubectl.get("deployment", "-n", "kube-system", "coredns")["spec"]["template"]["spec"][
        "containers"
    ]
    place = kubectl.cluster.run.directory / "replicated-service.json"
    items = [_configuration(), _deployment(image[0]["image"]), _service()]
    place.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
    kubectl("apply", "-f", str(place))
    address = kubectl.get("service", _NAME)["spec"]["clusterIP"]
    service = ReplicatedService(kubectl, address)
    service.wait_until_spread()
    return service


def _configuration() -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": _NAME},
        "data": {"Corefile": _COREFILE},
    }


def _service() -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": _NAME},
        "spec": {"selector": _LABELS, "ports": [{"port": _PORT}]},
    }


def _deployment(image: str) -> dict[str, Any]:
    lost = [
        {
            "key": f"node.kubernetes.io/{reason}",
            "operator": "Exists",
            "effect": "NoExecute",
            "tolerationSeconds": TOLERATED_SECONDS,
        }
        for reason in ("not-ready", "unreachable")
    ]
    control_plane = {"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}
    spread = {
        "maxSkew": 1,
        "topologyKey": "kubernetes.io/hostname",
        "whenUnsatisfiable": "DoNotSchedule",
        # A lost node is none that pods are spread over, nor are the pods of the release before.
        "nodeTaintsPolicy": "Honor",
        "matchLabelKeys": ["pod-template-hash"],
        "labelSelector": {"matchLabels": _LABELS},
    }
    container = {
        "name": _NAME,
        "image": image,
        "args": ["-conf", "/etc/coredns/Corefile"],
        "readinessProbe": {"httpGet": {"path": "/health", "port": _PORT}, "periodSeconds": 1},
        "volumeMounts": [{"name": "configuration", "mountPath": "/etc/coredns"}],
    }
    pod = {
        "tolerations": [*lost, control_plane],
        "topologySpreadConstraints": [spread],
        "containers": [container],
        "volumes": [{"name": "configuration", "configMap": {"name": _NAME}}],
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": _NAME},
        "spec": {
            "replicas": len(NODES),
            "selector": {"matchLabels": _LABELS},
            "template": {"metadata": {"labels": _LABELS}, "spec": pod},
        },
    }


def _is_ready(pod: dict[str, Any]) -> bool:
    """Whether a pod is ready and not about to end."""
    conditions = pod["status"].get("conditions", [])
    ready = any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)
    return ready and "deletionTimestamp" not in pod["metadata"]
