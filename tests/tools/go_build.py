"""Builds a Go tool once and keeps its programs in the cache."""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import cache
import go_toolchain
from catalogue import GoTool
from go_toolchain import Go
from unavailable import Unavailable

_BUILD_LIMIT_SECONDS = 3600


def program(tool: GoTool, cache_directory: Path) -> Path:
    """Path of the tool's main program; the tool's other programs lie beside it. Raises Unavailable.

    Nothing is built when the cache has it. The cache is changed by one rename, after everything is built.
    """
    go = go_toolchain.find_present(cache_directory)
    if go is not None and (ready := _cached(tool, go, cache_directory)):
        return ready
    try:
        with cache.locked(cache_directory):
            return _build(tool, cache_directory)
    except (OSError, TimeoutError) as error:
        raise Unavailable(tool.name, str(error), f"python3 tests/tools/build.py {tool.name}") from error


def key(tool: GoTool, go: Go) -> str:
    """Name of the cache entry: everything that the programs depend on is part of it."""
    inputs = [(tool.directory / name).read_bytes() for name in ("go.mod", "go.sum")]
    inputs.append(repr((tool.packages, _build_flags(tool), go.environment()["GOFLAGS"])).encode())
    digest = hashlib.sha256(b"\0".join(inputs)).hexdigest()
    return f"{tool.name}-{tool.version()}-{digest[:16]}-{go.version}"


def _cached(tool: GoTool, go: Go, cache_directory: Path) -> Path | None:
    candidate = cache_directory / key(tool, go) / tool.main_program
    return candidate if candidate.is_file() else None


def _build(tool: GoTool, cache_directory: Path) -> Path:
    # The lock is held, so whatever is left here belongs to a build that was killed.
    for leftover in cache_directory.glob("building-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    go = go_toolchain.find(cache_directory, tool.name)
    if ready := _cached(tool, go, cache_directory):
        return ready
    with tempfile.TemporaryDirectory(dir=cache_directory, prefix="building-") as temporary:
        built = Path(temporary) / "programs"
        built.mkdir()
        for name, package in tool.packages.items():
            _compile(tool, go, package, built / name)
        destination = cache_directory / key(tool, go)
        shutil.rmtree(destination, ignore_errors=True)
        built.rename(destination)
    return destination / tool.main_program


def _build_flags(tool: GoTool) -> list[str]:
    variables = [f"-X {name}={value}" for name, value in tool.linker_variables().items()]
    return ["-mod=readonly", "-ldflags", " ".join(["-s", "-w", *variables])]


def _compile(tool: GoTool, go: Go, package: str, output: Path) -> None:
    cores = str(len(os.sched_getaffinity(0)))
    arguments = [str(go.program), "build", "-p", cores, *_build_flags(tool), "-o", str(output), package]
    environment = {**go.environment(), "GOMAXPROCS": cores}
    again = f"cd {shlex.quote(str(tool.directory))} && CGO_ENABLED=0 go build -o /dev/null {package}"
    try:
        done = subprocess.run(
            arguments,
            cwd=tool.directory,
            env=environment,
            capture_output=True,
            text=True,
            timeout=_BUILD_LIMIT_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise Unavailable(
            tool.name, f"building {package} took over {_BUILD_LIMIT_SECONDS} s", again
        ) from error
    if done.returncode != 0:
        said = done.stderr.strip().splitlines() or ["go build said nothing"]
        print("\n".join(said[-30:]), file=sys.stderr)
        raise Unavailable(tool.name, f"`go build {package}` failed with: {said[-1].strip()}", again)
