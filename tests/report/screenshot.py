"""Takes the picture that is kept beside this file: `cd tests && python -m report.screenshot`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from programs.verdict import locate
from report import sample
from report.browser import Browser
from report.made import Made

PICTURE = Path(__file__).with_name("what-if.png")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, Browser(locate("chromium-headless-shell")) as browser:
        made = Made(Path(folder), sample.small())
        page = browser.page(made.output("html"), width=1280, height=860)
        page.click(f".drawing [data-element='{made.element('pve1')}']")
        page.run("document.getElementById('failures').scrollIntoView()")
        page.run("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))")
        page.screenshot(PICTURE)


if __name__ == "__main__":
    main()
