"""Two hosts that run the load balancer alone: real HAProxy before a real API server."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from live.control_plane import ControlPlane
from live.workers import Workers
from ports import free_ports
from programs.verdict import locate
from saltext.k8s_ha import Topology
from saltext.k8s_ha.utils.guard import Guard

ADDRESS = "127.0.0.5"
_CONFIGURATION = """
defaults
    mode tcp
    timeout connect 1s
    timeout client 5s
    timeout server 5s
listen api
    bind {own}:{port}
    bind {address}:{port}
    server cp1 127.0.0.1:{server}
"""


class Balancers(Workers):
    """Hosts lb1 and lb2; of three API servers one is there."""

    def __init__(self, control_plane: ControlPlane, directory: Path) -> None:
        super().__init__(control_plane, directory)
        (self._port,) = free_ports(1)
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.told: list[tuple[str, str]] = []
        masters = {f"cp{n}": {"roles": ["control_plane"], "ip": f"127.0.0.{n}"} for n in (1, 2, 3)}
        hosts = {f"lb{n}": {"roles": ["load_balancer"], "ip": f"127.0.0.4{n}"} for n in (1, 2)}
        workers = {f"w{n}": {"roles": ["worker"], "ip": f"127.0.0.2{n}"} for n in (1, 2)}
        self.pillar = {
            "cluster": {
                "name": "prod1",
                "kubernetes_version": "v1.36.4",
                # As the API server's certificate names it.
                "control_plane_endpoint": f"server:{self._port}",
            },
            "networks": {"lan": {"cidr": "127.0.0.0/24"}},
            "vips": {"api": {"address": ADDRESS, "network": "lan", "virtual_router_id": 61}},
            "kubeadm": {"bind_port": control_plane.port},
            "gate": {"wait": "1s", "settle": "0s"},
            "nodes": {**masters, **hosts, **workers},
        }
        self.topology = Topology(self.pillar)
        assert self.topology.valid, self.topology.findings

    def guard(self, node: str) -> Guard:
        """What stands before the units of a host."""
        return Guard(self.member(node), self.host(node), lambda *told: self.told.append(told))

    def start(self, node: str) -> None:
        """HAProxy of a host serves. Both have the address that moves: the kernel gives it to either."""
        configuration = self._directory / f"{node}.cfg"
        own, server = f"127.0.0.4{node[-1]}", self.control_plane.port
        configuration.write_text(
            _CONFIGURATION.format(own=own, port=self._port, address=ADDRESS, server=server)
        )
        self._running[node] = subprocess.Popen([locate("haproxy"), "-db", "-f", configuration])

    def stop(self, node: str) -> None:
        """It does not any more."""
        process = self._running.pop(node)
        process.kill()
        process.wait()

    @contextmanager
    def serving(self) -> Iterator[Balancers]:
        """Both serve."""
        try:
            self.start("lb1")
            self.start("lb2")
            yield self
        finally:
            for node in list(self._running):
                self.stop(node)
