"""A real etcd member, started from a rendered configuration until it is healthy through TLS."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from ports import LOOPBACK, free_ports
from programs import pki
from programs.verdict import Finished, Verdict, locate, run

_HEALTHY_LIMIT_SECONDS = 30.0
_STOP_LIMIT_SECONDS = 15.0
_POLL_SECONDS = 0.1
_TRANSPORTS = ("client-transport-security", "peer-transport-security")
_TRANSPORT_KEYS = {
    "cert-file",
    "key-file",
    "client-cert-file",
    "client-key-file",
    "client-cert-auth",
    "trusted-ca-file",
    "auto-tls",
    "skip-client-san-verification",
    "allowed-cn",
    "allowed-hostname",
}


def check(root: Path, file: str = "/etc/etcd/etcd.conf.yml") -> Verdict:
    """Start a member from `file`, on loopback ports, as the only member, with certificates made for the test.

    Everything else in the file is kept as it is. Accepted means: it became healthy for a client with a
    certificate, and refuses one without when `client-cert-auth` is set. A file with a key that etcd does not
    know is refused without a start: etcd ignores such a key in silence.
    """
    path = root / file.lstrip("/")
    if not path.is_file():
        return Verdict(False, f"{root} has no {file}")
    configuration = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(configuration, dict):
        return Verdict(False, f"{file} holds no mapping")
    if unknown := _unknown_keys(configuration):
        return Verdict(
            False, "".join(f"{file}: {key} is no key that etcd knows; etcd ignores it\n" for key in unknown)
        )
    with tempfile.TemporaryDirectory(prefix="k8s-ha-etcd-") as temporary:
        outcome = _Member(configuration, Path(temporary)).verdict()
    return Verdict(outcome.accepted, f"{file}: {outcome.output}\n")


def _unknown_keys(configuration: dict[str, Any]) -> list[str]:
    """Keys without a flag of that name in `etcd --help`; the names of flags and of keys are the same."""
    flags = {
        word.lstrip("-") for word in run([locate("etcd-3.6"), "--help"]).said.split() if word.startswith("--")
    }
    unknown = [key for key in configuration if key not in flags and key not in _TRANSPORTS]
    for section in _TRANSPORTS:
        unknown += [
            f"{section}.{key}" for key in configuration.get(section) or {} if key not in _TRANSPORT_KEYS
        ]
    return unknown


class _Member:
    """One member whose files all lie below `directory`."""

    def __init__(self, configuration: dict[str, Any], directory: Path) -> None:
        self._directory = directory
        self._name = str(configuration.get("name", "default"))
        self._mutual = bool((configuration.get(_TRANSPORTS[0]) or {}).get("client-cert-auth"))
        peer, self._client, *others = free_ports(2 + len(configuration))
        self._ports = {
            key: port for key, port in zip(configuration, others, strict=True) if key.endswith("-urls")
        }
        self._ports |= dict.fromkeys(("listen-peer-urls", "initial-advertise-peer-urls"), peer)
        self._ports |= dict.fromkeys(("listen-client-urls", "advertise-client-urls"), self._client)
        self._write_certificates()
        self._file = directory / "etcd.conf.yml"
        self._file.write_text(yaml.safe_dump(self._local(configuration), sort_keys=False), encoding="utf-8")
        self._log = directory / "etcd.log"

    def verdict(self) -> Verdict:
        """Start, wait until healthy, try a client without certificate, stop."""
        with self._running() as process:
            healthy = self._wait_until_healthy(process)
            anonymous = self._health(certificate=False) if healthy else None
        log = self._log.read_text(encoding="utf-8", errors="replace")
        if not healthy:
            return Verdict(
                False, f"not healthy after at most {_HEALTHY_LIMIT_SECONDS:g} s; it logged:\n{log}"
            )
        if self._mutual and anonymous is not None and anonymous.code == 0:
            return Verdict(False, "healthy, but it also answers a client without a certificate")
        return Verdict(True, "healthy")

    def _local(self, configuration: dict[str, Any]) -> dict[str, Any]:
        """The configuration with addresses and paths of its own; schemes stay as they were meant."""
        local = dict(configuration)
        for key, port in self._ports.items():
            if local.get(key):
                local[key] = f"{_scheme(str(local[key]))}://{LOOPBACK}:{port}"
        local["initial-cluster"] = f"{self._name}={local.get('initial-advertise-peer-urls')}"
        local["initial-cluster-state"] = "new"
        local["data-dir"] = str(self._directory / "data")
        if local.get("wal-dir"):
            local["wal-dir"] = str(self._directory / "wal")
        for section in _TRANSPORTS:
            if local.get(section):
                local[section] = self._with_certificates(local[section])
        return local

    def _with_certificates(self, section: dict[str, Any]) -> dict[str, Any]:
        files = {"trusted-ca-file": "ca.crt"}
        files |= dict.fromkeys(("cert-file", "client-cert-file"), "member.crt")
        files |= dict.fromkeys(("key-file", "client-key-file"), "member.key")
        return {
            key: str(self._directory / files[key]) if key in files else value
            for key, value in section.items()
        }

    def _write_certificates(self) -> None:
        authority = pki.Authority("k8s-ha-test-etcd-ca")
        certificate, key = authority.issue(self._name, addresses=[LOOPBACK])
        for name, content in {
            "ca.crt": authority.certificate,
            "member.crt": certificate,
            "member.key": key,
        }.items():
            (self._directory / name).write_text(content, encoding="ascii")

    @contextmanager
    def _running(self) -> Iterator[subprocess.Popen[bytes]]:
        with self._log.open("wb") as log:
            arguments = [str(locate("etcd-3.6")), f"--config-file={self._file}"]
            process = subprocess.Popen(
                arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, cwd=self._directory
            )
            try:
                yield process
            finally:
                _stop(process)

    def _wait_until_healthy(self, process: subprocess.Popen[bytes]) -> bool:
        deadline = time.monotonic() + _HEALTHY_LIMIT_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            if self._health(certificate=True).code == 0:
                return True
            time.sleep(_POLL_SECONDS)
        return False

    def _health(self, *, certificate: bool) -> Finished:
        arguments: list[str | Path] = [
            locate("etcd-3.6").with_name("etcdctl"),
            f"--endpoints=https://{LOOPBACK}:{self._client}",
            f"--cacert={self._directory / 'ca.crt'}",
            "--command-timeout=2s",
            "--dial-timeout=1s",
        ]
        if certificate:
            arguments += [
                f"--cert={self._directory / 'member.crt'}",
                f"--key={self._directory / 'member.key'}",
            ]
        return run([*arguments, "endpoint", "health"], limit_seconds=10)


def _scheme(urls: str) -> str:
    return urls.partition("://")[0]


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
