"""What a host finds on itself: its identity on the root disk, and traces of Kubernetes or etcd."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.record import write_durably

# On the root disk, apart from etcd's data, so that a member without its data disk still knows what it is.
MARKER = "/var/lib/k8s-ha/identity.json"

_TRACES = {
    "/etc/kubernetes/kubelet.conf": "a kubelet's identity",
    "/etc/kubernetes/admin.conf": "an administrator's kubeconfig",
    "/etc/kubernetes/manifests": "static pods",
    "{etcd}/member": "etcd's data",
    "/var/lib/kubelet/pki": "a kubelet's certificates",
}


def read_marker(host: Host) -> dict[str, Any] | None:
    """The identity of this host; None where it has none. Raises HostError for a file that cannot be read."""
    place = host.path(MARKER)
    try:
        marker = json.loads(place.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise HostError(
            f"{place} cannot be read ({error}): it says to which cluster this host belongs."
        ) from error
    if not isinstance(marker, dict):
        raise HostError(f"{place} is not what was written there: it says to which cluster this host belongs.")
    return marker


def write_marker(host: Host, marker: Mapping[str, Any]) -> None:
    """Keep this host's identity; it is on the disk when this returns."""
    place = host.path(MARKER)
    place.parent.mkdir(parents=True, exist_ok=True)
    write_durably(place, json.dumps(marker, indent=1, sort_keys=True) + "\n")


def gather(host: Host, etcd_data: str | None) -> dict[str, Any]:
    """The evidence for a request: ``marker`` and ``traces``, those of etcd where its data would be kubeadm's."""
    looked_for = ((path, meaning) for path, meaning in _TRACES.items() if etcd_data or "{etcd}" not in path)
    found = ((template.format(etcd=etcd_data), meaning) for template, meaning in looked_for)
    traces = [f"{path} ({meaning})" for path, meaning in found if _is_used(host.path(path))]
    return {"marker": read_marker(host), "traces": traces}


def _is_used(place: Path) -> bool:
    """A directory counts when something is in it: packages and mounts make empty ones."""
    if place.is_dir():
        return any(not name.name.startswith(".") for name in place.iterdir())
    return place.exists()
