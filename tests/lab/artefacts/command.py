"""Programs of `tests/tools/build.py`, and how they are run while artefacts are made."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from programs import NotRun
from tools.catalogue import GO_TOOLS

_BUILD = Path(__file__).resolve().parents[2] / "tools" / "build.py"
_BUILD_LIMIT_SECONDS = 5400


@functools.cache
def located(*names: str) -> Mapping[str, Path]:
    """Path of each program, built or installed when missing. Raises NotRun for the first that cannot be had.

    The other programs of a Go tool lie beside the one that it is named after.
    """
    done = subprocess.run(
        [sys.executable, str(_BUILD), *names], capture_output=True, text=True, timeout=_BUILD_LIMIT_SECONDS
    )
    if done.returncode != 0:
        raise NotRun((done.stderr.strip().splitlines() or [f"{', '.join(names)}: not available"])[-1])
    lines = (line.partition("\t") for line in done.stdout.splitlines())
    return {name: Path(path) for name, _, path in lines}


def identity(tool: str) -> str:
    """What a Go tool's programs depend on, as the name of their folder in the cache. Raises NotRun."""
    return located(tool)[tool].parent.name


def version(tool: str) -> str:
    """A Go tool's version, without a `v`: `1.36.4` for `kubeadm-1.36`."""
    return GO_TOOLS[tool].version().removeprefix("v")


def run(
    arguments: Sequence[str | Path],
    *,
    purpose: str,
    limit_seconds: float = 600,
    environment: Mapping[str, str] | None = None,
    directory: Path | None = None,
) -> str:
    """Run a program to its end; returns what it wrote to standard output.

    Raises NotRun when it fails or is still running after `limit_seconds`: the sentence begins with `purpose`
    ("the root image is not made") and ends with the command.
    """
    command = [str(argument) for argument in arguments]
    shown = " ".join(command)[:300]
    try:
        done = subprocess.run(
            command,
            env={**os.environ, "LC_ALL": "C.UTF-8", **(environment or {})},
            stdin=subprocess.DEVNULL,
            cwd=directory,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=limit_seconds,
        )
    except subprocess.TimeoutExpired as error:
        raise NotRun(f"{purpose}: still running after {limit_seconds:.0f} s: {shown}") from error
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines() or ["it said nothing"]
        print("\n".join(said[-30:]), file=sys.stderr)
        raise NotRun(f"{purpose}: {said[-1]}; to see it fail: {shown}")
    return done.stdout
