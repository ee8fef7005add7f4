"""Network namespaces for programs that ask the kernel about interfaces, addresses or rules."""

from __future__ import annotations

import functools
import os
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from programs.verdict import Finished, NotRun, locate, run


def run_isolated(
    arguments: Sequence[str | Path],
    *,
    interfaces: Mapping[str, Sequence[str]] | None = None,
    limit_seconds: float = 60,
) -> Finished:
    """Run a program in an empty network namespace that ends with it.

    `interfaces` maps the names of interfaces to make there to their addresses in CIDR form. Raises NotRun
    where namespaces are not allowed.
    """
    program = shlex.join(str(argument) for argument in arguments)
    steps = [*_interface_steps(interfaces or {}), f"exec {program}"]
    return run([*_unshare(), "sh", "-ec", "\n".join(steps)], limit_seconds=limit_seconds)


def _interface_steps(interfaces: Mapping[str, Sequence[str]]) -> list[str]:
    """Shell lines that make each interface: a bridge, which every kernel has and which needs no peer."""
    if not interfaces:
        return []
    ip = shlex.quote(str(locate("ip")))
    steps = [f"{ip} link set lo up"]
    for name, addresses in interfaces.items():
        steps.append(f"{ip} link add {shlex.quote(name)} type bridge")
        steps.extend(
            f"{ip} address add {shlex.quote(address)} dev {shlex.quote(name)}" for address in addresses
        )
        steps.append(f"{ip} link set {shlex.quote(name)} up")
    return steps


@functools.cache
def _unshare() -> tuple[str, ...]:
    program = str(locate("unshare"))
    prefix = (program, "--net") if os.geteuid() == 0 else (program, "--map-root-user", "--net")
    attempt = run([*prefix, "true"])
    if attempt.code != 0:
        raise NotRun(
            f"a network namespace cannot be made here ({attempt.stderr.strip()}); "
            "to make it run: sysctl -w kernel.unprivileged_userns_clone=1, or test as root with CAP_SYS_ADMIN"
        )
    return prefix
