"""The `k8s-ha` command of this checkout, for tests that run it as a user does."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The checkout."""

_LIMIT_SECONDS = 120


@functools.cache
def program() -> Path:
    """Path of the command: the environment variable K8S_HA, the newest build of this checkout, or PATH.

    Raises FileNotFoundError when there is none.
    """
    if named := os.environ.get("K8S_HA"):
        return Path(named).resolve(strict=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target")
    built = [path for profile in ("release", "debug") if (path := target / profile / "k8s-ha").is_file()]
    if built:
        return max(built, key=lambda path: path.stat().st_mtime_ns)
    if installed := shutil.which("k8s-ha"):
        return Path(installed)
    raise FileNotFoundError(
        "there is no k8s-ha: build it with `cargo build -p k8s-ha-cli`, or set K8S_HA to its path"
    )


def k8s_ha(
    *args: str | Path,
    check: bool = True,
    input: str | None = None,  # noqa: A002  (subprocess's own name)
    env: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end.

    `check`: fail the test, with what the command said, when it does not exit with 0. `env` is added to the
    environment.
    """
    done = subprocess.run(
        [program(), *args],
        input=input,
        env={**os.environ, **(env or {})},
        capture_output=True,
        encoding="utf-8",
        timeout=_LIMIT_SECONDS,
    )
    if check and done.returncode != 0:
        command = " ".join(str(argument) for argument in args)
        raise AssertionError(f"`k8s-ha {command}` exits with {done.returncode}\n{done.stdout}{done.stderr}")
    return done
