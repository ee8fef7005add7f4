"""A load from outside while something is broken: readers and writers, each a process in the client's namespace."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from lab import timeline
from lab.commands import LabError, kill_group, last_words, run
from lab.timeline import Timeline
from lab.traffic_worker import object_name

AnyLoad = TypeVar("AnyLoad", bound="Load")

TESTS = Path(__file__).resolve().parent.parent
"""Where the workers find the package `lab`."""

_STOP_LIMIT_SECONDS = 10.0
_LIST_LIMIT_SECONDS = 60.0


@dataclass(frozen=True)
class Client:
    """Who makes requests: the files of the CA and of its own certificate and key, where it has one.

    `command` is what its command lines begin with: `Network.command("client")`, or () for this namespace.
    """

    ca: Path
    certificate: Path | None = None
    key: Path | None = None
    command: Sequence[str] = ()

    def files(self) -> dict[str, str | None]:
        """The files as a worker's configuration names them."""
        named = {"ca": self.ca, "certificate": self.certificate, "key": self.key}
        return {name: str(path) if path else None for name, path in named.items()}


class Worker:
    """A worker process around a `with` block. It ends with this process, however that ends."""

    def __init__(self, module: str, client: Client, configuration: Mapping[str, Any], log: Path) -> None:
        self._command = [*client.command, sys.executable, "-m", module, json.dumps(dict(configuration))]
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env={"PYTHONPATH": str(TESTS), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
                start_new_session=True,
            )

    def stop(self) -> None:
        """Let the requests under way end, then the process; LabError when it had ended before or fails."""
        process, self._process = self._process, None
        if process is None:
            return
        try:
            if process.poll() is None and process.stdin:
                process.stdin.close()
                process.wait(_STOP_LIMIT_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise LabError(f"the worker that logs to {self._log} does not stop: read what it says") from error
        finally:
            kill_group(process)
        if process.returncode != 0:
            raise LabError(
                f"the worker that logs to {self._log} exits with {process.returncode}: read what it says"
            )


class Load:
    """Requests at a steady rate, each over a new TLS connection, each with a total deadline.

    `directory` takes the record of the requests and the worker's log.
    """

    def __init__(
        self,
        mode: str,
        directory: Path,
        client: Client,
        url: str,
        *,
        rate: float,
        deadline: float,
        success: int,
        name: str,
    ) -> None:
        self.name = name
        self.mark: float | None = None
        self._output = directory / f"{name}.jsonl"
        self._success = success
        self._interval = 1 / rate
        configuration = {
            "mode": mode,
            "url": url,
            "rate": rate,
            "deadline": deadline,
            "load": name,
            "output": str(self._output),
            **client.files(),
        }
        self._worker = Worker("lab.traffic_worker", client, configuration, directory / f"{name}.log")

    def start(self) -> None:
        """Begin with the requests."""
        self._worker.start()

    def stop(self) -> Timeline:
        """End the requests; what became of them all."""
        self._worker.stop()
        return self.timeline()

    def set_mark(self) -> float:
        """Note this moment (CLOCK_MONOTONIC) as the one of the fault, and return it."""
        self.mark = time.monotonic()
        return self.mark

    def timeline(self) -> Timeline:
        """What became of the requests until now."""
        return timeline.read(self._output, self._success, self._interval)

    def __enter__(self: AnyLoad) -> AnyLoad:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._worker.stop()


class Readers(Load):
    """GET `url`, for instance `https://10.77.0.100:8443/readyz`; an answer other than 200 is a failure."""

    def __init__(
        self,
        directory: Path,
        client: Client,
        url: str,
        *,
        rate: float = 20,
        deadline: float = 1.0,
        name: str = "readers",
    ) -> None:
        super().__init__("read", directory, client, url, rate=rate, deadline=deadline, success=200, name=name)


class Writers(Load):
    """Create numbered ConfigMaps in the namespace `default` of the API server at `url` (no path), each once.

    An answer other than 201 is a failure; whether the object exists nobody knows then. `name` is the beginning
    of the objects' names and a label's value: lower-case letters, digits and hyphens.
    """

    def __init__(
        self,
        directory: Path,
        client: Client,
        url: str,
        *,
        rate: float = 5,
        deadline: float = 1.0,
        name: str = "writers",
    ) -> None:
        super().__init__(
            "write", directory, client, url, rate=rate, deadline=deadline, success=201, name=name
        )
        self._client = client

    def acknowledged(self) -> dict[str, str]:
        """Number by name of the objects that a server said it has created, from the record on the disk."""
        return {
            object_name(self.name, one.number): str(one.number) for one in self.timeline().samples if one.ok
        }

    def verify_acknowledged(self, servers: Mapping[str, str]) -> dict[str, list[str]]:
        """For each API server (URL by name) the acknowledged objects that it does not have, or has wrong.

        Each is asked by itself: one with a reset etcd answers from its cache, and only there. LabError when a
        server cannot be asked: nothing is known then.
        """
        acknowledged = self.acknowledged()
        lost = {}
        for server, url in servers.items():
            found = self._list(server, url)
            lost[server] = sorted(name for name, number in acknowledged.items() if found.get(name) != number)
        return lost

    def _list(self, server: str, url: str) -> dict[str, str]:
        configuration = {
            "mode": "list",
            "url": url,
            "load": self.name,
            "deadline": _LIST_LIMIT_SECONDS,
            **self._client.files(),
        }
        result = run(
            [*self._client.command, sys.executable, "-m", "lab.traffic_worker", json.dumps(configuration)],
            timeout=2 * _LIST_LIMIT_SECONDS,
            environment={"PYTHONPATH": str(TESTS)},
        )
        if not result.ok:
            raise LabError(
                f"the API server {server} ({url}) does not list the ConfigMaps: {last_words(result)}"
            )
        listed: dict[str, str] = json.loads(result.stdout)
        return listed
