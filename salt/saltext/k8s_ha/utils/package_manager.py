"""The package manager of a host: what is installed and held, and what its repositories offer.

Installing and holding is left to Salt's ``pkg``. What is asked here is what Salt asks slowly, or without a
limit in time.
"""

from __future__ import annotations

import functools
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from saltext.k8s_ha.utils.bounded import Finished, run
from saltext.k8s_ha.utils.host import HostError

Modules = Mapping[str, Callable[..., Any]]

_QUERY_SECONDS = 60
_NOT_EXECUTABLE, _NOT_FOUND = 126, 127
_REFRESH_SECONDS = 300
# As long as another process holds the lists: a fresh system updates them by itself at its first boot.
_LOCK_SECONDS = 120
_LOCK_POLL_SECONDS = 2
_LOCKED = "Could not get lock"
# One server that accepts and never answers costs this much, twice.
_ACQUIRE = (
    "Acquire::http::Timeout=20",
    "Acquire::https::Timeout=20",
    "Acquire::Retries=1",
)
_VERSION_LOCKS = Path("/etc/dnf/plugins/versionlock.list")


@dataclass(frozen=True)
class Installed:
    """A package that is installed: its version, and whether updates of the system leave it there."""

    version: str
    held: bool


@dataclass(frozen=True)
class Offer:
    """What the repositories have of a package: the version they would install, and all, the newest first."""

    candidate: str | None = None
    versions: list[str] = field(default_factory=list)


class PackageManager(Protocol):
    """What is asked of the package manager of a host."""

    @property
    def arguments(self) -> dict[str, Any]:
        """What Salt's ``pkg.installed`` is told besides the packages."""

    def installed(self, names: Sequence[str]) -> dict[str, Installed]:
        """Those of the packages that are installed, by name. Raises HostError where nothing says so."""

    def refresh(self) -> list[str]:
        """Ask the repositories what they have; in lines, what went wrong. Ends within minutes."""

    def offered(self, names: Sequence[str]) -> dict[str, Offer]:
        """What is known of packages, by name, without asking the repositories again."""


def of(packaging: str, modules: Modules) -> PackageManager:
    """The package manager of a host.

    :param packaging: ``deb`` or ``rpm``.
    :param modules: Salt's ``__salt__``.
    """
    return Apt(modules) if packaging == "deb" else Dnf(modules)


@dataclass(frozen=True)
class Apt:
    """apt and dpkg."""

    modules: Modules

    @property
    def arguments(self) -> dict[str, Any]:
        """Salt keeps configuration files that are there already (``--force-confold``) by itself."""
        return {}

    def installed(self, names: Sequence[str]) -> dict[str, Installed]:
        """Asked of dpkg, once."""
        shown = "--showformat=${Package}\\t${Version}\\t${db:Status-Abbrev}\\n"
        told = _answer(
            run(self.modules, ["dpkg-query", "--show", shown, *names], _QUERY_SECONDS), "dpkg-query"
        )
        found = {}
        for line in told.splitlines():
            # Salt strips the blanks at the end of what a program prints.
            name, version, status = [*line.split("\t"), "", ""][:3]
            if status[1:2] == "i":
                found[name] = Installed(version, held=status[0] == "h")
        return found

    def refresh(self) -> list[str]:
        """``apt-get update``, while it lasts waiting for another process that does the same."""
        options = [word for option in _ACQUIRE for word in ("-o", option)]
        deadline = time.monotonic() + _LOCK_SECONDS
        while True:
            told = run(self.modules, ["apt-get", "-q", *options, "update"], _REFRESH_SECONDS)
            if _LOCKED not in told.stderr or time.monotonic() > deadline:
                break
            time.sleep(_LOCK_POLL_SECONDS)
        if told.timed_out:
            return [f"apt-get update did not end within {_REFRESH_SECONDS} s"]
        said = f"{told.stderr}\n{'' if told.code == 0 else told.stdout}"
        telling = ("W: Failed to fetch", "W: GPG error", "E: ")
        return [line.strip() for line in said.splitlines() if line.startswith(telling)]

    def offered(self, names: Sequence[str]) -> dict[str, Offer]:
        """Read from ``apt-cache policy``, which knows pins too."""
        offers: dict[str, Offer] = {}
        name, candidate = "", ""
        versions: list[str] = []
        told = run(self.modules, ["apt-cache", "policy", *names], _QUERY_SECONDS)
        for line in [*told.stdout.splitlines(), "end:"]:
            if not line.startswith(" "):
                if name:
                    offers[name] = Offer(None if candidate in ("", "(none)") else candidate, versions)
                name, candidate, versions = line.rstrip(":"), "", []
            elif line.startswith("  Candidate: "):
                candidate = line.split()[-1]
            elif found := re.fullmatch(r" (?:\*\*\*|   ) (\S+) -?\d+", line):
                versions.append(found[1])
        return offers


@dataclass(frozen=True)
class Dnf:
    """dnf and rpm."""

    modules: Modules

    @property
    def arguments(self) -> dict[str, Any]:
        """The repository of Kubernetes hides its packages from updates of the system."""
        return {"disableexcludes": "kubernetes"}

    def installed(self, names: Sequence[str]) -> dict[str, Installed]:
        """Asked of rpm, once; what is held stands in a file."""
        shown = "--queryformat=%{NAME} %{EPOCHNUM}:%{VERSION}-%{RELEASE}\\n"
        told = _answer(run(self.modules, ["rpm", "-q", shown, *names], _QUERY_SECONDS), "rpm")
        held = _version_locks()
        found = {}
        for line in told.splitlines():
            words = line.split()
            # Anything else says that a package is not there.
            if len(words) == 2:
                found[words[0]] = Installed(words[1].removeprefix("0:"), held=words[0] in held)
        return found

    def refresh(self) -> list[str]:
        """``dnf makecache``, not quiet: dnf ends well when it has to leave out a repository, and only says so."""
        told = run(self.modules, ["dnf", "makecache", "--refresh"], _REFRESH_SECONDS)
        if told.timed_out:
            return [f"dnf makecache did not end within {_REFRESH_SECONDS} s"]
        lines = (line.strip() for line in f"{told.stdout}\n{told.stderr}".splitlines())
        return [line.removeprefix("- ") for line in lines if line.startswith(("- ", "Error: "))]

    def offered(self, names: Sequence[str]) -> dict[str, Offer]:
        """Read from ``dnf repoquery`` and what dnf knows already."""
        command = ["dnf", "-q", "-C", "repoquery", "--disableexcludes=kubernetes", "--qf=%{name} %{evr}"]
        versions: dict[str, set[str]] = {}
        for line in run(self.modules, [*command, *names], _QUERY_SECONDS).stdout.splitlines():
            words = line.split()
            if len(words) == 2 and words[0] in names:
                versions.setdefault(words[0], set()).add(words[1].removeprefix("0:"))
        compare = functools.cmp_to_key(self.modules["pkg.version_cmp"])
        ordered = {name: sorted(found, key=compare, reverse=True) for name, found in versions.items()}
        return {name: Offer(found[0], found) for name, found in ordered.items()}


def _version_locks() -> set[str]:
    """Names that dnf's plugin keeps, from lines such as ``kubelet-0:1.36.4-150500.1.1.*``."""
    try:
        text = _VERSION_LOCKS.read_text(encoding="utf-8")
    except OSError:
        return set()
    locks = (re.match(r"([^#!\s].*)-\d+:[^-]+-[^-]+$", line) for line in text.splitlines())
    return {lock[1] for lock in locks if lock}


def _answer(told: Finished, program: str) -> str:
    """What a program printed. No answer is not the answer that nothing is installed."""
    if told.timed_out or told.code in (_NOT_EXECUTABLE, _NOT_FOUND):
        reason = "it did not end" if told.timed_out else "it cannot be run"
        raise HostError(f"{program} does not say what is installed: {reason}. Mend it, then run again.")
    return told.stdout
