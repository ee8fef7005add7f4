"""`containerd config dump` of the real containerd, compared with what the file means."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from programs.stage import staged
from programs.verdict import Verdict, locate, run

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_PROGRAMS = {1: "containerd", 2: "containerd-2.2"}
_RUNTIMES = {
    1: ("plugins", "io.containerd.grpc.v1.cri", "containerd", "runtimes"),
    2: ("plugins", "io.containerd.cri.v1.runtime", "containerd", "runtimes"),
}
_SANDBOX_IMAGE = {
    1: ("plugins", "io.containerd.grpc.v1.cri", "sandbox_image"),
    2: ("plugins", "io.containerd.cri.v1.images", "pinned_images", "sandbox"),
}
_RESOLVED = "imports"
"""The one key whose value the program replaces by what it found."""

KeyPath = tuple[str, ...]
Table = Mapping[str, Any]


def check(root: Path, major: int, file: str = "/etc/containerd/config.toml") -> Verdict:
    """Check the configuration `file` with containerd 1.x (Debian's) or 2.x (built), given as `major` 1 or 2.

    containerd accepts almost anything and ignores what it does not know, in 1.x even a whole file of the
    newer version. So every value of the file must stand in the effective configuration, and the options of a
    runtime, which are passed through unread, must be options that the program itself lists for runc. The file
    itself must further say `SystemdCgroup = true` for runc and name the sandbox image: both defaults are not
    what kubeadm wants.
    """
    with staged(root) as stage:
        if not stage.holds(file):
            return Verdict(False, f"{root} has no {file}, and containerd accepts that")
        configuration = stage.redirect(file)
        program = locate(_PROGRAMS[major])
        done = run([program, "--config", configuration, "config", "dump"])
        if done.code != 0:
            return Verdict(False, f"{file}: exit {done.code}\n{done.said}")
        meant = tomllib.loads(configuration.read_text(encoding="utf-8"))
    effective = tomllib.loads(done.stdout)
    default = tomllib.loads(run([program, "config", "default"]).stdout)
    faults = [
        *_differences(meant, effective),
        *_unknown_options(meant, default, major),
        *_unset(meant, major),
    ]
    if re.search(r"unknown key|deprecat", done.stderr, re.IGNORECASE):
        faults.append("containerd warned about a key")
    return Verdict(
        not faults, f"{file}: exit {done.code}\n{done.stderr}" + "".join(f"{fault}\n" for fault in faults)
    )


def sandbox_image(configuration: Table, major: int) -> str | None:
    """The sandbox (pause) image of a configuration, rendered or effective."""
    image = _at(configuration, _SANDBOX_IMAGE[major])
    return image if isinstance(image, str) else None


def effective_configuration(root: Path, major: int, file: str = "/etc/containerd/config.toml") -> Table:
    """What `containerd config dump` prints for the file. Raises ValueError when containerd refuses it."""
    with staged(root) as stage:
        done = run([locate(_PROGRAMS[major]), "--config", stage.redirect(file), "config", "dump"])
    if done.code != 0:
        raise ValueError(done.stderr)
    return tomllib.loads(done.stdout)


def _differences(meant: Table, effective: Table) -> Iterator[str]:
    for path, value in _leaves(meant):
        found = _at(effective, path)
        if path != (_RESOLVED,) and found != value:
            yield f"{_written(path)} is meant to be {value!r}, but is {found!r} in effect"


def _unknown_options(meant: Table, default: Table, major: int) -> Iterator[str]:
    runtimes = _RUNTIMES[major]
    known = _at(default, (*runtimes, "runc", "options")) or {}
    for name, runtime in (_at(meant, runtimes) or {}).items():
        for option in runtime.get("options", {}):
            if option not in known:
                path = _written((*runtimes, name, "options", option))
                yield f"{path} is no option that containerd lists for runc"


def _unset(meant: Table, major: int) -> Iterator[str]:
    cgroup = (*_RUNTIMES[major], "runc", "options", "SystemdCgroup")
    if _at(meant, cgroup) is not True:
        yield f"{_written(cgroup)} is not true"
    if not sandbox_image(meant, major):
        yield f"{_written(_SANDBOX_IMAGE[major])} is not set"


def _leaves(table: Table, above: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*above, key))
        else:
            yield (*above, key), value


def _at(table: Table, path: KeyPath) -> Any:
    """The value at `path`, or None."""
    found: Any = table
    for key in path:
        if not isinstance(found, dict) or key not in found:
            return None
        found = found[key]
    return found


def _written(path: KeyPath) -> str:
    return ".".join(f'"{key}"' if "." in key else key for key in path)
