"""Writes container images as a docker-archive: what `docker save` writes and `ctr images import` reads."""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from lab.artefacts.store import file_digest

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_GO_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


@dataclass(frozen=True)
class Image:
    """One image of one layer, in which everything belongs to root.

    `reference` is its name with registry and tag. `files` maps each absolute path in the image to the file
    that is copied there (executable), or to the text that is written there (readable by all).
    """

    reference: str
    files: Mapping[str, Path | str]
    entrypoint: Sequence[str] = field(default=())


def write(archive: Path, images: Sequence[Image]) -> None:
    """Write the images to the new file `archive`; the same images give the same bytes."""
    with tarfile.open(archive, "w", format=tarfile.PAX_FORMAT) as tar:
        manifest = [_add(tar, image, archive.parent) for image in images]
        _add_text(tar, "manifest.json", json.dumps(manifest, sort_keys=True))


def references(archive: Path) -> list[str]:
    """The names with tags of the images in an archive, in its order."""
    with tarfile.open(archive) as tar:
        manifest = tar.extractfile("manifest.json")
        if manifest is None:
            raise ValueError(f"{archive}: manifest.json is not a file")
        return [name for image in json.load(manifest) for name in image["RepoTags"]]


def _add(tar: tarfile.TarFile, image: Image, scratch: Path) -> dict[str, object]:
    """Add layer and configuration of one image; returns its entry of the manifest."""
    descriptor, name = tempfile.mkstemp(dir=scratch, prefix="layer-")
    os.close(descriptor)
    layer = Path(name)
    try:
        _write_layer(layer, image.files)
        digest = file_digest(layer)
        layer_name = f"{digest}/layer.tar"
        with layer.open("rb") as content:
            entry = _entry(layer_name)
            entry.size = layer.stat().st_size
            tar.addfile(entry, content)
    finally:
        layer.unlink()
    configuration = json.dumps(_configuration(image, digest), sort_keys=True)
    configuration_name = f"{hashlib.sha256(configuration.encode()).hexdigest()}.json"
    _add_text(tar, configuration_name, configuration)
    return {"Config": configuration_name, "Layers": [layer_name], "RepoTags": [image.reference]}


def _configuration(image: Image, layer_digest: str) -> dict[str, object]:
    machine = platform.machine()
    return {
        "architecture": _GO_ARCHITECTURES.get(machine, machine),
        "os": "linux",
        "config": {"Env": [f"PATH={_PATH}"], "Entrypoint": list(image.entrypoint), "WorkingDir": "/"},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{layer_digest}"]},
        "history": [{"created_by": "saltext-k8s-ha lab"}],
    }


def _write_layer(layer: Path, files: Mapping[str, Path | str]) -> None:
    with tarfile.open(layer, "w", format=tarfile.PAX_FORMAT) as tar:
        for folder in _folders(files):
            entry = _entry(folder)
            entry.type = tarfile.DIRTYPE
            entry.mode = 0o1777 if folder == "tmp" else 0o755
            tar.addfile(entry)
        for path, source in sorted(files.items()):
            name = path.lstrip("/")
            if isinstance(source, str):
                _add_text(tar, name, source)
                continue
            with source.open("rb") as content:
                entry = _entry(name)
                entry.mode = 0o755
                entry.size = os.fstat(content.fileno()).st_size
                tar.addfile(entry, content)


def _folders(files: Mapping[str, Path | str]) -> list[str]:
    """Every folder that the files lie in, parents first, and /tmp."""
    found = {"tmp"}
    for path in files:
        found.update(str(parent) for parent in PurePosixPath(path.lstrip("/")).parents if parent.name)
    return sorted(found)


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode()
    entry = _entry(name)
    entry.size = len(content)
    tar.addfile(entry, io.BytesIO(content))


def _entry(name: str) -> tarfile.TarInfo:
    """An entry of root's, readable by all, of the year 1970."""
    entry = tarfile.TarInfo(name)
    entry.mode = 0o644
    return entry
