"""Objects of Kubernetes that say what somebody may do by the API: roles of groups, and policies of admission."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_RBAC = "rbac.authorization.k8s.io"
_ADMISSION = "admissionregistration.k8s.io/v1"


def rule(group: str, resources: list[str], verbs: list[str]) -> dict[str, Any]:
    """What may be done to resources of one group of the API."""
    return {"apiGroups": [group], "resources": resources, "verbs": verbs}


def granted(
    kind: str, rules: list[dict[str, Any]], to_group: str, namespace: str | None = None
) -> tuple[dict[str, Any], ...]:
    """A role and its binding to a group of users, both by the name of the group.

    :param kind: ``Role`` (with a namespace) or ``ClusterRole``.
    """
    metadata = {"name": to_group, **({"namespace": namespace} if namespace else {})}
    role = {"apiVersion": f"{_RBAC}/v1", "kind": kind, "metadata": metadata, "rules": rules}
    binding = {
        "apiVersion": f"{_RBAC}/v1",
        "kind": f"{kind}Binding",
        "metadata": metadata,
        "roleRef": {"apiGroup": _RBAC, "kind": kind, "name": to_group},
        "subjects": [{"apiGroup": _RBAC, "kind": "Group", "name": to_group}],
    }
    return role, binding


def policy(
    name: str, group: str, matched: Mapping[str, Any], validations: Mapping[str, str]
) -> tuple[dict[str, Any], ...]:
    """A policy of admission for what users of a group ask, and its binding.

    :param matched: the rule of resources that it is about.
    :param validations: what has to hold, in CEL, by the sentence that is told where it does not.
    """
    wanted = {
        "apiVersion": _ADMISSION,
        "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": name},
        "spec": {
            "failurePolicy": "Fail",
            "matchConstraints": {"resourceRules": [dict(matched)]},
            "matchConditions": [
                {"name": "asked-by-the-group", "expression": f"'{group}' in request.userInfo.groups"}
            ],
            "validations": [
                {"expression": expression, "message": message} for message, expression in validations.items()
            ],
        },
    }
    binding = {
        "apiVersion": _ADMISSION,
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": {"name": name},
        "spec": {"policyName": name, "validationActions": ["Deny"]},
    }
    return wanted, binding
