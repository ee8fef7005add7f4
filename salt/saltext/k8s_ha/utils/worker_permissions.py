"""What workers may do by the API to ask the gate, and to drain themselves: applied by every control-plane node.

A worker reads nodes, disruption budgets and pods: how many of a budget's pods may go, and which of them run on it,
stands nowhere else. It may not read Secrets, nor Leases outside of the product's namespace. That it patches no other
node than its own, and nothing of it but whether pods are placed there, RBAC cannot say: a policy of admission does.
What hosts of the load balancer may do is applied with it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import balancer_permissions
from saltext.k8s_ha.utils.answer import Answer, state_answer
from saltext.k8s_ha.utils.api_rights import granted, policy, rule
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.gate_certificate import GROUP, USER_PREFIX, of_balancer_alone
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.membership import has_joined
from saltext.k8s_ha.utils.own_api import own_api
from saltext.k8s_ha.utils.pod_network import FIELD_MANAGER, named

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Applied, Topology

NAMESPACE = "k8s-ha"
_SECONDS = 30.0
_POLICY = "k8s-ha-workers"


def manifests(topology: Topology) -> str:
    """All objects, as documents of YAML; those for hosts of the load balancer where the pillar has such hosts."""
    objects = [_namespace(), *_own_node_only(), *_of_cluster(), *_of_slots()]
    if any(of_balancer_alone(topology.roles(node)) for node in topology.nodes):
        objects += balancer_permissions.objects(NAMESPACE)
    # JSON is YAML.
    return "\n---\n".join(json.dumps(each, indent=1) for each in objects) + "\n"


@dataclass(frozen=True)
class WorkerPermissions:
    """What is needed to apply them."""

    member: Member
    host: Host

    def apply(self, *, test: bool) -> Answer:
        """Apply them by server-side apply to the API server of this host.

        :returns: ``result``, ``changes`` and ``comment`` of a state.
        :raises HostError: when the API server refuses it.
        """
        if "control_plane" not in self.member.roles:
            return state_answer(True, "Nodes of the control plane apply them.")
        if not has_joined(self.host):
            later = "What workers may do is applied once this host is a member."
            return state_answer(None if test and self.host.is_live else True, later)
        changes = {
            named(each): {"old": "", "new": each["change"]}
            for each in self._send(test=test)
            if each["change"] != "unchanged"
        }
        told = f"What workers may do {'would be' if test and changes else 'is'} as wanted."
        return state_answer(None if test and changes else True, told, changes)

    def _send(self, *, test: bool) -> list[Applied]:
        from saltext.k8s_ha import _core

        try:
            api = own_api(self.member, self.host, _SECONDS)
            return api.apply(manifests(self.member.topology), field_manager=FIELD_MANAGER, dry_run=test)
        except _core.K8sHaError as error:
            raise HostError(f"what workers may do is not applied: {error}") from error


def _namespace() -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}


def _of_cluster() -> tuple[dict[str, Any], ...]:
    rules = [
        rule("", ["nodes"], ["get", "list", "patch"]),
        rule("policy", ["poddisruptionbudgets"], ["get", "list"]),
        rule("", ["pods"], ["get", "list"]),
        rule("", ["pods/eviction"], ["create"]),
    ]
    return granted("ClusterRole", rules, GROUP)


def _of_slots() -> tuple[dict[str, Any], ...]:
    rules = [rule("coordination.k8s.io", ["leases"], ["get", "list", "create", "update", "delete"])]
    return granted("Role", rules, GROUP, NAMESPACE)


def _own_node_only() -> tuple[dict[str, Any], ...]:
    def same(part: str) -> str:
        return f"object.{part} == oldObject.{part}"

    kept = {
        "labels": same("metadata.?labels.orValue({})"),
        "taints": same("spec.?taints.orValue([])"),
        "provider": same("spec.?providerID.orValue('')"),
        "owners": same("metadata.?ownerReferences.orValue([])"),
    }
    nodes = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["UPDATE"], "resources": ["nodes"]}
    validations = {
        "a worker changes no other node than its own": (
            f"request.userInfo.username == '{USER_PREFIX}' + request.name"
        ),
        **{f"a worker does not change its own {what}": expression for what, expression in kept.items()},
    }
    return policy(_POLICY, GROUP, nodes, validations)
