"""Processes of this host, by their program."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress

from saltext.k8s_ha.utils.host import Host


def command_lines(host: Host, program: str) -> Iterator[tuple[int, list[str]]]:
    """Each process of a program (the file name of what it runs), with its arguments; those in containers too."""
    for place in host.path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (place / "cmdline").read_bytes().decode(errors="replace").split("\0")
            if words[0].rpartition("/")[2] == program:
                yield int(place.name), words[1:]


def started(host: Host, pid: int) -> float | None:
    """When a process was started, in seconds since the epoch; None where it has ended.

    Source: proc(5), field 22 of ``/proc/<pid>/stat``, in clock ticks since the boot.
    """
    try:
        text = (host.path("/proc") / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
        # The name in brackets may hold anything.
        ticks = int(text.rpartition(")")[2].split()[19])
    except (OSError, ValueError, IndexError):
        return None
    return time.time() - time.clock_gettime(time.CLOCK_BOOTTIME) + ticks / os.sysconf("SC_CLK_TCK")


def send(host: Host, program: str, number: signal.Signals) -> None:
    """Send a signal to every process of a program."""
    if host.is_live:
        for pid, _ in command_lines(host, program):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
