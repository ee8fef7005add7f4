"""Runs a program that ends in time, whatever it has started.

Salt's own limit ends the program alone, and then waits for as long as a process that it has left behind
holds its output.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_KILL_SECONDS = 10
# What timeout(1) ends with. Where the program did not end at the first signal, the second one kills timeout(1) as well:
# that is -SIGKILL, or 128 + SIGKILL through a shell.
_TIMED_OUT = (124, 137, -9)


@dataclass(frozen=True)
class Finished:
    """What became of a program."""

    code: int
    stdout: str
    stderr: str

    @property
    def timed_out(self) -> bool:
        """Whether it was ended because its time was over."""
        return self.code in _TIMED_OUT

    @property
    def said(self) -> str:
        """All that it printed, errors first."""
        return f"{self.stderr}\n{self.stdout}".strip()


def run(
    modules: Mapping[str, Any], command: Sequence[str], seconds: float, kill_seconds: float = _KILL_SECONDS
) -> Finished:
    """Run a program, and end it with all that it has started after `seconds`.

    A program that is not there has the code 127.

    :param modules: Salt's ``__salt__``.
    :param kill_seconds: how long it may take to end by itself after that.
    """
    answer = modules["cmd.run_all"](
        ["timeout", f"--kill-after={kill_seconds}", str(seconds), *command],
        python_shell=False,
        # Only where timeout(1) itself fails.
        timeout=seconds + 3 * kill_seconds,
        ignore_retcode=True,
        # Whoever asked says what is worth to be said.
        output_loglevel="quiet",
        env={"LC_ALL": "C.UTF-8"},
    )
    return Finished(answer["retcode"], str(answer.get("stdout", "")), str(answer.get("stderr", "")))
