"""Archives of tiny images, and a real containerd in a mount namespace of its own to import them."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from programs.verdict import NotRun, locate

CONFIGURATION = """version = 3
root = "{folder}/root"
state = "{folder}/state"
disabled_plugins = ["io.containerd.cri.v1.images", "io.containerd.cri.v1.runtime", "io.containerd.grpc.v1.cri"]
[grpc]
  address = "{folder}/containerd.sock"
"""
WAIT_SECONDS = 30


def docker_archive(path: Path, *names: str, size: int = 10) -> Path:
    """An archive as `docker save` writes it, of one image under all names, with a layer of `size` bytes."""
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as members:
        _add(members, "file", os.urandom(size))
    digest = hashlib.sha256(layer.getvalue()).hexdigest()
    architecture = {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine]
    configuration = {
        "architecture": architecture,
        "os": "linux",
        "config": {},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]},
    }
    manifest = [{"Config": "config.json", "RepoTags": list(names), "Layers": ["layer.tar"]}]
    with tarfile.open(path, "w") as members:
        _add(members, "layer.tar", layer.getvalue())
        _add(members, "config.json", json.dumps(configuration).encode())
        _add(members, "manifest.json", json.dumps(manifest).encode())
    return path


def _add(members: tarfile.TarFile, name: str, data: bytes) -> None:
    about = tarfile.TarInfo(name)
    about.size = len(data)
    members.addfile(about, io.BytesIO(data))


@contextmanager
def containerd(folder: Path) -> Iterator[Path]:
    """A containerd below `folder` and, in the folder that is given back, a `ctr` that talks to it."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("containerd needs root")
    try:
        program = locate("containerd-2.2")
    except NotRun as error:
        pytest.skip(str(error))
    folder.mkdir()
    (folder / "config.toml").write_text(CONFIGURATION.format(folder=folder))
    programs = folder / "bin"
    programs.mkdir()
    ctr = programs / "ctr"
    ctr.write_text(f'#!/bin/sh\nexec {program.parent}/ctr --address {folder}/containerd.sock "$@"\n')
    ctr.chmod(0o755)
    command = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--propagation", "private"]
    with (folder / "log").open("w") as log:
        daemon = subprocess.Popen(
            [*command, program, "--config", folder / "config.toml"], stdout=log, stderr=log
        )
        try:
            deadline = time.monotonic() + WAIT_SECONDS
            while (
                subprocess.run([ctr, "images", "ls", "-q"], capture_output=True, check=False).returncode != 0
            ):
                assert daemon.poll() is None and time.monotonic() < deadline, (folder / "log").read_text()
                time.sleep(0.05)
            yield programs
        finally:
            daemon.kill()
            daemon.wait()


def modules(asked: list[list[str]] | None = None, **more: Any) -> dict[str, Any]:
    """Salt's `cmd.run_all` as far as it is needed, and what else is given (`cp__cache_file`)."""

    def run_all(command: list[str], timeout: int, **_: Any) -> dict[str, Any]:
        if asked is not None:
            # Without `timeout --kill-after=... SECONDS`.
            asked.append([str(word) for word in command[3:]])
        words = [str(word) for word in command]
        done = subprocess.run(words, capture_output=True, text=True, timeout=timeout, check=False)
        return {"retcode": done.returncode, "stdout": done.stdout.rstrip(), "stderr": done.stderr.rstrip()}

    return {"cmd.run_all": run_all, **{name.replace("__", "."): one for name, one in more.items()}}
