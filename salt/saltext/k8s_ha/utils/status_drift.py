"""Whether all nodes of the control plane run their static pods alike, as the kubelets show them in the API."""

from __future__ import annotations

from saltext.k8s_ha.utils.kept import Kept
from saltext.k8s_ha.utils.manifest_drift import drift
from saltext.k8s_ha.utils.own_api import KUBECONFIG
from saltext.k8s_ha.utils.static_pod import COMPONENTS
from saltext.k8s_ha.utils.status_node import Node, Told

_SECONDS = 3.0
_REMEDY = "a change may be on its way; else apply on the node that differs again"


def static_pods(node: Node) -> Told:
    """Components by node, and a sentence for each flag that differs between nodes."""
    from saltext.k8s_ha import _core

    if "control_plane" not in node.member.roles:
        return "No control plane runs on this node.", []
    kubeconfig = node.asker.text(KUBECONFIG)
    if kubeconfig is None:
        return f"No control plane runs here yet: there is no {KUBECONFIG}.", []
    topology, limit = node.member.topology, node.asker.deadline.at_most(_SECONDS)
    pods = _core.Api(kubeconfig, server=topology.api_server(node.name), timeout=limit).static_pods()
    masters = [name for name in topology.nodes if "control_plane" in topology.roles(name)]
    differences = drift(pods, {name: topology.address(name) for name in masters})
    seen: dict[str, list[str]] = {name: [] for name in masters}
    for pod in pods:
        seen.setdefault(pod["node"], []).append(pod["component"])
    unproven = [component for component in COMPONENTS if Kept(node.asker.host, component).exists()]
    attention = [f"{component}: an earlier change did not end here: apply again" for component in unproven]
    attention += [f"{one} ({_REMEDY})" for one in differences]
    return {"components": seen, "differences": differences, "unproven": unproven}, attention
