"""One etcd member and one kube-apiserver as plain processes on loopback, with TLS and client certificates."""

from __future__ import annotations

import json
import ssl
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ports import LOOPBACK, free_ports, wait_until
from programs import pki
from programs.verdict import locate, run

_START_LIMIT_SECONDS = 90.0
# An API server without etcd would use all of its grace period; nothing of it is needed afterwards.
_STOP_LIMIT_SECONDS = 3.0
TOKEN = "bootstrap-of-the-test"


@dataclass(frozen=True)
class Credentials:
    """A certificate and its key, PEM."""

    certificate: str
    key: str


class ControlPlane:
    """Where the servers are, and who may talk to them. `admin` may do everything, `nobody` nothing."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._authority = pki.Authority("k8s-ha-test-ca")
        self.ca = self._authority.certificate
        self.admin, self.nobody, self._server = (
            Credentials(*self._authority.issue(name, [LOOPBACK])) for name in ("admin", "nobody", "server")
        )
        self.authority_key = self._authority.key
        self._etcd_peer, etcd_client, api = free_ports(3)
        self.etcd_url = f"https://{LOOPBACK}:{etcd_client}"
        self.api_url = f"https://{LOOPBACK}:{api}"
        self._api_port = api
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._write_files()
        self._context = ssl.create_default_context(cadata=self.ca)

    @contextmanager
    def running(self) -> Iterator[ControlPlane]:
        """Both servers, once they serve and `admin` may do everything."""
        with ExitStack() as stack:
            stack.enter_context(self._process("etcd", self._etcd_arguments()))
            server = stack.enter_context(self._process("kube-apiserver", self._api_arguments()))
            wait_until(
                lambda: server.poll() is not None or self._is_ready(),
                "kube-apiserver is ready",
                _START_LIMIT_SECONDS,
            )
            if server.poll() is not None:
                raise RuntimeError(f"kube-apiserver ended:\n{self._log('kube-apiserver')}")
            self._permit_admin()
            yield self

    def kubeconfig(self, user: dict[str, Any]) -> str:
        """A kubeconfig with this user, as JSON, which is YAML too."""
        return json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "current-context": "test",
                "contexts": [{"name": "test", "context": {"cluster": "here", "user": "me"}}],
                "clusters": [
                    {
                        "name": "here",
                        "cluster": {
                            "server": self.api_url,
                            "certificate-authority": str(self._directory / "ca.crt"),
                        },
                    }
                ],
                "users": [{"name": "me", "user": user}],
            }
        )

    @property
    def port(self) -> int:
        """Where the API server listens on loopback."""
        return self._api_port

    @property
    def token(self) -> str:
        """A bearer token that may do everything."""
        return TOKEN

    def request(self, method: str, path: str, content: object = None, kind: str = "application/json") -> Any:
        """Ask the API server by other means than those under test; its answer is JSON."""
        return json.loads(self._ask(method, path, content, kind))

    def _ask(self, method: str, path: str, content: object = None, kind: str = "application/json") -> bytes:
        return ask(self._context, method, self.api_url + path, content, kind)

    def set_status(self, path: str, status: dict[str, Any]) -> None:
        """Set the status of an object, as its controller would."""
        self.request("PATCH", f"{path}/status", {"status": status}, "application/merge-patch+json")

    def etcdctl(self, *arguments: str) -> str:
        """Run etcdctl as `admin`; what it prints."""
        access = [f"--endpoints={self.etcd_url}", f"--cacert={self._path('ca.crt')}"]
        identity = [f"--cert={self._path('admin.crt')}", f"--key={self._path('admin.key')}"]
        done = run([locate("etcd-3.6").with_name("etcdctl"), *access, *identity, *arguments])
        if done.code != 0:
            raise RuntimeError(f"etcdctl {' '.join(arguments)}: {done.said}")
        return done.stdout

    def stop_etcd(self) -> None:
        """End etcd for good, as a lost quorum would."""
        self._stop(self._processes["etcd"])

    def renew_server(self) -> str:
        """Put a new certificate of both servers, and its key, where the old ones are; the certificate."""
        renewed = Credentials(*self._authority.issue("server", [LOOPBACK]))
        (self._directory / "server.key").write_text(renewed.key, encoding="ascii")
        (self._directory / "server.crt").write_text(renewed.certificate, encoding="ascii")
        return renewed.certificate

    def _is_ready(self) -> bool:
        try:
            self._ask("GET", "/readyz")
        except (OSError, urllib.error.URLError):
            return False
        return True

    def _permit_admin(self) -> None:
        group = "rbac.authorization.k8s.io"
        binding = {
            "apiVersion": f"{group}/v1",
            "kind": "ClusterRoleBinding",
            "metadata": {"name": "admin-of-the-test"},
            "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": "cluster-admin"},
            "subjects": [{"apiGroup": group, "kind": "User", "name": "admin"}],
        }
        self.request("POST", f"/apis/{group}/v1/clusterrolebindings", binding)

    def _write_files(self) -> None:
        files = {
            "ca.crt": self.ca,
            "server.crt": self._server.certificate,
            "server.key": self._server.key,
            "admin.crt": self.admin.certificate,
            "admin.key": self.admin.key,
            "tokens.csv": f'{TOKEN},bootstrap,1,"system:masters"\n',
        }
        for name, content in files.items():
            (self._directory / name).write_text(content, encoding="ascii")

    def _path(self, name: str) -> str:
        return str(self._directory / name)

    def _etcd_arguments(self) -> list[str]:
        peer = f"http://{LOOPBACK}:{self._etcd_peer}"
        own = etcd_arguments(self._directory, "cp1", self.etcd_url, peer, f"cp1={peer}")
        return [*own, f"--data-dir={self._path('etcd')}", "--unsafe-no-fsync"]

    def _api_arguments(self) -> list[str]:
        return api_server_arguments(self._directory, LOOPBACK, self._api_port, self.etcd_url)

    @contextmanager
    def _process(self, name: str, arguments: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
        with (self._directory / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self._directory
            )
            self._processes[name] = process
            try:
                yield process
            finally:
                self._stop(process)

    @staticmethod
    def _stop(process: subprocess.Popen[bytes]) -> None:
        process.terminate()
        try:
            process.wait(_STOP_LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _log(self, name: str) -> str:
        return "\n".join((self._directory / f"{name}.log").read_text(errors="replace").splitlines()[-20:])


def etcd_arguments(directory: Path, name: str, client: str, peer: str, initial_cluster: str) -> list[str]:
    """How a member of etcd is started with the authority and the server's certificate of a directory.

    `client` and `peer` are its URLs.
    """
    return [
        str(locate("etcd-3.6")),
        f"--name={name}",
        f"--listen-client-urls={client}",
        f"--advertise-client-urls={client}",
        f"--listen-peer-urls={peer}",
        f"--initial-advertise-peer-urls={peer}",
        f"--initial-cluster={initial_cluster}",
        "--client-cert-auth",
        f"--trusted-ca-file={directory / 'ca.crt'}",
        f"--cert-file={directory / 'server.crt'}",
        f"--key-file={directory / 'server.key'}",
    ]


def api_server_arguments(directory: Path, address: str, port: int, etcd: str) -> list[str]:
    """How an API server is started with the files of a directory, as the client of one member of etcd."""
    certificate, key = directory / "server.crt", directory / "server.key"
    return [
        str(locate("kube-apiserver-1.36")),
        f"--bind-address={address}",
        f"--secure-port={port}",
        "--advertise-address=192.0.2.1",
        # It would write the address above into the cluster, again and again.
        "--endpoint-reconciler-type=none",
        f"--etcd-servers={etcd}",
        f"--etcd-cafile={directory / 'ca.crt'}",
        f"--etcd-certfile={certificate}",
        f"--etcd-keyfile={key}",
        f"--client-ca-file={directory / 'ca.crt'}",
        f"--token-auth-file={directory / 'tokens.csv'}",
        f"--tls-cert-file={certificate}",
        f"--tls-private-key-file={key}",
        "--authorization-mode=RBAC",
        f"--service-account-issuer=https://{address}:{port}",
        f"--service-account-key-file={certificate}",
        f"--service-account-signing-key-file={key}",
        "--service-cluster-ip-range=10.96.0.0/24",
        # No controller makes the service accounts that pods would need.
        "--disable-admission-plugins=ServiceAccount",
    ]


def ask(context: ssl.SSLContext, method: str, url: str, content: object, kind: str) -> bytes:
    """Ask an API server with the token of the test, past any proxy; the bytes of its answer."""
    data = None if content is None else json.dumps(content).encode()
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": kind}
    request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
    )
    with opener.open(request, timeout=10) as response:
        answer: bytes = response.read()
    return answer
