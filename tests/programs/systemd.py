"""`systemd-analyze verify` of the real systemd, for every unit and drop-in among a node's files."""

from __future__ import annotations

import os
import re
from pathlib import Path

from programs.stage import Stage, staged
from programs.verdict import Verdict, locate, run

_UNITS = "/etc/systemd/system"
_KINDS = {".service", ".socket", ".timer", ".path", ".mount", ".target", ".slice"}
_COMMAND = re.compile(r"^(Exec\w+\s*=\s*[-@:+!]*)([\w/]\S+)", re.MULTILINE)


def check(root: Path) -> Verdict:
    """Verify the units and drop-ins below /etc/systemd/system of the node's files; any message refuses.

    A program that a unit starts must be executable if it is one of the node's files; one that the node gets
    from a package is stood in for. A drop-in for a unit that is not installed here is verified on a minimal
    unit.
    """
    with staged(root) as stage:
        units = stage.path(_UNITS)
        files = [path for path in sorted(units.rglob("*")) if path.is_file() and not path.is_symlink()]
        if not files:
            return Verdict(False, f"{root} has nothing below {_UNITS}")
        for path in files:
            _redirect_commands(stage, f"{_UNITS}/{path.relative_to(units)}")
        names = sorted({_unit_of(path.relative_to(units)) for path in files} - {""})
        for name in names:
            _provide_base(stage, name)
        search = {"SYSTEMD_UNIT_PATH": f"{units}:"}
        verify: list[str | Path] = [
            locate("systemd-analyze"),
            "verify",
            "--man=no",
            "--recursive-errors=no",
            *names,
        ]
        done = run(verify, environment=search)
    return Verdict(done.code == 0, f"{', '.join(names)}: exit {done.code}\n{done.said}")


def _unit_of(relative: Path) -> str:
    """The unit that a file below the unit directory defines or extends; empty when it is neither."""
    if len(relative.parts) == 1 and relative.suffix in _KINDS:
        return relative.name
    folder = relative.parts[0]
    return folder.removesuffix(".d") if folder.endswith(".d") and relative.suffix == ".conf" else ""


def _redirect_commands(stage: Stage, on_node: str) -> None:
    def redirected(match: re.Match[str]) -> str:
        # A name alone is looked for where systemd looks for it.
        program = str(Path("/usr/bin") / match.group(2))
        if not stage.holds(program):
            if os.access(program, os.X_OK):
                return match.group()
            stage.provide(program, "#!/bin/sh\n", mode=0o755)
        return match.group(1) + str(stage.path(program))

    stage.edit(on_node, lambda text: _COMMAND.sub(redirected, text))


def _provide_base(stage: Stage, name: str) -> None:
    installed = any(
        (Path(folder) / name).exists() for folder in ("/etc/systemd/system", "/lib/systemd/system")
    )
    if not installed and name.endswith(".service"):
        stage.provide(f"{_UNITS}/{name}", "[Unit]\nDescription=stands in\n[Service]\nExecStart=/bin/true\n")
