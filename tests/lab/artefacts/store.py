"""Artefacts in the user's cache: each is made once for a digest of all that it is made from."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from programs import NotRun
from tools import cache

_KEPT = 4
"""How many artefacts of one label stay: several checkouts may use the same cache."""

_LOCK_LIMIT_SECONDS = 1800
_BLOCK_BYTES = 1 << 20


def directory() -> Path:
    """The lab's folder in the user's cache, made if absent."""
    folder = cache.directory().parent / "lab"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def kept(
    kind: str, label: str, inputs: Iterable[str], make: Callable[[Path], None], suffix: str = ""
) -> Path:
    """The artefact of these inputs, made now when the cache has none.

    `kind` is its folder in the cache, `label` and `suffix` begin and end its name there. `make` is given a
    path that is free, on the cache's file system, and writes a file or a directory there; the artefact
    appears in the cache by a rename, so nobody sees half of one. Artefacts of one kind are made one at a
    time: `make` must not ask for another one of its own kind. Raises NotRun when the lock on the kind is not
    free in half an hour, and whatever `make` raises.
    """
    folder = directory() / kind
    folder.mkdir(exist_ok=True)
    name = f"{label}-{_digest(inputs)}{suffix}"
    artefact = folder / name
    if artefact.exists():
        os.utime(artefact)
        return artefact
    try:
        with cache.locked(folder, _LOCK_LIMIT_SECONDS):
            _remove_leftovers(folder)
            if not artefact.exists():
                _make(artefact, make)
                _remove_oldest(folder, label)
    except TimeoutError as error:
        raise NotRun(f"{name} is not made: {error}; to make it run: wait for that process") from error
    return artefact


def file_digest(path: Path) -> str:
    """SHA-256 of the file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def recipe(*modules: str) -> list[str]:
    """The sources of files beside this one, by name: an input of whatever they make."""
    here = Path(__file__).resolve().parent
    return [(here / name).read_text(encoding="utf-8") for name in modules]


def _digest(inputs: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(inputs).encode()).hexdigest()[:16]


def _make(artefact: Path, make: Callable[[Path], None]) -> None:
    with tempfile.TemporaryDirectory(dir=artefact.parent, prefix="building-") as temporary:
        result = Path(temporary) / "result"
        make(result)
        # Before the rename: the age decides which one is removed first, and a root image's own is old.
        os.utime(result)
        result.rename(artefact)


def _remove_leftovers(folder: Path) -> None:
    # The lock is held, so whatever is left here belongs to a process that was killed.
    for leftover in folder.glob("building-*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _remove_oldest(folder: Path, label: str) -> None:
    newest_first = sorted(folder.glob(f"{label}-*"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in newest_first[_KEPT:]:
        if old.is_dir():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.unlink(missing_ok=True)
