"""Finds and removes everything that carries the id of one run: processes, mounts, namespaces, control groups."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from lab import cgroups
from lab.commands import LabError, must, run, wait_for
from lab.processes import Identity, end, every_pid, has_root_above, identity, in_cgroup

NAMESPACES = Path("/run/netns")
"""Where `ip netns` keeps the named network namespaces."""

_LIMIT_SECONDS = 15.0


def prefix(run_id: str) -> str:
    """What the names of a run's namespaces, machines and control groups begin with."""
    return f"khl{run_id}-"


def remove(directory: Path, recorded: Iterable[Identity] = ()) -> None:
    """End and remove all that belongs to the run whose folder is `directory`, then the folder.

    `recorded`: processes that the run wrote down. LabError when something is still there afterwards.
    """
    names = prefix(directory.name)
    end({*(one for one in recorded if one.is_alive()), *_processes(directory, names)}, _LIMIT_SECONDS)
    _unmount(directory)
    for name in namespaces(names):
        must(["ip", "netns", "del", name])
    for name in cgroups.names(names):
        cgroups.remove(name, _LIMIT_SECONDS)
    if found := list(remaining(directory)):
        raise LabError(f"the run {directory.name} is not wholly removed: {'; '.join(found)}")
    shutil.rmtree(directory, ignore_errors=True)


def remaining(directory: Path) -> Iterator[str]:
    """What is left of the run whose folder is `directory`, the folder aside: a few words for each thing."""
    names = prefix(directory.name)
    yield from (f"process {one.pid} ({' '.join(one.command[:3])})" for one in _processes(directory, names))
    yield from (f"mount {path}" for path in mounts(directory))
    yield from (f"namespace {name}" for name in namespaces(names))
    yield from (f"control group {name}" for name in cgroups.names(names))


def namespaces(names: str) -> list[str]:
    """Names of the network namespaces that begin with `names`."""
    if not NAMESPACES.is_dir():
        return []
    return sorted(path.name for path in NAMESPACES.iterdir() if path.name.startswith(names))


def mounts(directory: Path) -> list[Path]:
    """Mount points at or below `directory`, in the order in which they were mounted."""
    lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    points = [Path(line.split(" ")[4]) for line in lines]
    return [point for point in points if point == directory or directory in point.parents]


def processes_in(namespace: str) -> list[Identity]:
    """The processes whose network namespace is the one of this name."""
    listed = run(["ip", "netns", "pids", namespace]).stdout.split()
    return [found for pid in listed if (found := identity(int(pid)))]


def _processes(directory: Path, names: str) -> set[Identity]:
    """In the run's namespaces, in its control groups, with a root on its disks, or starting such a machine."""
    found = {one for name in namespaces(names) for one in processes_in(name)}
    groups = cgroups.names(names)
    for pid in every_pid():
        if (
            has_root_above(pid, directory)
            or any(in_cgroup(pid, group) for group in groups)
            or _starts_machine(pid, directory)
        ) and (one := identity(pid)):
            found.add(one)
    return {one for one in found if one.pid != os.getpid()}


def _starts_machine(pid: int, directory: Path) -> bool:
    """Such a process may not have reached its control groups yet."""
    one = identity(pid)
    return one is not None and any(word.startswith(f"--directory={directory}/") for word in one.command)


def empty(directory: Path) -> None:
    """Delete all that is in a directory, not itself."""
    for entry in directory.iterdir() if directory.is_dir() else ():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)


def _unmount(directory: Path) -> None:
    """Unmount all below the directory, the last one first."""
    for point in reversed(mounts(directory)):
        if _is_in_memory(point):
            # Memory is given back now, even if another mount namespace has a copy of this mount.
            empty(point)
        wait_for(partial(_is_unmounted, point), _LIMIT_SECONDS, f"unmounting {point}")


def _is_in_memory(point: Path) -> bool:
    return must(["findmnt", "-n", "-o", "FSTYPE", "--mountpoint", str(point)]).split()[-1] == "tmpfs"


def _is_unmounted(point: Path) -> bool:
    return run(["umount", str(point)]).ok or point not in mounts(point)
