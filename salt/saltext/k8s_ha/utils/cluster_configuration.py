"""kubeadm's own record of the cluster, the ConfigMap ``kubeadm-config``: upgrades write manifests by it."""

from __future__ import annotations

from typing import Any

import yaml

from saltext.k8s_ha.utils.host import HostError

NAMESPACE, NAME, KEY = "kube-system", "kubeadm-config", "ClusterConfiguration"
_ARGUMENT = "initial-cluster-state"


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
