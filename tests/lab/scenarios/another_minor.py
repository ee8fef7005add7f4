"""Another minor of Kubernetes from nothing, with a Helm chart in its pod network; then a host is lost under load."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lab import cluster as clusters
from lab import pillar as pillars
from lab import standing
from lab.artefacts.command import located
from lab.cluster import Cluster, failures
from lab.lab import Lab
from lab.pillar import API_SECONDS
from lab.under_load import Outside, outside_of

MINOR = "1.37"
_OFF_SECONDS = 12.0
_HELM = "helm-3"
_CHART = "/srv/charts/pod-network"
_RELEASE = "lab"
_NAMESPACE = "pod-network"
"""Made by the manifest of the pod network, which is applied before the chart."""
_FILES = {
    "Chart.yaml": "apiVersion: v2\nname: pod-network\nversion: 1.0.0\n",
    "values.yaml": "mtu: 1500\n",
    "templates/settings.yaml": """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-settings
data:
  mtu: {{ .Values.mtu | quote }}
  kubernetes: {{ .Capabilities.KubeVersion.Version }}
""",
}


def run(lab: Lab) -> None:
    """The scenario."""
    helm = located(_HELM)[_HELM]
    cluster = clusters.build(
        lab.run, minor=MINOR, pillar_changes=_with_mtu(1450), binds={Path(helm): "/usr/local/bin/helm"}
    )
    for machine in cluster.control_plane.values():
        for name, content in _FILES.items():
            machine.write_file(f"{_CHART}/{name}", content)
    outside = outside_of(lab, cluster)
    _look_at_versions(lab, outside)
    _look_at_chart(lab, outside, 1450)
    standing.nothing_left_to_do(cluster, lab.report)
    _change_chart(lab, cluster, outside)
    holder = cluster.machines[outside.holder()]
    outside.meet(
        f"{MINOR}: {holder.name} loses its power (holds the address)",
        holder.power_loss,
        seconds=_OFF_SECONDS,
        heal=holder.power_on,
        gap=API_SECONDS,
    )


def _with_mtu(mtu: int) -> dict[str, Any]:
    chart = {"name": _CHART, "release": _RELEASE, "namespace": _NAMESPACE, "values": {"mtu": mtu}}
    return {"network": {"cni": {"chart": chart}}}


def _look_at_versions(lab: Lab, outside: Outside) -> None:
    nodes = outside.kubectl.get("nodes")["items"]
    versions = {node["metadata"]["name"]: node["status"]["nodeInfo"]["kubeletVersion"] for node in nodes}
    wanted = pillars.RELEASES[MINOR]
    lab.report.require(set(versions.values()) == {wanted}, f"not every node has {wanted}: {versions}")


def _look_at_chart(lab: Lab, outside: Outside, mtu: int) -> None:
    settings = outside.kubectl.get("configmap", "-n", _NAMESPACE, f"{_RELEASE}-settings")["data"]
    wanted = {"mtu": str(mtu), "kubernetes": pillars.RELEASES[MINOR]}
    lab.report.require(settings == wanted, f"the chart gave {settings}, not {wanted}")


def _change_chart(lab: Lab, cluster: Cluster, outside: Outside) -> None:
    """Another value in the pillar is in the cluster after an apply to one control-plane node."""
    cluster.set_pillar(_with_mtu(1400))
    for line in failures(cluster.apply(next(iter(cluster.control_plane)))):
        lab.report.complain(line)
    _look_at_chart(lab, outside, 1400)
