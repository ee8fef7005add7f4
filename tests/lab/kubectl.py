"""Questions to the API by kubectl, in the network and at the URL of whoever asks (`Cluster.way`)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.artefacts.command import located
from lab.cluster import Cluster, Way
from lab.commands import LabError, run


@dataclass(frozen=True)
class Kubectl:
    """kubectl with an administrator's kubeconfig; asked in another way than the cluster's where `other` is given."""

    cluster: Cluster
    kubeconfig: Path
    other: Way | None = None

    def __call__(self, *arguments: str, timeout: float = 20.0) -> str:
        """Run kubectl; what it printed. LabError with its last words when it fails."""
        name = f"kubectl-{self.cluster.minor}"
        program = str(located(name)[name])
        way = self.other or self.cluster.way
        namespace = self.cluster.network.host(way.host).namespace
        command = ["ip", "netns", "exec", namespace, program, f"--kubeconfig={self.kubeconfig}"]
        said = run(
            [*command, f"--server={way.url}", f"--request-timeout={timeout:g}s", *arguments], timeout + 5
        )
        if not said.ok:
            raise LabError(f"kubectl {' '.join(arguments[:4])}: {said.stderr.strip()[-300:]}")
        return said.stdout

    def get(self, *arguments: str) -> Any:
        """``kubectl get ... -o json`` as data."""
        return json.loads(self("get", *arguments, "-o", "json"))

    def ready_nodes(self) -> set[str]:
        """Names of the nodes that are ready; none while the API does not answer."""
        try:
            nodes = self.get("nodes")["items"]
        except LabError:
            return set()
        return {node["metadata"]["name"] for node in nodes if is_ready(node)}


def is_ready(node: dict[str, Any]) -> bool:
    """Whether a node says that it is ready."""
    conditions = node["status"].get("conditions", [])
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)
