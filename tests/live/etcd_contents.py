"""Fills members of `external_etcd` with values, takes them out, and runs what Salt's `cmd.run_all` would."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from live.external_etcd import Site
from ports import wait_until
from programs.verdict import locate
from saltext.k8s_ha.utils import etcd_certificates

_SECONDS = 60.0


class Contents:
    """What is in the store of a site, through one of its hosts."""

    def __init__(self, site: Site, through: str = "etcd1") -> None:
        self._site, self._through = site, through

    def etcdctl(self, *words: str, value: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
        """Run etcdctl with the certificate of the host's member."""
        pki = self._site.machines[self._through].host.path(etcd_certificates.MEMBER)
        access = [
            f"--endpoints={self._site.topology.external_members()[self._through]}",
            f"--cacert={pki}/ca.crt",
            f"--cert={pki}/server.crt",
            f"--key={pki}/server.key",
            "--command-timeout=30s",
        ]
        program = locate("etcd-3.6").with_name("etcdctl")
        return subprocess.run(
            [str(program), *access, *words], input=value, capture_output=True, timeout=_SECONDS, check=False
        )

    def put(self, key: str, size: int) -> bool:
        """Write a value of so many bytes; whether it was taken."""
        return self.etcdctl("put", key, value=b"v" * size).returncode == 0

    def fill(self, count: int, size: int, *, same_key: bool = False, prefix: str = "fill/") -> int:
        """Write values until so many were, or one is refused; how many were."""
        for number in range(count):
            if not self.put("fill/same" if same_key else f"{prefix}{number}", size):
                return number
        return count

    def delete(self) -> None:
        """Take out what `fill` has put in; the history keeps it."""
        assert self.etcdctl("del", "--prefix", "fill/").returncode == 0

    def compact(self) -> None:
        """Take out the history, and wait until every member has."""
        endpoints = self._site.machines[self._through].endpoints()
        etcd = endpoints.of(self._through)
        revision = etcd.status()["revision"]
        etcd.compact(revision)

        def done() -> bool:
            # Pages that a compaction has freed count as such from the next write on, and it ends when it ends.
            assert self.put("after", 1)
            statuses = [endpoints.of(name).status() for name in endpoints.urls]
            return all(one["db_size_in_use"] < one["db_size"] // 4 for one in statuses)

        wait_until(done, "all have compacted", _SECONDS)

    @contextmanager
    def writes(self) -> Iterator[Callable[[], int]]:
        """Somebody writes numbered keys meanwhile; gives how many were acknowledged so far."""
        ended = threading.Event()
        acknowledged = 0

        def write() -> None:
            nonlocal acknowledged
            while not ended.is_set():
                acknowledged += self.put(f"write/{acknowledged}", 100)

        thread = threading.Thread(target=write)
        thread.start()
        try:
            yield lambda: acknowledged
        finally:
            ended.set()
            thread.join()


def run_all(command: list[str], **options: Any) -> dict[str, Any]:
    """What Salt's `cmd.run_all` answers."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=options["timeout"], check=False)
    return {"retcode": done.returncode, "stdout": done.stdout, "stderr": done.stderr, "pid": 0}


MODULES = {"cmd.run_all": run_all}


def sizes(site: Site) -> dict[str, int]:
    """Bytes of the database files by node, as the members say."""
    endpoints = site.machines["etcd1"].endpoints()
    return {name: endpoints.of(name).status()["db_size"] for name in endpoints.urls}


def leader(site: Site) -> str:
    """The node of the member that leads."""
    endpoints = site.machines["etcd1"].endpoints()
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        for name in endpoints.urls:
            status = endpoints.of(name).status()
            if status["leader_id"] == status["member_id"]:
                return name
    raise TimeoutError("nobody leads")
