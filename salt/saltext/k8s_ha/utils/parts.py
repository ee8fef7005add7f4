"""The part of a host to which a file belongs: how the SLS tree is divided."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from saltext.k8s_ha._core import File


def part_of(file: File) -> str:
    """``repositories``, ``load_balancer``, ``etcd``, ``kubernetes`` or ``host``."""
    component = file["component"]
    if component in ("load_balancer", "repositories"):
        return component
    if component:
        return "host"
    return "etcd" if file["activation"]["unit"] == "etcd.service" else "kubernetes"
