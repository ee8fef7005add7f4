"""The pillar of the lab's cluster, and in one place what only the lab needs of it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from lab.network import NETWORK, SWITCH_ADDRESS

CLUSTER = "lab"
MASTER = "master"
MASTER_ADDRESS = f"{NETWORK}.10"
VIP = f"{NETWORK}.100"
ENDPOINT = f"{VIP}:8443"
CONTROL_PLANE = {f"cp{place}": f"{NETWORK}.{10 + place}" for place in (1, 2, 3)}
WORKERS = {f"w{place}": f"{NETWORK}.{20 + place}" for place in (1, 2)}
NODES = {**CONTROL_PLANE, **WORKERS}
LATER = {"w3": f"{NETWORK}.23"}
"""A worker that the pillar does not name at first."""

ETCD = {f"etcd{place}": f"{NETWORK}.{30 + place}" for place in (1, 2, 3)}
"""Hosts of an external etcd, in the pillar of `external_etcd` alone."""

API_SECONDS = 10.0
"""For how long the API may be away when a host is lost: `targets.api_failover`."""

ARCHIVES = "/srv/images"
MIRROR = "/srv/mirror"
MIRROR_PORT = 8080

POD_NETWORK = "pod-network.yaml"
"""The manifest of the pod network on the master's file server."""

RELEASES = {"1.36": "v1.36.4", "1.37": "v1.37.1"}
"""The release of Kubernetes that is built for each minor."""


def pillar(minor: str = "1.36", changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The value of `k8s_ha`: three control-plane nodes and two workers of a minor, with `changes` laid over it."""
    written = laid_over(_as_a_user_would(minor), only_here(minor))
    return laid_over(written, changes or {})


def external_etcd(version: str) -> dict[str, Any]:
    """Changes to the pillar: etcd of a version on three hosts of its own, and one worker, for want of memory."""
    mirror = f"http://{MASTER_ADDRESS}:{MIRROR_PORT}"
    (_, spared) = WORKERS
    return {
        "etcd": {"topology": "external", "version": version},
        "packages": {"etcd": {"base_url": f"{mirror}/etcd/", "key_url": f"{mirror}/Release.key"}},
        "nodes": {
            **{name: {"roles": ["etcd"], "os": "debian-12", "ip": address} for name, address in ETCD.items()},
            spared: None,
        },
        "acknowledge": [
            {"code": "PLACE-005", "because": "the machine that runs the lab has no memory for more"}
        ],
    }


def worker(name: str) -> dict[str, str]:
    """A worker as the pillar declares it."""
    return {"profile": "worker", "ip": {**WORKERS, **LATER}[name]}


def archive(minor: str) -> str:
    """Where each node finds the images of a minor."""
    return f"{ARCHIVES}/kubernetes-{minor}.tar"


def _as_a_user_would(minor: str) -> dict[str, Any]:
    return {
        "cluster": {
            "name": CLUSTER,
            "kubernetes_version": RELEASES[minor],
            "control_plane_endpoint": ENDPOINT,
        },
        "targets": {"survive": {"node": 1}, "api_failover": f"{API_SECONDS:.0f}s"},
        "networks": {"lan": {"cidr": f"{NETWORK}.0/24", "gateway": SWITCH_ADDRESS}},
        "vips": {"api": {"address": VIP, "network": "lan", "virtual_router_id": 61}},
        "profiles": {
            "master": {"roles": ["control_plane"], "os": "debian-12"},
            "worker": {"roles": ["worker"], "os": "debian-12"},
        },
        "nodes": {
            **{name: {"profile": "master", "ip": address} for name, address in CONTROL_PLANE.items()},
            **{name: worker(name) for name in WORKERS},
        },
        "network": {
            "cni": {"type": "bridge", "encapsulation": "none", "manifests": [f"salt://{POD_NETWORK}"]}
        },
    }


def only_here(minor: str) -> dict[str, Any]:
    """What a machine of the lab is not: a host with version 2 control groups, a registry and package archives.

    All of it are values that a user could write too.
    """
    mirror = f"http://{MASTER_ADDRESS}:{MIRROR_PORT}"
    runtime = {"containerd": {"runtimes": {"runc": {"options": {"SystemdCgroup": False}}}}}
    return {
        "images": {"archives": [archive(minor)]},
        "packages": {
            "kubernetes": {"base_url": f"{mirror}/{{minor}}/deb/", "key_url": f"{mirror}/Release.key"},
            "containerd": {"base_url": f"{mirror}/containerd/", "key_url": f"{mirror}/Release.key"},
        },
        "containerd": {
            "major": 2,
            # The hosts' root lacks CAP_SYS_RESOURCE, so no process may be protected from the kernel's killer.
            "plugins": {"io.containerd.cri.v1.runtime": {**runtime, "restrict_oom_score_adj": True}},
        },
        "kubeadm": {
            # No crictl, and a kernel whose configuration cannot be read.
            "ignore_preflight_errors": ["SystemVerification", "FileExisting-crictl", "Swap"],
            "kubelet": {
                "extra_config": {"cgroupDriver": "cgroupfs", "failCgroupV1": False, "failSwapOn": False},
                "system_reserved_memory": "100MiB",
                "kube_reserved_memory": "100MiB",
            },
            # Settings of the one kernel that all hosts share.
            "kube_proxy_config": {"conntrack": {"maxPerCore": 0, "min": 0}},
        },
        # The hosts share one kernel: its settings and its clock are the machine's.
        "manage": {"kernel": False, "chrony": False},
    }


def laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """`above` laid over `below`: mappings are merged, anything else is replaced, None removes."""
    merged = copy.deepcopy(dict(below))
    for key, value in above.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(merged.get(key), Mapping):
            merged[key] = laid_over(merged[key], value)
        else:
            merged[key] = copy.deepcopy(value)
    return merged
