"""Runs a program of this machine with a time limit, and waits for conditions."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Value = TypeVar("Value")

_FIRST_PAUSE_SECONDS = 0.005
_QUOTED_LINES = 5


class LabError(Exception):
    """Something of the lab does not work; its text is one sentence for the person who runs it."""


@dataclass(frozen=True)
class Result:
    """How a program ended: exit code (negative: minus the signal) and what it printed."""

    code: int
    stdout: str
    stderr: str

    @property
    def ok(self) -> bool:
        """Whether the program exited with 0."""
        return self.code == 0


def run(
    arguments: Sequence[str],
    timeout: float = 30.0,
    stdin: str | bytes = b"",
    environment: Mapping[str, str] | None = None,
) -> Result:
    """Run a program to its end.

    `environment` is added to this process's own. After `timeout` seconds the program and the processes of its
    group are killed and LabError is raised; it is raised also when the program is not there.
    """
    command = " ".join(arguments[:6])
    try:
        process = subprocess.Popen(
            list(arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **(environment or {})},
            # Only a group of its own can be killed with all that the program started.
            start_new_session=True,
        )
    except FileNotFoundError as error:
        raise LabError(f"the program {arguments[0]} is not installed: install it, then run again") from error
    return communicate(process, timeout, stdin, command)


def communicate(process: subprocess.Popen[bytes], timeout: float, stdin: str | bytes, command: str) -> Result:
    """Wait for `process`, the first of a group of its own, which is killed whatever happens here."""
    data = stdin.encode() if isinstance(stdin, str) else stdin
    try:
        stdout, stderr = process.communicate(data, timeout)
    except subprocess.TimeoutExpired as error:
        raise LabError(f"`{command}` did not end within {timeout:g} s and was killed") from error
    finally:
        if process.returncode is None:
            kill_group(process)
    return Result(process.returncode, stdout.decode(errors="replace"), stderr.decode(errors="replace"))


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL a process, the first of its group, with its group, and reap it."""
    if process.poll() is None:
        # The group cannot be somebody else's: its leader was not reaped yet.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            stream.close()


def must(
    arguments: Sequence[str],
    timeout: float = 30.0,
    stdin: str | bytes = b"",
    environment: Mapping[str, str] | None = None,
) -> str:
    """What the program printed; LabError with the end of its messages when it does not exit with 0."""
    result = run(arguments, timeout, stdin, environment)
    if not result.ok:
        raise LabError(f"`{' '.join(arguments[:8])}` exits with {result.code}: {last_words(result)}")
    return result.stdout


def last_words(result: Result) -> str:
    """The last lines a program wrote to its errors, or else to its output."""
    lines = (result.stderr.strip() or result.stdout.strip()).splitlines()[-_QUOTED_LINES:]
    return " | ".join(lines) or "no message"


def wait_for(condition: Callable[[], Value], limit: float, what: str, pause: float = 0.1) -> Value:
    """The first true value that `condition` returns; LabError naming `what` after `limit` seconds.

    `pause` is the longest time between two questions; the first ones are quicker.
    """
    deadline = time.monotonic() + limit
    current = min(_FIRST_PAUSE_SECONDS, pause)
    while True:
        if value := condition():
            return value
        if time.monotonic() > deadline:
            raise LabError(f"{what}: not so within {limit:g} s")
        time.sleep(current)
        current = min(current * 1.5, pause)
