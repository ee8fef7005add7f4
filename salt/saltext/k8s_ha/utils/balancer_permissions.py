"""What hosts of the load balancer may do by the API to ask the gate: see nodes, and keep their slot and their step.

They evict nothing and change no node. RBAC cannot name an object that is created, so a policy of admission says which
Leases are theirs.
"""

from __future__ import annotations

from typing import Any

from saltext.k8s_ha.utils.api_rights import granted, policy, rule
from saltext.k8s_ha.utils.gate_certificate import BALANCERS, USER_PREFIX

SLOT = "load-balancers-1"
_POLICY = "k8s-ha-load-balancers"


def objects(namespace: str) -> tuple[dict[str, Any], ...]:
    """The objects of Kubernetes that say so.

    :param namespace: the one of the slots.
    """
    of_cluster = [
        rule("", ["nodes"], ["get", "list"]),
        {"nonResourceURLs": ["/readyz"], "verbs": ["get"]},
    ]
    of_slots = [rule("coordination.k8s.io", ["leases"], ["get", "list", "create", "update", "delete"])]
    return (
        *_own_leases_only(),
        *granted("ClusterRole", of_cluster, BALANCERS),
        *granted("Role", of_slots, BALANCERS, namespace),
    )


def _own_leases_only() -> tuple[dict[str, Any], ...]:
    leases = {
        "apiGroups": ["coordination.k8s.io"],
        "apiVersions": ["v1"],
        "operations": ["CREATE", "UPDATE", "DELETE"],
        "resources": ["leases"],
    }
    # As the step of a node is named, from the user that the certificate holds.
    node = f"request.userInfo.username.replace('{USER_PREFIX}', '').lowerAscii().replace('.', '-')"
    own = f"request.name == '{SLOT}' || request.name == 'step-' + {node}"
    return policy(
        _POLICY, BALANCERS, leases, {"a host of the load balancer changes its own slot and step only": own}
    )
