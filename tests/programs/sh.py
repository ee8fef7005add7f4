"""The real `sh -n`, and shellcheck where it is installed."""

from __future__ import annotations

import shutil
from pathlib import Path

from programs.verdict import Verdict, run


def check(file: Path) -> Verdict:
    """Check the syntax of a shell script, and have shellcheck look for mistakes when there is one."""
    first_line = file.read_text(encoding="utf-8").partition("\n")[0]
    if not first_line.startswith("#!"):
        return Verdict(False, f"{file} does not say which interpreter runs it: its first line is no #!")
    shell = "bash" if "bash" in first_line else "sh"
    finished = [run([shell, "-n", file])]
    if shellcheck := shutil.which("shellcheck"):
        finished.append(run([shellcheck, f"--shell={shell}", "--severity=warning", file]))
    return Verdict(
        all(done.code == 0 for done in finished), f"{file}\n{''.join(done.said for done in finished)}"
    )
