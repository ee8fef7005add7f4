"""What must be right on this host before kubeadm is run, because kubeadm would find it out late, or not name it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from saltext.k8s_ha.utils.host import Host, HostError

# etcd preallocates a log segment of 64 MiB and needs a second one; certificates and manifests need next to nothing.
_ETCD_BYTES = 256 << 20
_OTHER_BYTES = 64 << 20

# Certificates are backdated by five minutes; etcd and leases want far less.
CLOCK_SECONDS = 60.0


def refuse(host: Host, *, etcd_data: str | None, fails_on_swap: bool) -> None:
    """Raise HostError with everything that is wrong.

    :param etcd_data: the directory of etcd's data, where this host becomes a member.
    :param fails_on_swap: whether the kubelet refuses to start while swap is on.
    """
    wrong = [*_missing_programs(host), *full_disks(host, etcd_data)]
    if fails_on_swap and (devices := _swap(host)):
        wrong.append(
            f"swap is on ({', '.join(devices)}), and the kubelet does not start then: swapoff -a, and take it out of "
            "/etc/fstab"
        )
    if wrong:
        raise HostError("; ".join(wrong))


def refuse_clock(own: float, masters: float) -> None:
    """Raise HostError when this host's clock is far from the master's; both in seconds since the epoch."""
    apart = own - masters
    if abs(apart) > CLOCK_SECONDS:
        direction = "ahead of" if apart > 0 else "behind"
        raise HostError(
            f"the clock is {abs(apart):.0f} s {direction} the master's: certificates would not be valid yet, or no "
            "longer. Set the one that is wrong (chronyc makestep)"
        )


def full_disks(
    host: Host, etcd_data: str | None, others: tuple[str, ...] = ("/etc", "/var/lib/kubelet")
) -> Iterator[str]:
    """A sentence for each directory on a file system that is full, or nearly."""
    wanted = dict.fromkeys(others, _OTHER_BYTES)
    if etcd_data:
        wanted[etcd_data] = _ETCD_BYTES
    for directory, least in wanted.items():
        free = _free_bytes(host.path(directory))
        if free < least:
            yield f"{directory} has {free >> 20} MiB free, {least >> 20} MiB are needed: free some"


def _free_bytes(place: Path) -> int:
    while not place.exists():
        place = place.parent
    status = os.statvfs(place)
    return status.f_bavail * status.f_frsize


def _missing_programs(host: Host) -> Iterator[str]:
    for name in ("kubeadm", "kubelet"):
        if host.program(name) is None:
            yield f"{name} is not installed: see the state that installs packages, or install it"


def _swap(host: Host) -> list[str]:
    try:
        lines = host.path("/proc/swaps").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    return [line.split()[0] for line in lines[1:] if line.strip()]
