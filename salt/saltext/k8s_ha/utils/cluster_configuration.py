"""kubeadm's own record of the cluster, the ConfigMap ``kubeadm-config``: upgrades write manifests by it."""

from __future__ import annotations

from typing import Any

import yaml

from saltext.k8s_ha.utils.config_map_change import ConfigMapText
from saltext.k8s_ha.utils.flat import flat
from saltext.k8s_ha.utils.host import HostError

NAMESPACE, NAME, KEY = "kube-system", "kubeadm-config", "ClusterConfiguration"
RECORD = ConfigMapText(NAMESPACE, NAME, KEY, "kubeadm init phase upload-config all")
_ARGUMENT = "initial-cluster-state"


def recorded(text: str, wanted: str) -> str | None:
    """The ClusterConfiguration that the pillar wants, as it is to be recorded; None where it means what is recorded.

    :param text: what is recorded now.
    :param wanted: what kubeadm makes of the pillar's.
    :raises HostError: when the record is one of another release: that is changed by an upgrade.
    """
    new = with_existing(wanted) or wanted
    old, release = (_read(one).get("kubernetesVersion") for one in (text, new))
    if old != release:
        raise HostError(
            f"Refused: the cluster is recorded with {old} (ConfigMap {NAMESPACE}/{NAME}), the pillar wants {release}: "
            "a release is changed by an upgrade, node by node"
        )
    return None if meaning(text) == meaning(new) else new


def meaning(text: str) -> dict[str, Any]:
    """Each value of a ClusterConfiguration by its place in it."""
    return flat(_read(text))


def _read(text: str) -> dict[str, Any]:
    try:
        configuration = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise HostError(f"{KEY} of the ConfigMap {NAMESPACE}/{NAME} cannot be read: {error}") from error
    if not isinstance(configuration, dict):
        raise HostError(f"{KEY} of the ConfigMap {NAMESPACE}/{NAME} is no document")
    return configuration


def with_existing(text: str) -> str | None:
    """The ClusterConfiguration with etcd's ``initial-cluster-state: existing``; None where nothing is to be changed.

    Without it ``kubeadm upgrade`` writes each member's manifest so that it starts a new cluster on an empty
    directory. At ``kubeadm init`` it must not be there, because the first member is new.
    """
    try:
        configuration: dict[str, Any] = yaml.safe_load(text)
        local = configuration["etcd"].get("local")
        if local is None:
            return None
        arguments = local.get("extraArgs") or []
        if {"name": _ARGUMENT, "value": "existing"} in arguments:
            return None
        kept = [argument for argument in arguments if argument["name"] != _ARGUMENT]
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise HostError(f"{KEY} of the ConfigMap {NAMESPACE}/{NAME} cannot be read: {error}") from error
    local["extraArgs"] = [*kept, {"name": _ARGUMENT, "value": "existing"}]
    return yaml.safe_dump(configuration, sort_keys=False)
