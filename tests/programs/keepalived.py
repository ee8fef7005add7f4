"""`keepalived -t` of the real keepalived, in a network namespace that has the node's interfaces."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

from programs.isolation import run_isolated
from programs.stage import Stage, staged
from programs.verdict import Finished, Verdict, locate

_INTERFACE = re.compile(r"^\s*interface\s+(\S+)|\bdev\s+(\S+)", re.MULTILINE)
_SOURCE = re.compile(r"^\s*unicast_src_ip\s+(\S+)", re.MULTILINE)
_SCRIPT = re.compile(r"^\s*script\s+(?:\"([^\"]+)\"|(\S+))", re.MULTILINE)
_INSECURE = re.compile(r"Disabling track script \S+ due to insecure")
_EXIT_CONFIGURATION = 5
_SCRIPT_USER = re.compile(r"^(\s*)(script_user|user)[ \t].*$", re.MULTILINE)


def check(root: Path, file: str = "/etc/keepalived/keepalived.conf") -> Verdict:
    """Check the configuration `file` among the node's files below `root`.

    Accepted means exit code 0 and not one message: some faults are only messages. What `keepalived -t` lets
    pass is looked at here: an absent file, a check script that is not executable. Scripts run as root in the
    checked copy, because 2.2.7 ends itself by SIGTERM when it tests a configuration with another script user.
    """
    with staged(root) as stage:
        if not stage.holds(file):
            return Verdict(False, f"{root} has no {file}, and keepalived -t accepts that")
        text = stage.path(file).read_text(encoding="utf-8")
        if fault := _script_fault(stage, text):
            return Verdict(False, f"{file}: {fault}")
        stage.edit(file, lambda content: _SCRIPT_USER.sub(r"\1\2 root", content))
        configuration = stage.redirect(file)
        done = run_isolated([locate("keepalived"), "-t", "-f", configuration], interfaces=_interfaces(text))
    return Verdict(_is_clean(done), f"{file}: exit {done.code}\n{done.said}")


def _is_clean(done: Finished) -> bool:
    if os.geteuid() == 0:
        return done.code == 0 and not done.stderr.strip()
    # In a user namespace the machine's own root is nobody, so that every script lies below a directory that
    # keepalived distrusts; the script's own mode was looked at before.
    messages = [line for line in done.stderr.splitlines() if line and not _INSECURE.fullmatch(line)]
    return done.code in (0, _EXIT_CONFIGURATION) and not messages and (done.code == 0 or bool(done.stderr))


def _interfaces(text: str) -> dict[str, list[str]]:
    """The interfaces that the configuration names; the first one gets the node's own address."""
    names = dict.fromkeys(first or second for first, second in _INTERFACE.findall(text))
    interfaces: dict[str, list[str]] = {name: [] for name in names if name != "lo"}
    for addresses in list(interfaces.values())[:1]:
        addresses.extend(
            f"{address}/{128 if ':' in address else 32}" for address in _SOURCE.findall(text)[:1]
        )
    return interfaces


def _script_fault(stage: Stage, text: str) -> str | None:
    """What is wrong with the mode of the first such check script among the node's files."""
    for quoted, bare in _SCRIPT.findall(text):
        program = shlex.split(quoted or bare)[0]
        mode = stage.path(program).stat().st_mode if stage.holds(program) else 0o755
        if not mode & 0o111:
            return f"the script {program} is not executable, and keepalived -t accepts that"
        if mode & 0o022:
            return f"the script {program} is writable by others than its owner, and would be disabled"
    return None
