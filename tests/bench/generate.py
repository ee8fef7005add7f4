#!/usr/bin/env python3
"""Writes a large, realistic pillar: ``generate.py NODES > pillar.sls``.

The same number of nodes always gives the same bytes. 5,000 nodes are about 2.5 MB and 108,000 lines. The
cluster is sound: control-plane nodes stand on different hypervisors in different racks, every rack has two
feeds and two switches, and every virtual machine fits on its host.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

NODES_PER_HYPERVISOR = 10
HYPERVISORS_PER_RACK = 8
SMALLEST = 5
LARGEST = 50_000
"""The nodes' network has 65,534 addresses, and some of them are taken."""

FIRST_ADDRESS = 256
"""Offset of the first node's address in the network; below are gateway, VIP and hypervisors."""

HEAD = """\
# {nodes} nodes, made by tests/bench/generate.py
k8s_ha:
  cluster:
    name: prod1
    kubernetes_version: v1.36.4
    control_plane_endpoint: "api.prod1.lan:8443"
  targets:
    survive: {{node: 1, hypervisor: 1, rack: 1}}
    api_failover: 10s
  networks:
    lan: {{cidr: 10.40.0.0/16, gateway: 10.40.0.1, nameservers: [10.40.0.2, 10.40.0.3]}}
  vips:
    api: {{address: 10.40.0.5, network: lan, virtual_router_id: 61}}
  network:
    pod_cidrs: [10.128.0.0/10]
    service_cidrs: [10.96.0.0/16]
  proxmox:
    connection:
      urls: ["https://pve-0001.lan:8006", "https://pve-0002.lan:8006"]
      user: salt@pve
      token: "sdb://keys/proxmox"
      ca: "the text of /etc/pve/pve-root-ca.pem"
    vm: {{storage: local-nvme, bridge: vmbr0}}
  profiles:
    master:
      roles: [control_plane]
      interface: eth0
      cpus: 8
      memory: 32GiB
    worker:
      roles: [worker]
      interface: eth0
      cpus: 8
      memory: 32GiB
"""


def feeds_and_switches(racks: int) -> Iterator[str]:
    """Write the failure domains from the power feeds to the racks."""
    yield "  power_feeds:"
    for rack in range(1, racks + 1):
        for feed in "ab":
            yield f"    feed-{rack:03}-{feed}: {{ups: true}}"
    yield "  switches:"
    for rack in range(1, racks + 1):
        for feed in "ab":
            yield f"    tor-{rack:03}-{feed}: {{rack: rack-{rack:03}, power_feeds: [feed-{rack:03}-{feed}]}}"
    yield "  racks:"
    for rack in range(1, racks + 1):
        yield f"    rack-{rack:03}:"
        yield f"      power_feeds: [feed-{rack:03}-a, feed-{rack:03}-b]"
        yield f"      switches: [tor-{rack:03}-a, tor-{rack:03}-b]"


def hypervisors(count: int, racks: int) -> Iterator[str]:
    """Write the hosts, dealt over the racks one by one so that neighbours in number stand apart."""
    yield "  hypervisors:"
    for number in range(1, count + 1):
        yield f"    pve-{number:04}:"
        yield f"      rack: rack-{rack_of(number, racks):03}"
        yield "      cpus: 128"
        yield "      memory: 512GiB"
        yield "      reserved_memory: 32GiB"
        yield "      cpu_level: x86-64-v3"


def rack_of(hypervisor: int, racks: int) -> int:
    """Return the rack in which a host stands."""
    return (hypervisor - 1) % racks + 1


def address(offset: int) -> str:
    """Return an address of the nodes' network."""
    return f"10.40.{offset // 256}.{offset % 256}"


def nodes(count: int, masters: int, hosts: int, racks: int) -> Iterator[str]:
    """Write the nodes, dealt over the hypervisors one by one."""
    yield "  nodes:"
    for number in range(1, count + 1):
        host = (number - 1) % hosts + 1
        is_master = number <= masters
        name = f"cp{number}" if is_master else f"worker-{number:05}"
        data = "etcd" if is_master else "data"
        yield f"    {name}:"
        yield f"      profile: {'master' if is_master else 'worker'}"
        yield f"      ip: {address(FIRST_ADDRESS + number)}"
        yield f"      minion: {name}.prod1.lan"
        yield f"      hypervisor: pve-{host:04}"
        yield "      os: centos-stream-10"
        yield "      disks:"
        yield "        root:"
        yield "          size: 100GiB"
        yield "          media: ssd"
        yield "          storage: local-nvme"
        yield f"        {data}:"
        yield f"          size: {20 if is_master else 200}GiB"
        yield "          media: ssd"
        yield "          storage: local-nvme"
        yield "      labels:"
        yield f'        topology.kubernetes.io/zone: "rack-{rack_of(host, racks):03}"'
        yield f"        example.com/hypervisor: pve-{host:04}"
        yield "      vm:"
        yield f"        vmid: {10_000 + number}"
        yield "        tag: 40"


def pillar(count: int) -> str:
    """Return the pillar of a cluster with this many nodes."""
    masters = 3 if count < 50 else 5
    hosts = max(masters, -(-count // NODES_PER_HYPERVISOR))
    racks = max(masters, -(-hosts // HYPERVISORS_PER_RACK))
    lines = [*feeds_and_switches(racks), *hypervisors(hosts, racks), *nodes(count, masters, hosts, racks)]
    return HEAD.format(nodes=count) + "\n".join(lines) + "\n"


def main() -> None:
    """Write the pillar to standard output."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("nodes", type=int, metavar="NODES", help=f"{SMALLEST} to {LARGEST}")
    count = parser.parse_args().nodes
    if not SMALLEST <= count <= LARGEST:
        parser.error(f"NODES is {count}, and must be {SMALLEST} to {LARGEST}")
    sys.stdout.write(pillar(count))


if __name__ == "__main__":
    main()
