"""A load from outside while something is broken: readers and writers, each a process in the client's namespace."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from lab import timeline
from lab.commands import LabError, last_words, run
from lab.timeline import Timeline
from lab.traffic_worker import object_name
from lab.worker import TESTS, Client, Worker

_LIST_LIMIT_SECONDS = 60.0


class Load(Worker):
    """Requests at a steady rate, each over a new connection, each with a total deadline.

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
        self.mark: float | None = None
        self._success = success
        self._interval = 1 / rate
        configuration = {"mode": mode, "url": url, "rate": rate, "deadline": deadline, "load": name}
        super().__init__("lab.traffic_worker", client, configuration, directory, name)

    def stop(self) -> Timeline:
        """End the requests; what became of them all."""
        self.end()
        return self.timeline()

    def set_mark(self) -> float:
        """Note this moment (CLOCK_MONOTONIC) as the one of the fault, and return it."""
        self.mark = time.monotonic()
        return self.mark

    def timeline(self) -> Timeline:
        """What became of the requests until now."""
        return timeline.read(self._output, self._success, self._interval)


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
