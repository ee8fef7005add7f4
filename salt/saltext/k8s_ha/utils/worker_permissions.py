"""What workers may do by the API to ask the gate, and to drain themselves: applied by every control-plane node.

A worker reads nodes, disruption budgets and pods: how many of a budget's pods may go, and which of them run on it,
stands nowhere else. It may not read Secrets, nor Leases outside of the product's namespace. That it patches no other
node than its own, and nothing of it but whether pods are placed there, RBAC cannot say: a policy of admission does.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils.answer import Answer, state_answer
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.gate_certificate import GROUP, USER_PREFIX
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.identity import OF_NODE
from saltext.k8s_ha.utils.membership import is_member
from saltext.k8s_ha.utils.own_api import own_api
from saltext.k8s_ha.utils.pod_network import FIELD_MANAGER, named

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Applied

NAMESPACE = "k8s-ha"
_SECONDS = 30.0
_RBAC = "rbac.authorization.k8s.io"
_ADMISSION = "admissionregistration.k8s.io/v1"
_POLICY = "k8s-ha-workers"


def manifests() -> str:
    """All objects, as documents of YAML."""
    objects = (_namespace(), *_own_node_only(), *_of_cluster(), *_of_slots())
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
        if not self.host.is_live or not is_member(OF_NODE.read(self.host) or {}, self.host):
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
            return api.apply(manifests(), field_manager=FIELD_MANAGER, dry_run=test)
        except _core.K8sHaError as error:
            raise HostError(f"what workers may do is not applied: {error}") from error


def _namespace() -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}


def _of_cluster() -> tuple[dict[str, Any], ...]:
    rules = [
        _rule("", ["nodes"], ["get", "list", "patch"]),
        _rule("policy", ["poddisruptionbudgets"], ["get", "list"]),
        _rule("", ["pods"], ["get", "list"]),
        _rule("", ["pods/eviction"], ["create"]),
    ]
    return _role("ClusterRole", rules, {}), _binding("ClusterRole", {})


def _of_slots() -> tuple[dict[str, Any], ...]:
    rules = [_rule("coordination.k8s.io", ["leases"], ["get", "list", "create", "update", "delete"])]
    here = {"namespace": NAMESPACE}
    return _role("Role", rules, here), _binding("Role", here)


def _rule(group: str, resources: list[str], verbs: list[str]) -> dict[str, Any]:
    return {"apiGroups": [group], "resources": resources, "verbs": verbs}


def _role(kind: str, rules: list[dict[str, Any]], where: dict[str, str]) -> dict[str, Any]:
    return {"apiVersion": f"{_RBAC}/v1", "kind": kind, "metadata": {"name": GROUP, **where}, "rules": rules}


def _binding(kind: str, where: dict[str, str]) -> dict[str, Any]:
    return {
        "apiVersion": f"{_RBAC}/v1",
        "kind": f"{kind}Binding",
        "metadata": {"name": GROUP, **where},
        "roleRef": {"apiGroup": _RBAC, "kind": kind, "name": GROUP},
        "subjects": [{"apiGroup": _RBAC, "kind": "Group", "name": GROUP}],
    }


def _own_node_only() -> tuple[dict[str, Any], ...]:
    def same(part: str) -> str:
        return f"object.{part} == oldObject.{part}"

    kept = {
        "labels": same("metadata.?labels.orValue({})"),
        "taints": same("spec.?taints.orValue([])"),
        "provider": same("spec.?providerID.orValue('')"),
        "owners": same("metadata.?ownerReferences.orValue([])"),
    }
    policy = {
        "apiVersion": _ADMISSION,
        "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": _POLICY},
        "spec": {
            "failurePolicy": "Fail",
            "matchConstraints": {
                "resourceRules": [
                    {
                        "apiGroups": [""],
                        "apiVersions": ["v1"],
                        "operations": ["UPDATE"],
                        "resources": ["nodes"],
                    }
                ]
            },
            "matchConditions": [
                {"name": "asked-by-a-worker", "expression": f"'{GROUP}' in request.userInfo.groups"}
            ],
            "validations": [
                {
                    "expression": f"request.userInfo.username == '{USER_PREFIX}' + request.name",
                    "message": "a worker changes no other node than its own",
                },
                *(
                    {"expression": rule, "message": f"a worker does not change its own {what}"}
                    for what, rule in kept.items()
                ),
            ],
        },
    }
    binding = {
        "apiVersion": _ADMISSION,
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": {"name": _POLICY},
        "spec": {"policyName": _POLICY, "validationActions": ["Deny"]},
    }
    return policy, binding
