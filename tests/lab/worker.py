"""A background process around a `with` block, in the network namespace of whoever makes its requests."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from lab.commands import LabError, kill_group

AnyWorker = TypeVar("AnyWorker", bound="Worker")

TESTS = Path(__file__).resolve().parent.parent
"""Where the workers find the package `lab`."""

_STOP_LIMIT_SECONDS = 10.0


@dataclass(frozen=True)
class Client:
    """Who makes requests: the files of the CA, and of its own certificate and key; none of them for plain HTTP.

    `command` is what its command lines begin with: `Network.command("client")`, or () for this namespace.
    """

    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    command: Sequence[str] = ()

    def files(self) -> dict[str, str | None]:
        """The files as a worker's configuration names them."""
        named = {"ca": self.ca, "certificate": self.certificate, "key": self.key}
        return {name: str(path) if path else None for name, path in named.items()}


class Worker:
    """The module `module` as a process of `client`; it ends with this process, however that ends.

    `configuration` is what it is to do; `directory` takes what it writes: `<name>.jsonl`, and its log.
    """

    def __init__(
        self, module: str, client: Client, configuration: Mapping[str, Any], directory: Path, name: str
    ) -> None:
        self.name = name
        self._output = directory / f"{name}.jsonl"
        self._log = directory / f"{name}.log"
        whole = {**configuration, "output": str(self._output), **client.files()}
        self._command = [*client.command, sys.executable, "-m", module, json.dumps(whole)]
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

    def end(self) -> None:
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

    def __enter__(self: AnyWorker) -> AnyWorker:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()
