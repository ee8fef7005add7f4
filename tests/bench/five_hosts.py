"""Five hosts of a control plane on loopback: on each a real etcd, kube-apiserver and HAProxy, as kubeadm stacks them.

Nothing is stood in for but the kubelets: the Nodes are objects that somebody has said to be ready.
"""

from __future__ import annotations

import json
import signal
import ssl
import subprocess
import urllib.error
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from live.control_plane import TOKEN, api_server_arguments, ask, etcd_arguments
from ports import LOOPBACK, wait_until
from programs import pki
from programs.verdict import locate
from saltext.k8s_ha import Topology
from saltext.k8s_ha._core import Etcd, LiveError, observe

HOSTS = ("cp1", "cp2", "cp3", "cp4", "cp5")
VIP = "127.0.78.5"
ENDPOINT = "api.prod1.lan"
_START_SECONDS = 240.0
_STATE_SECONDS = 60.0

PILLAR: dict[str, Any] = {
    "cluster": {
        "name": "prod1",
        "kubernetes_version": "v1.36.4",
        "control_plane_endpoint": f"{ENDPOINT}:8443",
    },
    "targets": {"survive": {"node": 2}, "api_failover": "10s"},
    "networks": {"lan": {"cidr": "127.0.78.0/24"}},
    "vips": {"api": {"address": VIP, "network": "lan", "virtual_router_id": 61}},
    "nodes": {
        **{name: {"roles": ["control_plane"], "ip": f"127.0.78.1{name[-1]}"} for name in HOSTS},
        **{f"w{place}": {"roles": ["worker"], "ip": f"127.0.78.2{place}"} for place in (1, 2, 3)},
    },
}


class FiveHosts:
    """The hosts, off at first. The first one holds the address of the endpoint, and is the one that looks."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.topology = Topology(PILLAR)
        assert self.topology.valid, self.topology.findings
        authority = pki.Authority("k8s-ha-test-ca")
        # Members that speak to each other over loopback come from that address.
        addresses = [LOOPBACK, VIP, *(self.topology.address(name) for name in HOSTS)]
        certificate, key = authority.issue(ENDPOINT, addresses)
        self.etcd = (authority.certificate, *authority.issue("client"))
        self._context = ssl.create_default_context(cadata=authority.certificate)
        files = {
            "ca.crt": authority.certificate,
            "server.crt": certificate,
            "server.key": key,
            "tokens.csv": f'{TOKEN},bench,1,"system:masters"\n',
        }
        for name, content in files.items():
            (directory / name).write_text(content, encoding="ascii")
        self._processes: dict[str, list[subprocess.Popen[bytes]]] = {name: [] for name in HOSTS}

    @property
    def kubeconfig(self) -> str:
        """The API for one who may do everything."""
        server = {
            "server": f"https://{VIP}:8443",
            "certificate-authority": str(self._directory / "ca.crt"),
            "tls-server-name": ENDPOINT,
        }
        return json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "current-context": "bench",
                "contexts": [{"name": "bench", "context": {"cluster": "here", "user": "me"}}],
                "clusters": [{"name": "here", "cluster": server}],
                "users": [{"name": "me", "user": {"token": TOKEN}}],
            }
        )

    def look(self) -> str:
        """One look with all that a host of the control plane may show."""
        return observe(self.topology, kubeconfig=self.kubeconfig, etcd=self.etcd, observer=HOSTS[0])

    def states(self) -> dict[str, dict[str, str]]:
        """The states that one look finds: of what, on which host."""
        seen = json.loads(self.look())
        found = {"etcd": {member["node"]: member["state"] for member in seen["etcd"]}}
        for program in seen["programs"]:
            found.setdefault(program["name"], {})[program["node"]] = program["state"]
        found["node"] = {node["name"]: node["state"] for node in seen["nodes"] if node["name"] in HOSTS}
        return found

    @contextmanager
    def running(self) -> Iterator[FiveHosts]:
        """All of them, once one look finds everything up."""
        try:
            for name in HOSTS:
                self._start(name, "etcd", self._etcd(name))
            wait_until(self._has_leader, "etcd has a leader", _STATE_SECONDS)
            for name in HOSTS:
                self._start(name, "kube-apiserver", self._api_server(name))
                self._start(name, "haproxy", self._haproxy(name))
            wait_until(self._is_ready, "all API servers are ready", _START_SECONDS)
            for name in (*HOSTS, "w1", "w2", "w3"):
                self._add_node(name)
            wait_until(self.is_all_up, "all is up", _STATE_SECONDS)
            yield self
        finally:
            for process in (process for processes in self._processes.values() for process in processes):
                process.kill()
                process.wait()

    @contextmanager
    def hung(self, names: Sequence[str]) -> Iterator[None]:
        """Every process of these hosts is stopped; afterwards all is up again."""
        try:
            self._signal(names, signal.SIGSTOP)
            yield
        finally:
            self._signal(names, signal.SIGCONT)
        wait_until(self.is_all_up, "all is up again", _STATE_SECONDS)

    def is_all_up(self) -> bool:
        """Whether one look finds everything up."""
        found = self.states()
        return all(found.get(what) == dict.fromkeys(HOSTS, "up") for what in _WHAT)

    def _signal(self, names: Sequence[str], number: int) -> None:
        for name in names:
            for process in self._processes[name]:
                process.send_signal(number)

    def _start(self, host: str, name: str, arguments: Sequence[str]) -> None:
        with (self._directory / f"{host}.{name}.log").open("wb") as log:
            process = subprocess.Popen(
                arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self._directory
            )
        self._processes[host].append(process)

    def _etcd(self, name: str) -> list[str]:
        members = self.topology.etcd_members()
        client, peer = members[name]
        everybody = ",".join(f"{name}={peer}" for name, (_, peer) in members.items())
        return [
            *etcd_arguments(self._directory, name, client, peer, everybody),
            f"--data-dir={self._directory / name}.etcd",
            "--peer-client-cert-auth",
            f"--peer-trusted-ca-file={self._directory / 'ca.crt'}",
            f"--peer-cert-file={self._directory / 'server.crt'}",
            f"--peer-key-file={self._directory / 'server.key'}",
        ]

    def _api_server(self, name: str) -> list[str]:
        # As kubeadm has it: each one through the member of its own host.
        client, _ = self.topology.etcd_members()[name]
        return api_server_arguments(self._directory, self.topology.address(name), 6443, client)

    def _haproxy(self, name: str) -> list[str]:
        """The rendered configuration, on the host's own address and without a user and a directory of its own."""
        files = self.topology.files(name)
        text = next(file["contents"] for file in files if file["path"] == "/etc/haproxy/haproxy.cfg")
        address = self.topology.address(name)
        binds = [f"bind {each}:8443" for each in ([address, VIP] if name == HOSTS[0] else [address])]
        dropped = ("user ", "group ", "chroot ", "stats socket ")
        lines = (line for line in text.splitlines() if not line.strip().startswith(dropped))
        text = "\n".join(lines) + "\n"
        for old, new in {
            "bind *:8443": "\n    ".join(binds),
            "bind 127.0.0.1:": f"bind {address}:",
            "/etc/haproxy/kubernetes-ca.crt": str(self._directory / "ca.crt"),
        }.items():
            assert old in text, old
            text = text.replace(old, new)
        place = self._directory / f"{name}.haproxy.cfg"
        place.write_text(text, encoding="utf-8")
        return [str(locate("haproxy")), "-db", "-f", str(place)]

    def _has_leader(self) -> bool:
        try:
            statuses = [Etcd(url, *self.etcd).status() for url, _ in self.topology.etcd_members().values()]
        except LiveError:
            return False
        return all(status["leader_id"] for status in statuses)

    def _is_ready(self) -> bool:
        for process in (process for processes in self._processes.values() for process in processes):
            if process.poll() is not None:
                raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
        try:
            for name in HOSTS:
                self._ask("GET", name, "/readyz")
        except (OSError, urllib.error.URLError):
            return False
        return True

    def _add_node(self, name: str) -> None:
        node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}}
        self._ask("POST", HOSTS[0], "/api/v1/nodes", node)
        ready = {"status": {"conditions": [{"type": "Ready", "status": "True"}]}}
        kind = "application/merge-patch+json"
        self._ask("PATCH", HOSTS[0], f"/api/v1/nodes/{name}/status", ready, kind)

    def _ask(
        self, method: str, host: str, path: str, content: object = None, kind: str = "application/json"
    ) -> None:
        ask(self._context, method, f"https://{self.topology.address(host)}:6443{path}", content, kind)


_WHAT = ("etcd", "kube-apiserver", "haproxy", "node")
