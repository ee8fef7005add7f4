"""A report, and what the crate `k8s-ha-report` writes of it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from command import ROOT
from report.browser import Page

_LIMIT_SECONDS = 600


class Made:
    """A report, and what was written of it."""

    def __init__(self, folder: Path, report: dict[str, Any]) -> None:
        self.report = report
        self._folder = folder

    def output(self, kind: str) -> Path:
        """The file with the report as `html`, `svg` or `mermaid`."""
        file = self._folder / f"report.{kind}"
        if not file.exists():
            cargo = shutil.which("cargo")
            assert cargo is not None, "cargo is not on PATH; install Rust to run the tests of the report"
            done = subprocess.run(
                [cargo, "run", "--quiet", "--package", "k8s-ha-report", "--example", "sample", "--", kind],
                cwd=ROOT,
                input=json.dumps(self.report),
                capture_output=True,
                encoding="utf-8",
                timeout=_LIMIT_SECONDS,
            )
            assert done.returncode == 0, done.stderr
            file.write_text(done.stdout, encoding="utf-8")
        return file

    def element(self, name: str) -> int:
        """The index of the element of this name."""
        (found,) = (index for index, element in enumerate(self.report["elements"]) if element["name"] == name)
        return found

    def answer(self, *names: str) -> dict[str, Any] | None:
        """What the report says about these failures; None where it was not asked."""
        losses = self.report["losses"]
        down = sorted(losses["classes"][self.element(name)] for name in names)
        for asked in losses["asked"]:
            if asked["down"] == down:
                answer = losses["answers"][asked["answer"]]
                assert isinstance(answer, dict)
                return answer
        return None

    def services(self, numbers: list[int]) -> set[str]:
        return {self.report["services"][number]["name"] for number in numbers}


def choose(page: Page, made: Made, *names: str) -> None:
    """Press the elements in the drawing."""
    for name in names:
        page.click(f".drawing [data-element='{made.element(name)}']")
