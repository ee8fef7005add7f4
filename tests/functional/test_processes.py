"""When a process was started, as the kernel tells it."""

import os
import subprocess
import time

import pytest

from functional.needs import installed

installed("saltext.k8s_ha")

from saltext.k8s_ha.utils.host import Host  # noqa: E402 (after the check that it is there)
from saltext.k8s_ha.utils.processes import command_lines, started  # noqa: E402


def test_a_process_tells_its_start_and_one_that_has_ended_nothing() -> None:
    began = time.time()
    with subprocess.Popen(["sleep", "600"]) as process:
        assert started(Host(), process.pid) == pytest.approx(began, abs=1.0)
        assert (process.pid, ["600", ""]) in list(command_lines(Host(), "sleep"))
        process.kill()
    assert started(Host(), process.pid) is None
    assert (started(Host(), os.getpid()) or 0) < began
