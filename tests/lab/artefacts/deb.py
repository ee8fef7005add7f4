"""Makes one Debian package with the real dpkg-deb."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lab.artefacts.command import located, run


@dataclass(frozen=True)
class Package:
    """One binary package; everything in it belongs to root.

    `files` maps each absolute path on the host to the file that is copied there (executable), or to the text
    that is written there. Paths below /etc are configuration files in dpkg's sense. `relations` are fields
    such as `Depends`; `scripts` maps `postinst`, `prerm` and so on to shell commands.
    """

    name: str
    version: str
    summary: str
    files: Mapping[str, Path | str]
    relations: Mapping[str, str] = field(default_factory=dict)
    scripts: Mapping[str, str] = field(default_factory=dict)

    def file_name(self) -> str:
        """`kubelet_1.36.4-1.1_amd64.deb`."""
        return f"{self.name}_{self.version}_{architecture()}.deb"


def architecture() -> str:
    """The architecture of this machine, as dpkg names it."""
    return run(
        ["dpkg", "--print-architecture"], purpose="the architecture is not known", limit_seconds=30
    ).strip()


def build(package: Package, folder: Path) -> Path:
    """Write the package below `folder`; returns its path. Raises NotRun when dpkg-deb refuses."""
    tree = folder / f"{package.name}.tree"
    for on_host, source in package.files.items():
        _place(tree / on_host.lstrip("/"), source)
    _write_control(tree / "DEBIAN", package)
    result = folder / package.file_name()
    # Level 3 of zstd: hosts unpack in parallel on few cores, and keep the archive in memory.
    compression = ["-Zzstd", "-z3"]
    run(
        [located("dpkg-deb")["dpkg-deb"], "--root-owner-group", *compression, "--build", tree, result],
        purpose=f"the package {package.name} is not made",
        environment={"SOURCE_DATE_EPOCH": "0"},
    )
    shutil.rmtree(tree)
    return result


def control_fields(package: Path) -> str:
    """The package's control fields, as dpkg-deb reads them."""
    return run(["dpkg-deb", "--field", package], purpose=f"{package.name} cannot be read", limit_seconds=60)


def _place(path: Path, source: Path | str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(source, str):
        path.write_text(source, encoding="utf-8")
        path.chmod(0o644)
    else:
        shutil.copyfile(source, path)
        path.chmod(0o755)


def _kibibytes(tree: Path) -> int:
    return sum(path.stat().st_size + 1023 for path in tree.rglob("*") if path.is_file()) // 1024


def _write_control(folder: Path, package: Package) -> None:
    folder.mkdir(parents=True)
    fields = {
        "Package": package.name,
        "Version": package.version,
        "Architecture": architecture(),
        "Maintainer": "saltext-k8s-ha lab <lab@localhost>",
        "Section": "admin",
        "Priority": "optional",
        "Installed-Size": str(_kibibytes(folder.parent)),
        **package.relations,
        "Description": package.summary,
    }
    lines = [f"{name}: {value}\n" for name, value in fields.items()]
    (folder / "control").write_text("".join(lines), encoding="utf-8")
    configuration = [f"{path}\n" for path in sorted(package.files) if path.startswith("/etc/")]
    if configuration:
        (folder / "conffiles").write_text("".join(configuration), encoding="utf-8")
    for name, commands in package.scripts.items():
        script = folder / name
        script.write_text(f"#!/bin/sh\nset -e\n{commands}", encoding="utf-8")
        script.chmod(0o755)
