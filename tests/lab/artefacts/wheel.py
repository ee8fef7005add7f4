"""The wheel of this checkout, for the hosts of the lab."""

from __future__ import annotations

import hashlib
import os
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from lab.artefacts import store
from lab.artefacts.command import run
from programs import NotRun

_CHECKOUT = Path(__file__).resolve().parents[3]
_FOLDERS = ("rust", "salt", "states")
_FILES = ("Cargo.lock", "Cargo.toml", "README.md", "pyproject.toml")
_NOT_SOURCES = ("__pycache__", "formula", "target")
_LIMIT_SECONDS = 1800


def build() -> Path:
    """The wheel of the sources as they are now, built by maturin when the cache has none of them.

    It runs where the C library is not older than this machine's. Raises NotRun when maturin is missing or the
    sources do not compile.
    """

    def make(result: Path) -> None:
        programs = Path(sysconfig.get_path("scripts"))
        maturin = programs / "maturin"
        if not maturin.is_file():
            raise NotRun(f"the wheel is not built: {maturin} is missing; to make it run: make .venv/.made")
        run(
            [maturin, "build", "--release", "--compatibility", "linux", "--out", result],
            purpose="the wheel is not built",
            limit_seconds=_LIMIT_SECONDS,
            environment={"PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"},
            directory=_CHECKOUT,
        )

    folder = store.kept("wheel", "sources", [*store.recipe("wheel.py"), *_sources()], make)
    return next(folder.glob("*.whl"))


def _sources() -> Iterator[str]:
    """Path and digest of each file that the wheel is made from."""
    found = [path for folder in _FOLDERS for path in (_CHECKOUT / folder).rglob("*") if _is_source(path)]
    for path in sorted([*found, *(_CHECKOUT / name for name in _FILES)]):
        yield f"{path.relative_to(_CHECKOUT)} {hashlib.sha256(path.read_bytes()).hexdigest()}"


def _is_source(path: Path) -> bool:
    parts = path.relative_to(_CHECKOUT).parts
    return path.is_file() and path.suffix not in (".so", ".pyc") and not set(parts) & set(_NOT_SOURCES)
