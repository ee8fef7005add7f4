"""A host with a real apt and dpkg, on which nothing is installed, and a signed repository on its loopback.

It is an overlay of this machine's root in namespaces of its own: nothing of this machine changes, and all of
it is gone when the process that keeps the namespaces ends.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from functional.minion import Answer, Minion

SECONDS = 240
PORT = 8080
URL = f"http://127.0.0.1:{PORT}"
_PROGRAMS = ("apt-get", "dpkg-deb", "gpg", "ip", "nsenter", "unshare")
# Programs of this machine that would be taken for ones that somebody put on the host by hand.
_HIDDEN = ("containerd", "ctr", "kubeadm", "kubectl", "kubelet")

_KEEPER = """
mount -t tmpfs tmpfs "$1/over"
mkdir "$1/over/upper" "$1/over/work" "$1/over/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/over/upper,workdir=$1/over/work" "$1/over/root"
root="$1/over/root"
mkdir -p "$root$1"
mount --bind "$1" "$root$1"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
for path in /etc/apt /var/lib/apt /var/cache/apt /var/lib/dpkg; do mount --bind "$1/host$path" "$root$path"; done
for program in $2; do rm -f "$root/usr/bin/$program" "$root/usr/local/bin/$program" "$root/usr/sbin/$program"; done
rm -rf "$root/etc/haproxy" "$root/var/lib/k8s-ha"
ip link set lo up
echo ready
exec cat
"""

CONTROL = """Package: {name}
Version: {version}
Architecture: all
Maintainer: nobody <nobody@example.com>
Description: for a test
"""


def possible() -> None:
    """Skip where such a host cannot be made."""
    absent = [program for program in _PROGRAMS if shutil.which(program) is None]
    if os.geteuid() != 0 or absent:
        pytest.skip(f"this needs root and {', '.join(absent) or 'a Debian host'}")


@dataclass
class Repository:
    """A flat, signed repository of packages that hold next to nothing, below `folder`."""

    folder: Path
    packages: Iterable[tuple[str, str]]
    conffiles: dict[str, str] = field(default_factory=dict)
    """Package name to the path of a configuration file that it brings."""

    def make(self, gnupg: Path) -> None:
        """Build and sign it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        index = "\n".join(self._package(name, version) for name, version in self.packages)
        (self.folder / "Packages").write_text(index)
        (self.folder / "Packages.gz").write_bytes(gzip.compress(index.encode()))
        sums = [
            f" {hashlib.sha256(data).hexdigest()} {len(data)} {name}"
            for name in ("Packages", "Packages.gz")
            for data in [(self.folder / name).read_bytes()]
        ]
        now = time.strftime("%a, %d %b %Y %H:%M:%S UTC", time.gmtime())
        release = "\n".join(["Origin: test", f"Date: {now}", "SHA256:", *sums, ""])
        signed = _gpg(gnupg, ["--clearsign"], release.encode())
        (self.folder / "InRelease").write_bytes(signed)

    def _package(self, name: str, version: str) -> str:
        tree = self.folder / "build" / name
        shutil.rmtree(tree, ignore_errors=True)
        (tree / "DEBIAN").mkdir(parents=True)
        control = CONTROL.format(name=name, version=version)
        (tree / "DEBIAN/control").write_text(control)
        if name in self.conffiles:
            path = tree / self.conffiles[name].lstrip("/")
            path.parent.mkdir(parents=True)
            path.write_text("of the package\n")
            (tree / "DEBIAN/conffiles").write_text(f"{self.conffiles[name]}\n")
        file = self.folder / f"{name}_{version}_all.deb"
        subprocess.run(
            ["dpkg-deb", "--build", "--root-owner-group", "-Znone", tree, file],
            check=True,
            capture_output=True,
        )
        data = file.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        return f"{control}Filename: ./{file.name}\nSize: {len(data)}\nSHA256: {digest}\n"


def make_key(gnupg: Path) -> str:
    """A key to sign with, in a keyring of its own; the armoured public key."""
    gnupg.mkdir(mode=0o700)
    _gpg(
        gnupg, ["--passphrase", "", "--quick-generate-key", "test <test@example.com>", "ed25519", "sign", "0"]
    )
    return _gpg(gnupg, ["--armor", "--export"]).decode()


def end_agent(gnupg: Path) -> None:
    """End the agent that gpg has started for its keyring."""
    subprocess.run(["gpgconf", "--homedir", gnupg, "--kill", "all"], check=False, timeout=20)


def _gpg(home: Path, arguments: list[str], text: bytes = b"") -> bytes:
    command = ["gpg", "--homedir", home, "--batch", "--pinentry-mode", "loopback", *arguments]
    return subprocess.run(command, input=text, check=True, capture_output=True, timeout=60).stdout


class AptHost(Minion):
    """A minion in an overlay of this machine's root. To be used as a context."""

    def __enter__(self) -> AptHost:
        host = self.directory / "host"
        for path in ("etc/apt/sources.list.d", "var/lib/apt/lists/partial", "var/cache/apt/archives/partial"):
            (host / path).mkdir(parents=True)
        for path in ("info", "updates", "triggers", "parts"):
            (host / "var/lib/dpkg" / path).mkdir(parents=True)
        for path in ("status", "available"):
            (host / "var/lib/dpkg" / path).touch()
        for path in ("over", "served"):
            (self.directory / path).mkdir()
        script = ["sh", "-euc", _KEEPER, "sh", str(self.directory), " ".join(_HIDDEN)]
        self._keeper = subprocess.Popen(
            [
                *("unshare", "--mount", "--net", "--pid", "--fork", "--kill-child"),
                *("--propagation", "private", *script),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._keeper.stdout is not None
        if self._keeper.stdout.readline() != "ready\n":
            self._end()
            pytest.skip("an overlay in namespaces of its own cannot be made here")
        command = [sys.executable, "-m", "http.server", str(PORT), "--bind", "127.0.0.1"]
        self._server = subprocess.Popen(
            [*self._inside(), *command, "--directory", str(self.directory / "served")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        probe = f"import socket; socket.create_connection(('127.0.0.1', {PORT}), 1)"
        deadline = time.monotonic() + 20
        while self.run(sys.executable, "-c", probe).returncode != 0:
            assert time.monotonic() < deadline, "the web server does not answer"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.kill()
        self._server.wait()
        self._end()

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a program on the host."""
        return subprocess.run(
            [*self._inside(), *command], capture_output=True, text=True, timeout=SECONDS, check=False
        )

    def call(self, *arguments: str) -> Answer:
        """Run a function of Salt on the host."""
        program = Path(sys.executable).with_name("salt-call")
        options = ["-c", str(self.directory / "conf"), "--local", "--retcode-passthrough", "--out", "json"]
        done = self.run(sys.executable, str(program), *options, *arguments)
        try:
            value: Any = json.loads(done.stdout)["local"]
        except (ValueError, KeyError, TypeError):
            value = None
        return Answer(done.returncode, value, done.stdout + done.stderr)

    def packages(self) -> dict[str, str]:
        """Installed packages: name to version and state of dpkg, such as `1.36.4-1.1 hi`."""
        told = self.run("dpkg-query", "-W", "-f", "${Package} ${Version} ${db:Status-Abbrev}\n").stdout
        return {line.split()[0]: " ".join(line.split()[1:]) for line in told.splitlines()}

    def _inside(self) -> list[str]:
        # The first process of the namespaces: whatever is left of a test ends with it.
        pid = Path(f"/proc/{self._keeper.pid}/task/{self._keeper.pid}/children").read_text().split()[0]
        root = str(self.directory / "over/root")
        return ["nsenter", "--target", pid, "--mount", "--net", "--pid", "chroot", root]

    def _end(self) -> None:
        assert self._keeper.stdin is not None
        self._keeper.stdin.close()
        self._keeper.wait(timeout=20)
