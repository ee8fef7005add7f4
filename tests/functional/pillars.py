"""Pillars for tests."""

import copy
from typing import Any

THREE_MASTERS: dict[str, Any] = {
    "cluster": {
        "name": "prod1",
        "kubernetes_version": "v1.36.4",
        "control_plane_endpoint": "api.prod1.lan:8443",
    },
    "targets": {"survive": {"node": 1, "hypervisor": 1}, "api_failover": "10s"},
    "networks": {"lan": {"cidr": "10.0.10.0/24", "gateway": "10.0.10.1"}},
    "vips": {"api": {"address": "10.0.10.5", "network": "lan", "virtual_router_id": 61}},
    "profiles": {
        "master": {
            "roles": ["control_plane"],
            "interface": "eth0",
            "cpus": 4,
            "memory": "8GiB",
            "disks": {"root": {"size": "40GiB"}, "etcd": {"size": "20GiB", "media": "ssd"}},
        },
        "worker": {
            "roles": ["worker"],
            "interface": "eth0",
            "cpus": 8,
            "memory": "32GiB",
            "disks": {"root": {"size": "100GiB"}},
        },
    },
    "nodes": {
        "cp1": {"profile": "master", "ip": "10.0.10.11", "hypervisor": "pve1", "minion": "cp1.prod1.lan"},
        "cp2": {"profile": "master", "ip": "10.0.10.12", "hypervisor": "pve2"},
        "cp3": {"profile": "master", "ip": "10.0.10.13", "hypervisor": "pve3"},
        "w1": {"profile": "worker", "ip": "10.0.10.21", "hypervisor": "pve1"},
        "w2": {"profile": "worker", "ip": "10.0.10.22", "hypervisor": "pve2"},
    },
}


def three_masters(**changes: Any) -> dict[str, Any]:
    """Three masters and two workers, with sections merged over it."""
    pillar = copy.deepcopy(THREE_MASTERS)
    for section, values in changes.items():
        if isinstance(values, dict):
            pillar.setdefault(section, {}).update(values)
        else:
            pillar[section] = values
    return pillar


def broken() -> dict[str, Any]:
    """Two mistakes at once: an unknown key, and an address that two nodes have."""
    pillar = three_masters()
    pillar["nodes"]["cp2"]["ip"] = pillar["nodes"]["cp1"]["ip"]
    pillar["nodes"]["cp3"]["hypervisr"] = "pve3"
    return pillar
