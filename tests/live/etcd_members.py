"""Three members of etcd as plain processes on loopback, without TLS: what they do to each other is the subject."""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

from ports import LOOPBACK, free_ports, wait_until
from programs.verdict import locate, run

NAMES = ("cp1", "cp2", "cp3")
_LIMIT_SECONDS = 30.0
_ANSWER_SECONDS = 2.0


class EtcdMembers:
    """Members by name, off at first. Each has `directory/<name>` for its data, and a log beside it."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        ports = free_ports(2 * len(NAMES))
        self._peers = dict(zip(NAMES, ports[::2], strict=True))
        self._clients = dict(zip(NAMES, ports[1::2], strict=True))
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def peer_url(self, name: str) -> str:
        """How a member is known to the others."""
        return f"http://{LOOPBACK}:{self._peers[name]}"

    @property
    def full_list(self) -> str:
        """The value of `--initial-cluster` with all members."""
        return ",".join(f"{name}={self.peer_url(name)}" for name in NAMES)

    def start(self, name: str, initial_cluster: str, state: str) -> subprocess.Popen[bytes]:
        """Start a member on the data it has, or has not."""
        client = f"http://{LOOPBACK}:{self._clients[name]}"
        arguments = [
            str(locate("etcd-3.6")),
            f"--name={name}",
            f"--data-dir={self.directory(name)}",
            f"--listen-client-urls={client}",
            f"--advertise-client-urls={client}",
            f"--listen-peer-urls={self.peer_url(name)}",
            f"--initial-advertise-peer-urls={self.peer_url(name)}",
            f"--initial-cluster={initial_cluster}",
            f"--initial-cluster-state={state}",
        ]
        with self.log(name).open("ab") as log:
            process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self._processes[name] = process
        return process

    def wait_for_peer_answers(self, name: str) -> None:
        """Wait until a member tells its peers who the members are: one without data ends where it cannot ask."""

        def answers() -> bool:
            try:
                with urllib.request.urlopen(f"{self.peer_url(name)}/members", timeout=_ANSWER_SECONDS):  # noqa: S310 (loopback)
                    return True
            except OSError:
                return False

        wait_until(answers, f"{name} tells its peers who the members are", _LIMIT_SECONDS)

    def kill(self, name: str) -> None:
        """End a member at once, as a power loss would."""
        process = self._processes.pop(name, None)
        if process:
            process.kill()
            process.wait()

    def empty(self, name: str) -> None:
        """Lose the data of a member that is off."""
        shutil.rmtree(self.directory(name))

    def directory(self, name: str) -> Path:
        """Where a member has its data."""
        return self._directory / name

    def log(self, name: str) -> Path:
        """What a member has written."""
        return self._directory / f"{name}.log"

    def leader(self) -> str:
        """Wait until a member leads; its name."""
        found: list[str] = []

        def leads() -> bool:
            for name in self._processes:
                said = self._etcdctl(name, "endpoint", "status", "-w", "json")
                status = json.loads(said.stdout)[0]["Status"] if said.code == 0 else {}
                if status.get("leader") and status["leader"] == status["header"]["member_id"]:
                    found.append(name)
            return bool(found)

        wait_until(leads, "a member of etcd leads", _LIMIT_SECONDS)
        return found[0]

    def put(self, name: str, key: str, value: str) -> None:
        """Write through a member, and have it acknowledged."""
        said = self._etcdctl(name, "put", key, value)
        if said.code != 0:
            raise RuntimeError(f"the write is not acknowledged: {said.said}")

    def get(self, name: str, key: str) -> str:
        """Read through a member, by a majority; empty where there is nothing."""
        said = self._etcdctl(name, "get", "--print-value-only", key)
        if said.code != 0:
            raise RuntimeError(f"the read is not answered: {said.said}")
        return str(said.stdout).strip()

    def end(self) -> None:
        """Kill all."""
        for name in list(self._processes):
            self.kill(name)

    def _etcdctl(self, name: str, *arguments: str) -> Any:
        program = locate("etcd-3.6").with_name("etcdctl")
        endpoint = f"--endpoints=http://{LOOPBACK}:{self._clients[name]}"
        return run([program, endpoint, "--command-timeout=5s", *arguments])
