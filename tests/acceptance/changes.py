"""Changes of a pillar, each of which makes other lines of the rendered files appear."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Section = dict[str, Any]
"""The value of the root key `k8s_ha`."""


def firewall(section: Section) -> None:
    """The firewall of the hosts is managed."""
    section["manage"] = {**section.get("manage", {}), "firewall": True}


def two_families(section: Section) -> None:
    """Pods and services have addresses of both families."""
    section["network"] = {
        **section.get("network", {}),
        "pod_cidrs": ["10.244.0.0/16", "fd00:244::/56"],
        "service_cidrs": ["10.96.0.0/12", "fd00:96::/112"],
    }


def ipv6(section: Section) -> None:
    """All addresses are of IPv6."""
    for number, network in enumerate(section["networks"].values(), start=1):
        network |= {"cidr": f"fd00:{number}::/64", "gateway": f"fd00:{number}::1"}
        network.pop("nameservers", None)
        network.pop("dhcp_ranges", None)
    section["network"] = {"pod_cidrs": ["fd00:244::/56"], "service_cidrs": ["fd00:96::/112"]}
    for number, vip in enumerate(section.get("vips", {}).values()):
        vip["address"] = f"fd00:1::a{number}"
    for number, node in enumerate(section["nodes"].values(), start=0x11):
        node["ip"] = f"fd00:1::{number}"


def settings(section: Section) -> None:
    """What an operator adds: arguments, labels, taints, a kubelet of its own, patches, another port."""
    section["cluster"]["control_plane_endpoint"] = "api.example.internal:7443"
    # kube-vip moves an address and no port.
    port = {"bind_port": 7443} if section.get("load_balancer", {}).get("type") == "kube-vip" else {}
    section["kubeadm"] = {
        **port,
        "certificate_validity": "4380h",
        "api_server": {
            "extra_args": [{"name": "event-ttl", "value": "2h"}],
            "extra_envs": [{"name": "GOMEMLIMIT", "value": "4GiB"}],
            "cert_sans": ["api.elsewhere.internal", "192.0.2.9"],
        },
        "controller_manager": {"extra_args": [{"name": "node-monitor-grace-period", "value": "40s"}]},
        "scheduler": {"extra_args": [{"name": "v", "value": "2"}]},
        "timeouts": {"kubelet_health_check": "2m"},
        "kubelet": {"max_pods": 200, "extra_config": {"podPidsLimit": 4096}},
        "kube_proxy_mode": "iptables",
        "kube_proxy_config": {"metricsBindAddress": "127.0.0.1:10249"},
        "patches": {"kube-scheduler10+strategic": {"spec": {"priorityClassName": "system-node-critical"}}},
    }
    section["containerd"] = {"plugins": {"io.containerd.internal.v1.opt": {"path": "/srv/containerd"}}}
    section["chrony"] = {"sources": ["192.0.2.123", "198.51.100.123", "pool pool.ntp.org"]}
    section["load_balancer"] = {
        **section.get("load_balancer", {}),
        "haproxy": {
            "check": {"interval": "1500ms", "verify": "none"},
            "timeouts": {"connect": "750ms"},
            "maxconn": 9000,
        },
        "keepalived": {"unicast": False, "advert_int": "250ms", "check": {"weight": -60}, "nopreempt": False},
    }
    for node in section["nodes"].values():
        node["labels"] = {"topology.kubernetes.io/zone": "a", "example.com/room": "1"}
    last = list(section["nodes"].values())[-1]
    last["taints"] = [{"key": "example.com/gpu", "value": "yes", "effect": "PreferNoSchedule"}]
    last["kubelet"] = {"max_pods": 50, "shutdown_grace_period": "2m"}


CHANGES: dict[str, Callable[[Section], None]] = {
    "with a firewall": firewall,
    "with two families": two_families,
    "with IPv6": ipv6,
    "with many settings": settings,
}
"""The changes by name."""
