"""Finds programs of Debian, and installs the missing ones where that is possible. Never starts a service."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cache
from catalogue import DEBIAN_PROGRAMS
from unavailable import Unavailable

_SEARCH_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin", "/usr/bin", "/bin"))
_POLICY = Path("/usr/sbin/policy-rc.d")
_APT_LIMIT_SECONDS = 600


def program(name: str, cache_directory: Path) -> Path:
    """Path of `name`, one of DEBIAN_PROGRAMS; installed by apt when missing. Raises Unavailable."""
    if found := _find(name):
        return found
    package = DEBIAN_PROGRAMS[name]
    command = f"apt-get update && apt-get install -y --no-install-recommends {package}"
    if not _is_debian():
        raise Unavailable(
            name, "it is not on PATH and this is no Debian", f"install {name} by this system's packages"
        )
    if os.geteuid() != 0:
        raise Unavailable(name, "it is not installed and apt needs root", f"sudo sh -c '{command}'")
    try:
        with cache.locked(cache_directory):
            _install(name, package, command)
    except TimeoutError as error:
        raise Unavailable(name, str(error), command) from error
    found = _find(name)
    if found is None:
        raise Unavailable(name, f"package {package} is installed but has no {name}", command)
    return found


def _find(name: str) -> Path | None:
    found = shutil.which(name, path=_SEARCH_PATH)
    return Path(found) if found else None


def _is_debian() -> bool:
    release = Path("/etc/os-release")
    if shutil.which("apt-get") is None or not release.is_file():
        return False
    lines = release.read_text(encoding="utf-8").splitlines()
    families = " ".join(
        line.partition("=")[2].strip('"') for line in lines if line.startswith(("ID=", "ID_LIKE="))
    )
    return "debian" in families.split()


def _install(name: str, package: str, command: str) -> None:
    install = ["apt-get", "install", "-y", "--no-install-recommends", package]
    with _no_service_starts():
        if _apt(install).returncode == 0:
            return
        # The package lists of a fresh machine are empty or older than the archive.
        _apt(["apt-get", "update"])
        done = _apt(install)
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:] or ["no message"]
        raise Unavailable(name, f"`{' '.join(install)}` failed with: {said[0]}", command)


def _apt(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(
        arguments,
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=_APT_LIMIT_SECONDS,
    )


@contextmanager
def _no_service_starts() -> Iterator[None]:
    """Have invoke-rc.d refuse every start meanwhile; an administrator's own policy is left alone."""
    if _POLICY.exists():
        yield
        return
    _POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink(missing_ok=True)
