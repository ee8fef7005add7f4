"""Runs commands inside of a root directory, in namespaces of their own: nothing of them stays behind."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.artefacts.command import located, run

_AUTHORITIES = (Path("/etc/ssl/certs/ca-certificates.crt"), Path("/etc/pki/tls/certs/ca-bundle.crt"))
_PASSED_ON = (
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "PIP_EXTRA_INDEX_URL",
    "PIP_INDEX_URL",
    "PIP_TRUSTED_HOST",
)
COPIED = "/tmp"  # noqa: S108  (a file system of the namespace's own)
"""Where `run_inside` puts the files that it is told to copy."""

_AUTHORITIES_INSIDE = f"{COPIED}/certificate-authorities.pem"
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class Root:
    """A root directory, or one that overlayfs makes of `lower` (the uppermost first) and what is written.

    Without `lower`, `directory` is written to. With it, `directory` receives what differs from the lower
    directories: it can be a lower directory itself afterwards.
    """

    directory: Path
    lower: Sequence[Path] = ()


def run_inside(
    root: Root,
    commands: str,
    *,
    purpose: str,
    limit_seconds: float,
    copied: Sequence[Path] = (),
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run shell commands as root in the root directory, with this machine's network and its resolver.

    /proc is mounted and /tmp is empty but for the files `copied` and the certificate authorities that this
    machine trusts. Commands stop at the first one that fails: NotRun, beginning with `purpose`, as after
    `limit_seconds`.
    """
    scratch = root.directory.with_name("overlay")
    point = scratch / "root" if root.lower else root.directory
    authorities = [path for path in _AUTHORITIES if path.is_file()][:1]
    settings = {"PATH": _PATH, "HOME": "/root", "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
    if authorities:
        settings |= {"PIP_CERT": _AUTHORITIES_INSIDE, "SSL_CERT_FILE": _AUTHORITIES_INSIDE}
    settings |= {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    settings |= environment or {}
    inside = [f"{name}={value}" for name, value in settings.items()]
    script = [
        *_overlay(root, scratch, point),
        _shell("mount", "-t", "proc", "proc", point / "proc"),
        _shell("mount", "-t", "tmpfs", "-o", "mode=1777", "tmpfs", point / "tmp"),
        *(_shell("cp", path, point / _AUTHORITIES_INSIDE.lstrip("/")) for path in authorities),
        *(_shell("cp", path, point / "tmp" / path.name) for path in copied),
        _shell("mount", "--bind", "/etc/resolv.conf", point / "etc/resolv.conf"),
        f"exec {_shell('chroot', point, 'env', '-i', *inside, 'sh', '-ec', commands)}",
    ]
    isolated(script, purpose=purpose, limit_seconds=limit_seconds)


def isolated(script: Sequence[str], *, purpose: str, limit_seconds: float) -> None:
    """Run lines of shell in a mount and a process namespace that end with them. Raises NotRun."""
    # Killed with us, and --kill-child takes everything that was started along.
    unshare = ["setpriv", "--pdeathsig", "KILL", str(located("unshare")["unshare"])]
    namespaces = ["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child"]
    run(
        [*unshare, *namespaces, "sh", "-ec", "\n".join(script)],
        purpose=purpose,
        limit_seconds=limit_seconds,
    )


def _overlay(root: Root, scratch: Path, point: Path) -> list[str]:
    if not root.lower:
        return []
    lower = ":".join(str(path) for path in root.lower)
    options = f"lowerdir={lower},upperdir={root.directory},workdir={scratch / 'work'}"
    return [
        _shell("mkdir", "-p", root.directory, scratch / "work", point),
        _shell("mount", "-t", "overlay", "-o", options, "overlay", point),
    ]


def _shell(*arguments: str | Path) -> str:
    return shlex.join(str(argument) for argument in arguments)
