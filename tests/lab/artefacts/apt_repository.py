"""Makes a flat repository for apt out of packages: index, release file, signature and key."""

from __future__ import annotations

import gzip
import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

from lab.artefacts import deb, signing_key, store
from lab.artefacts.deb import Package

_DATE = "Thu, 01 Jan 2026 00:00:00 UTC"
"""Fixed and early: the same packages give the same bytes, and a host whose clock is slow accepts them."""


def write(folder: Path, label: str, packages: Sequence[Package]) -> None:
    """Write the repository to the new folder, packages below a folder of their architecture.

    Used on a host as `deb [signed-by=…] URL-OF-THE-FOLDER/ /`; `Release.key` is the armoured public key.
    Raises NotRun when a package cannot be made or the repository cannot be signed.
    """
    architecture = deb.architecture()
    pool = folder / architecture
    pool.mkdir(parents=True)
    index = "\n".join(_stanza(deb.build(package, pool), folder) for package in packages)
    (folder / "Packages").write_text(index, encoding="utf-8")
    (folder / "Packages.gz").write_bytes(gzip.compress(index.encode(), mtime=0))
    release = folder / "Release"
    release.write_text(_release(folder, label, architecture), encoding="utf-8")
    signing_key.sign(release)
    shutil.copy(signing_key.directory() / "Release.key", folder)


def _stanza(package: Path, folder: Path) -> str:
    """The package's entry in the index."""
    added = {
        "Filename": str(package.relative_to(folder)),
        "Size": str(package.stat().st_size),
        "SHA256": store.file_digest(package),
    }
    return deb.control_fields(package) + "".join(f"{name}: {value}\n" for name, value in added.items())


def _release(folder: Path, label: str, architecture: str) -> str:
    lines = [
        f"Origin: {label}",
        f"Label: {label}",
        f"Architectures: {architecture}",
        f"Date: {_DATE}",
        "SHA256:",
    ]
    for name in ("Packages", "Packages.gz"):
        content = (folder / name).read_bytes()
        lines.append(f" {hashlib.sha256(content).hexdigest()} {len(content)} {name}")
    return "\n".join(lines) + "\n"
