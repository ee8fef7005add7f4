"""Output of the sample program, and the schemas from the packages that ship them."""

from __future__ import annotations

import functools
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
#: Seconds that a build or a download may take.
LIMIT = 600


def run_cargo(*arguments: str) -> str:
    cargo = shutil.which("cargo")
    if cargo is None:
        pytest.fail("cargo is not on PATH; install Rust to run the tests of the output formats")
    result = subprocess.run(
        [cargo, *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=LIMIT, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


@functools.cache
def sample_in(output_format: str) -> str:
    return run_cargo(
        "run", "--quiet", "--package", "k8s-ha-diagnostics", "--example", "formats", "--", output_format
    )


@functools.cache
def package_folders() -> dict[str, Path]:
    manifest = HERE / "schemas" / "Cargo.toml"
    metadata = json.loads(
        run_cargo("metadata", "--format-version=1", "--locked", f"--manifest-path={manifest}")
    )
    return {package["name"]: Path(package["manifest_path"]).parent for package in metadata["packages"]}


@pytest.fixture
def sample() -> Callable[[str], str]:
    """The sample findings in the format with this name."""
    return sample_in


@pytest.fixture
def schema() -> Callable[[str, str], Path]:
    """The path of a file inside of one of the packages that ``schemas/Cargo.toml`` names."""
    return lambda package, file: package_folders()[package] / file
