"""Whether the API answers: this node's own server, and the endpoint that all clients use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from saltext.k8s_ha.utils import delivery
from saltext.k8s_ha.utils.own_api import KUBECONFIG
from saltext.k8s_ha.utils.status_node import Node, Told

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Api

# An API server without etcd takes 4 s to say so: it asks for 2 s, twice.
_OWN_SECONDS = 5.0
_SECONDS = 3.0
_AUTHORITIES = (f"{delivery.PKI}/ca.crt", delivery.BALANCER_CA)


def own_server(node: Node) -> Told:
    """Whether the API server of this node is ready."""
    from saltext.k8s_ha import _core

    if "control_plane" not in node.member.roles:
        return "No API server runs on this node.", []
    kubeconfig = node.asker.text(KUBECONFIG)
    if kubeconfig is None:
        return f"No API server runs here yet: there is no {KUBECONFIG}.", []
    server, limit = node.member.topology.api_server(node.name), node.asker.deadline.at_most(_OWN_SECONDS)
    return _ready(server, _core.Api(kubeconfig, server=server, timeout=limit))


def endpoint(node: Node) -> Told:
    """Whether a ready API server answers this node at the cluster's endpoint."""
    from saltext.k8s_ha import _core

    texts = (node.asker.text(path) for path in _AUTHORITIES)
    authority = next((text for text in texts if text is not None), None)
    if authority is None:
        return f"Not asked: the cluster's CA is not here yet ({' or '.join(_AUTHORITIES)}).", []
    server = f"https://{node.member.topology.control_plane_endpoint}"
    limit = node.asker.deadline.at_most(_SECONDS)
    return _ready(server, _core.Api(server=server, ca=authority, timeout=limit))


def _ready(server: str, api: Api) -> Told:
    said = api.ready()
    if said["ready"]:
        return {"server": server, "ready": True}, []
    failing = [line for line in said["text"].splitlines() if line.startswith("[-]")]
    why = "; ".join(failing) or said["text"]
    told = {"server": server, "ready": False, "status": said["status"], "says": why}
    return told, [f"{server} is not ready (status {said['status']}): {why}"]
