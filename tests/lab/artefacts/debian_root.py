"""Installs Debian into a directory and takes away what makes it one certain host."""

from __future__ import annotations

import shlex
from pathlib import Path

from lab.artefacts import chroot, debian_archive
from lab.artefacts.chroot import Root
from lab.artefacts.command import located

SUITE = "bookworm"
"""The release of Debian."""

_LIMIT_SECONDS = 1800

_PACKAGES = (
    *("systemd", "systemd-sysv", "dbus", "kmod", "procps", "util-linux"),
    *("iproute2", "iputils-ping", "ethtool", "socat", "curl", "nftables", "iptables", "conntrack"),
    *("haproxy", "keepalived", "chrony", "runc"),
    *("ca-certificates", "gnupg", "python3", "python3-venv"),
)
"""What is installed beyond Debian's smallest system."""

_DISABLED = (
    *("haproxy.service", "keepalived.service", "chrony.service", "e2scrub_reap.service"),
    *("apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer"),
    *("e2scrub_all.timer", "fstrim.timer"),
)
"""What Debian starts at boot, and a host that nobody has set up does not."""


def make(root: Path) -> None:
    """Install into the new directory `root`. Raises NotRun when no archive of Debian answers."""
    archive = debian_archive.address(SUITE)
    purpose = f"Debian is not installed into the root image from {archive}"
    command = [located("debootstrap")["debootstrap"], "--variant=minbase", SUITE, root, archive]
    chroot.isolated(
        [f"exec {shlex.join(str(argument) for argument in command)}"],
        purpose=purpose,
        limit_seconds=_LIMIT_SECONDS,
    )
    _install_packages(root, purpose)
    _settle(root)


def _install_packages(root: Path, purpose: str) -> None:
    policy = root / "usr/sbin/policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
    policy.chmod(0o755)
    commands = f"""\
apt-get -q update
apt-get -q install -y --no-install-recommends {" ".join(_PACKAGES)}
apt-get clean
systemctl disable {" ".join(_DISABLED)}
passwd --delete root
"""
    chroot.run_inside(Root(root), commands, purpose=purpose, limit_seconds=_LIMIT_SECONDS)
    policy.unlink()


def _settle(root: Path) -> None:
    """Take away what makes this a copy of this machine, or one certain host."""
    for emptied in ("etc/apt/sources.list", "etc/machine-id", "etc/resolv.conf"):
        (root / emptied).write_text("", encoding="ascii")
        (root / emptied).chmod(0o644)
    (root / "etc/hosts").write_text("127.0.0.1 localhost\n::1 localhost\n", encoding="ascii")
    (root / "etc/hostname").unlink(missing_ok=True)
    for folder in ("var/lib/apt/lists", "var/cache/apt"):
        for path in (root / folder).rglob("*"):
            if path.is_file() and path.name != "lock":
                path.unlink()
