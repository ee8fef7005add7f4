"""The names of the images in an archive, read without unpacking it."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

from saltext.k8s_ha.utils.host import HostError

# As large as an index of thousands of images; what is larger is no index.
_INDEX_BYTES = 16 * 1024 * 1024
_NAMES = ("io.containerd.image.name", "org.opencontainers.image.ref.name")


def names(archive: Path) -> list[str]:
    """Names of the images in a docker-archive (``manifest.json``) or an OCI archive (``index.json``).

    They are in the form in which containerd keeps them: ``docker.io/library/nginx:1.29``.

    :param archive: a tar archive, compressed or not.
    :raises HostError: when it is no such archive.
    """
    try:
        documents = _documents(archive)
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise HostError(f"{archive} is no archive of images: {error}") from error
    found: list[str] = []
    try:
        # Where both are there, containerd reads the index.
        if "index.json" in documents:
            for manifest in documents["index.json"]["manifests"]:
                found.extend(_annotated(manifest))
        else:
            for manifest in documents.get("manifest.json") or []:
                found.extend(manifest.get("RepoTags") or [])
    except (AttributeError, KeyError, TypeError) as error:
        raise HostError(f"{archive} is no archive of images: its index has another form") from error
    if not found:
        raise HostError(
            f"{archive} names no image, in neither manifest.json nor index.json; write it with "
            f"`docker save` or `ctr images export` from images that have names"
        )
    return sorted({_normal(name) for name in found})


def _documents(archive: Path) -> dict[str, Any]:
    """The indices of an archive by name.

    Layers are passed over, not read. The last member of a name counts, as when the archive is unpacked.
    """
    found: dict[str, Any] = {}
    with tarfile.open(archive, "r:*") as members:
        for member in members:
            name = member.name.removeprefix("./")
            if name not in ("manifest.json", "index.json") or not member.isfile():
                continue
            stream = members.extractfile(member)
            if stream is None or member.size > _INDEX_BYTES:
                raise ValueError(f"its {name} is too large")
            found[name] = json.load(stream)
    return found


def _annotated(manifest: dict[str, Any]) -> list[str]:
    """The name of a manifest in an OCI index: containerd's own annotation is the whole name."""
    annotations = manifest.get("annotations") or {}
    named = [annotations[key] for key in _NAMES if annotations.get(key)]
    # A tag alone, as some programs write it, is no name.
    return [name for name in named[:1] if "/" in name or ":" in name]


def _normal(name: str) -> str:
    """A name with its registry, as containerd's importer completes it."""
    host, slash, _ = name.partition("/")
    if not slash:
        return f"docker.io/library/{name}"
    if "." in host or ":" in host or host == "localhost":
        return name
    return f"docker.io/{name}"
