"""What a program said, and how a program is found and run."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_BUILD = Path(__file__).resolve().parent.parent / "tools" / "build.py"
_LOCATE_LIMIT_SECONDS = 5400
_SILENCED_PROXY = "http://127.0.0.1:9"


class NotRun(Exception):
    """A program cannot be run here; the message says why and which command would change that."""


@dataclass(frozen=True)
class Verdict:
    """`accepted`: the program works with the files as meant. `output`: what it said, and what we add."""

    accepted: bool
    output: str


@dataclass(frozen=True)
class Finished:
    """A program that ended: exit code (128 + signal when killed by one), standard output and error."""

    code: int
    stdout: str
    stderr: str

    @property
    def said(self) -> str:
        """Both streams, standard error last."""
        return self.stdout + self.stderr


@functools.cache
def locate(name: str) -> Path:
    """Path of a program of `tests/tools/build.py`, built or installed when missing. Raises NotRun."""
    done = subprocess.run(
        [sys.executable, str(_BUILD), name], capture_output=True, text=True, timeout=_LOCATE_LIMIT_SECONDS
    )
    if done.returncode != 0:
        raise NotRun((done.stderr.strip().splitlines() or [f"{name} is not available"])[-1])
    return Path(done.stdout.rstrip("\n").partition("\t")[2])


def run(
    arguments: Sequence[str | Path],
    *,
    limit_seconds: float = 60,
    environment: Mapping[str, str] | None = None,
) -> Finished:
    """Run a program to its end, without the network: whatever it would fetch through HTTP fails at once
    instead.

    A program that is still running after `limit_seconds` is killed; its code is then 137.
    """
    offline = {
        "HTTPS_PROXY": _SILENCED_PROXY,
        "HTTP_PROXY": _SILENCED_PROXY,
        "NO_PROXY": "",
        "LC_ALL": "C.UTF-8",
    }
    try:
        done = subprocess.run(
            [str(argument) for argument in arguments],
            env={**os.environ, **offline, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=limit_seconds,
        )
    except subprocess.TimeoutExpired as expired:
        return Finished(
            137, _text(expired.stdout), _text(expired.stderr) + f"(killed after {limit_seconds:g} s)\n"
        )
    code = done.returncode if done.returncode >= 0 else 128 - done.returncode
    return Finished(code, done.stdout, done.stderr)


def _text(stream: bytes | str | None) -> str:
    return stream.decode(errors="replace") if isinstance(stream, bytes) else stream or ""
