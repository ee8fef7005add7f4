"""What the lab's hosts find on their disks: Salt's configuration, the pillar, the plain bridge network for pods."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lab import pillar as pillars
from lab.commands import LabError
from lab.network import network_of

PILLAR = "/srv/pillar/cluster.sls"
_FORMULA = "opt/salt/lib/python3*/site-packages/saltext/k8s_ha/formula"
_POD_NETWORK = """\
apiVersion: v1
kind: Namespace
metadata: {name: pod-network}
---
# The plugin itself is a file on each host; a real one has its workloads here.
apiVersion: v1
kind: ConfigMap
metadata: {name: pod-network, namespace: pod-network}
data: {plugin: bridge}
"""
_MIRROR_UNIT = f"""[Unit]
Description=Mirror of package repositories
After=network.target

[Service]
ExecStart=/usr/bin/python3 -m http.server {pillars.MIRROR_PORT} --directory {pillars.MIRROR}
Restart=always
"""


def master(lower: Sequence[Path], written: Mapping[str, Any]) -> dict[str, str]:
    """Files of the master's disk. `lower`: its root's directories; `written`: the value of `k8s_ha`."""
    configuration = {
        "interface": pillars.MASTER_ADDRESS,
        "auto_accept": True,
        "worker_threads": 5,
        "file_roots": {"base": ["/srv/salt", _formula_path(lower)]},
        "pillar_roots": {"base": ["/srv/pillar"]},
        "ext_pillar": [{"k8s_ha": {}}],
        # Seven machines share two cores: a busy minion may be slow to say that it is.
        "gather_job_timeout": 60,
        "enable_fqdns_grains": False,
        "log_level_logfile": "warning",
    }
    return {
        "/etc/salt/master": json.dumps(configuration, indent=1),
        f"/srv/salt/{pillars.POD_NETWORK}": _POD_NETWORK,
        "/srv/pillar/top.sls": json.dumps({"base": {"*": ["cluster"]}}),
        PILLAR: json.dumps({"k8s_ha": written}, indent=1),
        "/etc/systemd/system/lab-mirror.service": _MIRROR_UNIT,
    }


def minion(name: str) -> dict[str, str]:
    """Files of a minion's disk."""
    configuration = {
        "id": name,
        "master": pillars.MASTER_ADDRESS,
        "acceptance_wait_time": 1,
        "random_startup_delay": 0,
        "recon_default": 500,
        "recon_max": 2000,
        "enable_fqdns_grains": False,
        "log_level_logfile": "quiet",
        # The formula needs no module that Salt would have to synchronise.
        "autoload_dynamic_modules": False,
    }
    return {"/etc/salt/minion": json.dumps(configuration, indent=1)}


def pod_network(place: int) -> dict[str, str]:
    """The plain bridge plugin with this node's part of the pods' addresses."""
    plugins = [
        {
            "type": "bridge",
            "bridge": "cni0",
            "isGateway": True,
            "ipMasq": False,
            "ipam": {
                "type": "host-local",
                "ranges": [[{"subnet": _subnet(place)}]],
                "routes": [{"dst": "0.0.0.0/0"}],
            },
        },
        {"type": "portmap", "capabilities": {"portMappings": True}},
    ]
    configuration = {"cniVersion": "1.0.0", "name": "lab", "plugins": plugins}
    return {"/etc/cni/net.d/10-lab.conflist": json.dumps(configuration, indent=1)}


def etcd_host() -> dict[str, str]:
    """A host of etcd: a root without CAP_SYS_RESOURCE may protect no process from the kernel's killer."""
    return {"/etc/systemd/system/etcd.service.d/lab.conf": "[Service]\nOOMScoreAdjust=0\n"}


def pod_routes(place: int, addresses: Sequence[str]) -> dict[str, str]:
    """The gateway by the part of the pods' addresses, for all nodes of this one's network but itself.

    Pods elsewhere are reached by the default route: the router knows them by `router_routes`.
    """
    own = network_of(addresses[place - 1])
    routes = router_routes(addresses)
    del routes[_subnet(place)]
    return {subnet: address for subnet, address in routes.items() if network_of(address) == own}


def router_routes(addresses: Sequence[str]) -> dict[str, str]:
    """The gateway by the part of the pods' addresses, for all nodes."""
    return {_subnet(place): address for place, address in enumerate(addresses, start=1)}


def _subnet(place: int) -> str:
    return f"10.244.{place}.0/24"


def _formula_path(lower: Sequence[Path]) -> str:
    found = [path for directory in lower for path in directory.glob(_FORMULA)]
    if not found:
        raise LabError("the root image has no formula of ours: build it again")
    return "/" + str(found[0])[str(found[0]).index("opt/salt/") :]
