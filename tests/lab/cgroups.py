"""Control groups of a machine: one top-level group in each hierarchy, version 1 and 2 alike.

A machine is started inside its groups and gets a cgroup namespace below them. So its own `/` in each
hierarchy is this group: kubelets on one kernel do not see each other's pods, and the groups of a dead machine
go by name.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from lab.commands import LabError, wait_for

_INHERITED = ("cpuset.cpus", "cpuset.mems")
_VERSION_2_CONTROLLERS = "cgroup.subtree_control"
# A group that ends between its listing and its reading: no such file, or no such device when it was already open.
_GONE = (errno.ENOENT, errno.ENODEV)


def hierarchies() -> list[Path]:
    """Mount points of this machine's control-group hierarchies."""
    lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    found = []
    for line in lines:
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        # Only whole hierarchies: what stands in another machine's files shows a part of them.
        if after.split(" ")[0] in ("cgroup", "cgroup2") and fields[3] == "/":
            found.append(Path(fields[4]))
    return [path for path in found if path.parts[:4] == ("/", "sys", "fs", "cgroup")]


def make(name: str) -> list[Path]:
    """Make the group `name` in every hierarchy; the `cgroup.procs` files to which a process is written.

    Raises LabError when this machine has no control groups.
    """
    made = []
    for hierarchy in hierarchies():
        group = hierarchy / name
        _delegate_controllers(hierarchy)
        group.mkdir(exist_ok=True)
        _inherit_cpuset(hierarchy, group)
        made.append(group / "cgroup.procs")
    if not made:
        raise LabError(
            "no control-group hierarchy is mounted below /sys/fs/cgroup: mount them, as systemd does"
        )
    return made


def names(beginning: str) -> list[str]:
    """Names of the top-level groups that begin so, each once."""
    return sorted(
        {
            path.name
            for hierarchy in hierarchies()
            for path in hierarchy.iterdir()
            if path.name.startswith(beginning)
        }
    )


def remove(name: str, limit: float = 15.0) -> None:
    """Remove the group `name` with those below it from every hierarchy.

    The kernel needs a moment after the last process has ended; LabError after `limit` seconds.
    """
    for hierarchy in hierarchies():
        group = hierarchy / name
        wait_for(partial(_remove_tree, group), limit, f"the control group {name} can be removed")


def processes(name: str) -> list[int]:
    """Process numbers in the group `name` and below it, of any hierarchy."""
    found: set[int] = set()
    for hierarchy in hierarchies():
        for group in _tree(hierarchy / name):
            try:
                found.update(int(pid) for pid in (group / "cgroup.procs").read_text().split())
            except OSError as err:
                if err.errno not in _GONE:
                    raise
    return sorted(found - {0})


def _remove_tree(group: Path) -> bool:
    for below in _tree(group):
        try:
            below.rmdir()
        except FileNotFoundError:
            continue
        except OSError:
            return False
    return True


def _tree(group: Path) -> Iterator[Path]:
    """The group and those below it, deepest first."""
    for path, _directories, _files in os.walk(group, topdown=False):
        yield Path(path)


def _inherit_cpuset(hierarchy: Path, group: Path) -> None:
    """In version 1 a new group may use no CPU until it is told which."""
    for name in _INHERITED:
        if (hierarchy / name).is_file() and (group / "cgroup.clone_children").is_file():
            (group / name).write_text((hierarchy / name).read_text())
    if (group / "cpuset.cpus").is_file() and (group / "cgroup.clone_children").is_file():
        (group / "cgroup.clone_children").write_text("1")


def _delegate_controllers(hierarchy: Path) -> None:
    """In version 2 a group has the controllers that its parent hands down."""
    if not (hierarchy / _VERSION_2_CONTROLLERS).is_file():
        return
    handed_down = (hierarchy / _VERSION_2_CONTROLLERS).read_text().split()
    for controller in (hierarchy / "cgroup.controllers").read_text().split():
        if controller not in handed_down:
            (hierarchy / _VERSION_2_CONTROLLERS).write_text(f"+{controller}")
