"""Processes of this host, by their program."""

from __future__ import annotations

import os
import signal
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


def send(host: Host, program: str, number: signal.Signals) -> None:
    """Send a signal to every process of a program."""
    if host.is_live:
        for pid, _ in command_lines(host, program):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
