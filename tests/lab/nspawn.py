"""The start of a machine by systemd-nspawn, and its first process."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from lab import cgroups
from lab.commands import LabError, wait_for
from lab.disk import Disk
from lab.network import Host
from lab.run_record import Run

_OWN_MOUNTS = ("unshare", "--mount", "--propagation", "slave", "--")

# nspawn empties its directory in /run, and refuses to where /run is no file system in memory.
# The groups are joined by the shell itself, so that nothing of the machine is ever outside of them.
_START = """
set -e
mkdir -p /run/systemd/nspawn
mount -t tmpfs lab /run/systemd/nspawn
for procs in $LAB_CGROUP_FILES; do echo $$ > "$procs"; done
exec "$@"
"""

_ENVIRONMENT = {
    # runc writes below /proc/sys, the kubelet below /sys.
    "SYSTEMD_NSPAWN_API_VFS_WRITABLE": "1",
    # The lock's file would outlive a killed run, and nobody else starts from this directory.
    "SYSTEMD_NSPAWN_LOCK": "0",
}
_FIRST_PROCESS_LIMIT_SECONDS = 10.0


def boot(
    run: Run, host: Host, disk: Disk, binds: Mapping[Path, str], console: Path
) -> subprocess.Popen[bytes]:
    """Switch the machine on; the process of systemd-nspawn, which lives as long as the machine.

    `binds`: where on the machine each of our files or directories is seen, read-only. What the machine writes to
    its console is appended to `console`.
    """
    group = host.namespace
    run.record("cgroup", group)
    files = cgroups.make(group)
    command = [
        "systemd-nspawn",
        "--quiet",
        f"--directory={disk.root}",
        f"--machine={group}",
        f"--hostname={host.name}",
        f"--network-namespace-path={host.namespace_path}",
        # This machine's systemd, if it runs one, must not know of the guests.
        "--register=no",
        "--keep-unit",
        "--link-journal=no",
        "--resolv-conf=off",
        "--timezone=off",
        "--capability=all",
        "--system-call-filter=@keyring bpf add_key keyctl",
        # The kubelet wants to read it.
        "--bind=/dev/kmsg",
        *(f"--bind={directory}:{inside}" for inside, directory in disk.volumes.items()),
        *(f"--bind-ro={source}:{inside}" for source, inside in binds.items()),
        "--console=pipe",
        "--boot",
        "systemd.unit=multi-user.target",
    ]
    environment = {**_ENVIRONMENT, "LAB_CGROUP_FILES": " ".join(str(path) for path in files)}
    return run.spawn([*_OWN_MOUNTS, "sh", "-c", _START, "lab", *command], console, environment)


def first_process(process: subprocess.Popen[bytes], console: Path) -> int:
    """The number, for us, of the machine's process 1. LabError with the console's end when it does not come."""

    def found() -> int | None:
        if process.poll() is not None:
            raise LabError(f"systemd-nspawn exits with {process.returncode}: {_end_of(console)}")
        return next((pid for pid in _children(process.pid) if _is_first(pid)), None)

    pid = wait_for(found, _FIRST_PROCESS_LIMIT_SECONDS, "the first process of a machine is there")
    if pid is None:
        raise AssertionError("wait_for returns true values only")
    return pid


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _is_first(pid: int) -> bool:
    """Whether it is process 1 of its namespace and is systemd already."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        program = Path(os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0])).name
    except OSError:
        return False
    numbers = next((line.split()[1:] for line in status.splitlines() if line.startswith("NSpid:")), [])
    return len(numbers) > 1 and numbers[-1] == "1" and program in ("systemd", "init")


def _end_of(console: Path) -> str:
    lines = console.read_text(errors="replace").splitlines()[-5:] if console.is_file() else []
    return " | ".join(lines) or "it said nothing"
