"""A headless Chromium, driven through its DevTools protocol over a pair of pipes: no port, no other package."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import shutil
import signal
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

_LIMIT_SECONDS = 60
_QUIET_SECONDS = 0.2
_FIRST_FREE = 10
"""Descriptors 3 and 4 of the browser are made from ones above."""

_NAMED_KEYS = {
    "Tab": 9,
    "Enter": 13,
    "Escape": 27,
    "Space": 32,
}


class Browser:
    """One browser process; `page` opens a page in it. A context manager."""

    def __init__(self, program: Path) -> None:
        self._profile = tempfile.mkdtemp(prefix="k8s-ha-browser-")
        told, answers = os.pipe(), os.pipe()
        reads = fcntl.fcntl(told[0], fcntl.F_DUPFD_CLOEXEC, _FIRST_FREE)
        writes = fcntl.fcntl(answers[1], fcntl.F_DUPFD_CLOEXEC, _FIRST_FREE)
        null = os.open(os.devnull, os.O_RDWR)
        arguments = [
            str(program),
            "--headless",
            # The tests of continuous integration run as root, for whom Chromium has no sandbox.
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--remote-debugging-pipe",
            f"--user-data-dir={self._profile}",
        ]
        streams = [(os.POSIX_SPAWN_DUP2, null, descriptor) for descriptor in (0, 1, 2)]
        pipes = [(os.POSIX_SPAWN_DUP2, reads, 3), (os.POSIX_SPAWN_DUP2, writes, 4)]
        environment = {**os.environ, "HOME": self._profile}
        self._process = os.posix_spawn(
            arguments[0], arguments, environment, file_actions=streams + pipes, setpgroup=0
        )
        for descriptor in (told[0], answers[1], reads, writes, null):
            os.close(descriptor)
        self._to, self._from = told[1], answers[0]
        self._unread = b""
        self._last = 0
        self.events: list[dict[str, Any]] = []

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.killpg(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        os.close(self._to)
        os.close(self._from)
        shutil.rmtree(self._profile, ignore_errors=True)

    def ask(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """Call a method of the protocol and return its result."""
        self._last += 1
        message: dict[str, Any] = {"id": self._last, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + _LIMIT_SECONDS
        while True:
            read = self._read(until - time.monotonic())
            if read is None:
                raise TimeoutError(f"Chromium does not answer {method}")
            if read.get("id") == self._last:
                if "error" in read:
                    raise RuntimeError(f"{method}: {read['error']}")
                result = read["result"]
                assert isinstance(result, dict)
                return result
            self.events.append(read)

    def drain(self) -> None:
        """Take in events until there are none for a moment."""
        while (event := self._read(_QUIET_SECONDS)) is not None:
            self.events.append(event)

    def _read(self, seconds: float) -> dict[str, Any] | None:
        until = time.monotonic() + seconds
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._from], [], [], max(0, until - time.monotonic()))
            if not ready:
                return None
            more = os.read(self._from, 1 << 20)
            if not more:
                raise EOFError("Chromium has ended")
            self._unread += more
        line, _, self._unread = self._unread.partition(b"\0")
        message = json.loads(line)
        assert isinstance(message, dict)
        return message

    def page(self, file: Path, width: int = 1280, height: int = 900, scheme: str = "light") -> Page:
        """Open a file in a page of this size."""
        return Page(self, file, width, height, scheme)


class Page:
    """An open page."""

    def __init__(self, browser: Browser, file: Path, width: int, height: int, scheme: str) -> None:
        self._browser = browser
        browser.events.clear()
        self._target = browser.ask("Target.createTarget", url="about:blank")["targetId"]
        attached = browser.ask("Target.attachToTarget", targetId=self._target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")
        self.resize(width, height)
        self.media(scheme)
        self.address = file.as_uri()
        self.open(self.address)

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        return self._browser.ask(method, self._session, **parameters)

    def open(self, address: str) -> None:
        """Go to another document and wait until it is loaded."""
        before = self._loads()
        self.ask("Page.navigate", url=address)
        self._until_loaded(before, address)

    def reload(self) -> None:
        """Load the document again."""
        before = self._loads()
        self.ask("Page.reload")
        self._until_loaded(before, "the document")

    def _loads(self) -> int:
        return sum(event["method"] == "Page.loadEventFired" for event in self._mine())

    def _until_loaded(self, before: int, what: str) -> None:
        until = time.monotonic() + _LIMIT_SECONDS
        while self._loads() == before:
            if time.monotonic() > until:
                raise TimeoutError(f"{what} is not loaded")
            self._browser.drain()

    def close(self) -> None:
        self._browser.ask("Target.closeTarget", targetId=self._target)

    def resize(self, width: int, height: int) -> None:
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    def media(self, scheme: str = "light", medium: str = "") -> None:
        """Prefer `light` or `dark`, on the `screen` or in `print`."""
        features = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self.ask("Emulation.setEmulatedMedia", media=medium, features=features)

    def run(self, script: str) -> Any:
        """The value of an expression in the page."""
        done = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in done:
            raise RuntimeError(f"{script}: {done['exceptionDetails']}")
        return done["result"].get("value")

    def text(self, selector: str) -> str:
        """What a person reads there."""
        text = self.run(f"document.querySelector({json.dumps(selector)}).innerText")
        assert isinstance(text, str)
        return text

    def texts(self, selector: str) -> list[str]:
        texts = self.run(
            f"[...document.querySelectorAll({json.dumps(selector)})].map((one) => one.innerText)"
        )
        assert isinstance(texts, list)
        return texts

    def click(self, selector: str) -> None:
        self.run(f"document.querySelector({json.dumps(selector)}).click()")

    def key(self, key: str, shift: bool = False) -> None:
        """Press a key: a name of _NAMED_KEYS."""
        code = _NAMED_KEYS[key]
        text = {"Enter": "\r", "Space": " "}.get(key, "")
        common = {
            "key": " " if key == "Space" else key,
            "code": key,
            "windowsVirtualKeyCode": code,
            "modifiers": 8 if shift else 0,
        }
        self.ask("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **common)
        self.ask("Input.dispatchKeyEvent", type="keyUp", **common)

    def type(self, text: str) -> None:
        self.ask("Input.insertText", text=text)

    def work(self) -> float:
        """Seconds of processor time that the page has taken; first called, it begins to count."""
        self.ask("Performance.enable", timeDomain="threadTicks")
        metrics = self.ask("Performance.getMetrics")["metrics"]
        return next(float(metric["value"]) for metric in metrics if metric["name"] == "TaskDuration")

    def screenshot(self, file: Path, whole: bool = False) -> None:
        shot = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        file.write_bytes(base64.b64decode(shot["data"]))

    def pdf(self) -> bytes:
        return base64.b64decode(self.ask("Page.printToPDF", printBackground=True)["data"])

    def problems(self) -> list[str]:
        """Everything that the console says, exceptions, and what the policy blocked."""
        self._browser.drain()
        said = []
        for event in self._mine():
            parameters = event["params"]
            match event["method"]:
                case "Runtime.exceptionThrown":
                    said.append(str(parameters["exceptionDetails"]))
                case "Runtime.consoleAPICalled":
                    said.append(str(parameters["args"]))
                case "Log.entryAdded":
                    said.append(str(parameters["entry"]))
        return said

    def requests(self) -> list[str]:
        """The addresses of all that was asked for."""
        self._browser.drain()
        sent = [event for event in self._mine() if event["method"] == "Network.requestWillBeSent"]
        return [event["params"]["request"]["url"] for event in sent]

    def _mine(self) -> list[dict[str, Any]]:
        return [event for event in self._browser.events if event.get("sessionId") == self._session]
