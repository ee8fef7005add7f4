"""The reader under test: one process of `rust/yaml/examples/as_read.rs` for all documents."""

from __future__ import annotations

import json
import struct
import subprocess
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]


class OurReader:
    """Our reader, which takes documents one after the other."""

    def __init__(self) -> None:
        self.process = subprocess.Popen([build()], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def read(self, document: bytes) -> dict[str, Any]:
        """Return `{"nodes": [...]}` or `{"error": {...}}`."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(struct.pack(">I", len(document)) + document)
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, f"the reader ended with {self.process.wait(timeout=10)} on {document[:200]!r}"
        reading: dict[str, Any] = json.loads(answer)
        return reading

    def close(self) -> None:
        """End the process, which reads until its input ends."""
        self.process.communicate(timeout=10)
        assert self.process.returncode == 0


def build() -> str:
    """Build the reader and return its path. Cargo decides where that is (`CARGO_TARGET_DIR`)."""
    command = ["cargo", "build", "--package=k8s-ha-yaml", "--example=as_read", "--message-format=json"]
    built = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=900, check=False)
    assert built.returncode == 0, built.stderr
    for line in built.stdout.splitlines():
        message = json.loads(line)
        if message.get("reason") == "compiler-artifact" and message["target"]["name"] == "as_read":
            return str(message["executable"])
    raise AssertionError(f"cargo names no executable: {built.stdout}")
