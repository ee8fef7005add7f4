"""When a process was started, as the kernel tells it."""

import os
import subprocess
import time

from functional.needs import installed

installed("saltext.k8s_ha")

from saltext.k8s_ha.utils.host import Host  # noqa: E402 (after the check that it is there)
from saltext.k8s_ha.utils.processes import command_lines, started  # noqa: E402

# A clock tick, and what the kernel rounds.
_SLACK_SECONDS = 0.1


def test_a_process_tells_its_start_and_one_that_has_ended_nothing() -> None:
    began = time.time()
    process = subprocess.Popen(["sleep", "600"])
    try:
        told, lines = started(Host(), process.pid), list(command_lines(Host(), "sleep"))
    finally:
        process.kill()
        process.wait()
    assert told is not None and began - _SLACK_SECONDS <= told <= time.time()
    assert (process.pid, ["600", ""]) in lines
    assert started(Host(), process.pid) is None
    assert (started(Host(), os.getpid()) or began) < began
