"""The balancer of somebody else: a machine with HAProxy before the API servers, which Salt knows nothing of."""

from __future__ import annotations

from typing import Any

from lab.artefacts import root_image
from lab.cluster import BOOT_SECONDS, Cluster
from lab.machine import Machine
from lab.network import NETWORK

NAME = "balancer"
ADDRESS = f"{NETWORK}.110"
PORT = 6443
"""What its operator gives to clients; our HAProxy, were there one, could not have it on a control-plane node."""

FAILOVER_SECONDS = 4
"""What its operator promises: two checks, a second apart, of at most a second each."""

_CONFIGURATION = """\
global
    log stdout format raw daemon

defaults
    mode tcp
    log global
    option redispatch
    retries 2
    timeout connect 1s
    timeout client 10m
    timeout server 10m
    timeout check 1s

frontend kubernetes
    bind *:{port}
    default_backend kubernetes

backend kubernetes
    balance roundrobin
    option httpchk GET /readyz
    http-check expect status 200
    default-server inter 1s fall 2 rise 2 check check-ssl verify none on-marked-down shutdown-sessions
{servers}
"""


def pillar_changes() -> dict[str, Any]:
    """What an operator writes who is given such an address."""
    promised = {"highly_available": True, "failover": f"{FAILOVER_SECONDS}s"}
    return {
        "vips": None,
        "cluster": {"control_plane_endpoint": f"{ADDRESS}:{PORT}"},
        "load_balancer": {"type": "external", "external": promised},
    }


def start(cluster: Cluster) -> Machine:
    """Switch the balancer on, before any API server is there, and wait until HAProxy runs."""
    servers = "\n".join(
        f"    server {name} {each.address}:6443" for name, each in cluster.control_plane.items()
    )
    machine = Machine(
        cluster.run,
        cluster.network,
        NAME,
        ADDRESS,
        lower=[root_image.directory()],
        files={"/etc/haproxy/haproxy.cfg": _CONFIGURATION.format(port=PORT, servers=servers)},
        volumes={},
    )
    machine.disk.link(
        "/etc/systemd/system/multi-user.target.wants/haproxy.service", "/lib/systemd/system/haproxy.service"
    )
    machine.power_on()
    machine.wait_booted(BOOT_SECONDS)
    machine.must(["systemctl", "is-active", "haproxy"])
    return machine
