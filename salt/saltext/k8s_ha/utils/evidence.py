"""What a host finds on itself: its identity on the root disk, and traces of Kubernetes or etcd."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from saltext.k8s_ha.utils.host import Host
from saltext.k8s_ha.utils.identity import OF_NODE

_TRACES = {
    "/etc/kubernetes/kubelet.conf": "a kubelet's identity",
    "/etc/kubernetes/admin.conf": "an administrator's kubeconfig",
    "/etc/kubernetes/manifests": "static pods",
    "{etcd}/member": "etcd's data",
    "/var/lib/kubelet/pki": "a kubelet's certificates",
}


def gather(host: Host, etcd_data: str | None) -> dict[str, Any]:
    """The evidence for a request: ``marker`` and ``traces``, those of etcd where its data would be kubeadm's."""
    looked_for = ((path, meaning) for path, meaning in _TRACES.items() if etcd_data or "{etcd}" not in path)
    found = ((template.format(etcd=etcd_data), meaning) for template, meaning in looked_for)
    traces = [f"{path} ({meaning})" for path, meaning in found if _is_used(host.path(path))]
    return {"marker": OF_NODE.read(host), "traces": traces}


def _is_used(place: Path) -> bool:
    """A directory counts when something is in it: packages and mounts make empty ones."""
    if place.is_dir():
        return any(not name.name.startswith(".") for name in place.iterdir())
    return place.exists()
