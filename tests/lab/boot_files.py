"""What the lab puts on a blank disk: names, and a unit for what a container lacks to be a host."""

from __future__ import annotations

from collections.abc import Mapping

from lab.disk import Disk
from lab.network import SWITCH_ADDRESS

_SCRIPT = "/usr/local/lib/k8s-ha-lab/host.sh"
_UNIT = "lab-host.service"

_HOST_SCRIPT = """#!/bin/sh
set -eu
# systemd-nspawn leaves these read-only; runc and the kubelet make groups of their own.
for hierarchy in /sys/fs/cgroup/*; do
    mountpoint -q "$hierarchy" && mount -o remount,bind,rw "$hierarchy"
done
# Volumes of pods propagate; a machine that boots from a disk has a shared root too.
mount --make-rshared /
echo 1 > /proc/sys/net/ipv4/ip_forward
"""

_HOST_UNIT = f"""[Unit]
Description=What a container lacks to be a host
DefaultDependencies=no
After=local-fs.target
Before=sysinit.target containerd.service kubelet.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart={_SCRIPT}
"""


def write(disk: Disk, name: str, hosts: Mapping[str, str], routes: Mapping[str, str]) -> None:
    """Prepare a blank disk for its first boot as the machine `name`.

    `hosts`: address by name, for /etc/hosts. `routes`: gateway by network, for pods of other machines.
    """
    disk.write("/etc/hostname", f"{name}\n")
    disk.write("/etc/machine-id", f"{disk.machine_id()}\n")
    lines = ["127.0.0.1 localhost", *(f"{address} {host}" for host, address in hosts.items())]
    disk.write("/etc/hosts", "\n".join(lines) + "\n")
    # Nobody answers there, and says so at once; CoreDNS does not start without a name server.
    disk.write("/etc/resolv.conf", f"nameserver {SWITCH_ADDRESS}\noptions timeout:1 attempts:1\n")
    script = _HOST_SCRIPT + "".join(
        f"ip route replace {network} via {gateway}\n" for network, gateway in routes.items()
    )
    disk.write(_SCRIPT, script, 0o755)
    disk.write(f"/etc/systemd/system/{_UNIT}", _HOST_UNIT)
    disk.link(f"/etc/systemd/system/sysinit.target.wants/{_UNIT}", f"../{_UNIT}")
    _start_nothing_by_itself(disk)


def _start_nothing_by_itself(disk: Disk) -> None:
    """A root that is this very system has its services enabled, and its packages must not start any."""
    disk.path("/usr/sbin/policy-rc.d").unlink(missing_ok=True)
    wanted = disk.path("/etc/systemd/system/multi-user.target.wants")
    for link in wanted.iterdir() if wanted.is_dir() else ():
        link.unlink()
