"""The root directories of the lab's hosts: Debian with what a node needs, and Salt with our wheel on top."""

from __future__ import annotations

import os
from pathlib import Path

from lab.artefacts import debian_root, salt_layer, store
from programs import NotRun


def directory() -> Path:
    """A root directory of Debian 12, to be used as a lower directory of overlayfs and never written to.

    At boot it starts nothing but systemd's own; it has no machine id, no name, no source of packages, and a
    root without a password. Raises NotRun when this is not done by root, or no archive of Debian answers.
    """
    _need_root()
    inputs = [*store.recipe("debian_root.py", "chroot.py"), debian_root.SUITE]
    return store.kept("root", debian_root.SUITE, inputs, debian_root.make)


def with_salt(wheel: Path) -> tuple[Path, ...]:
    """Lower directories for overlayfs, the uppermost first: our wheel, Salt, Debian.

    Salt is the release of the Python that runs this, in a virtual environment at /opt/salt; its commands and
    `k8s-ha` are in /usr/local/bin, its units installed and not enabled. Raises NotRun as `directory`, and
    when pip fails.
    """
    debian = directory()
    label = f"salt-{salt_layer.release()}"
    inputs = [*salt_layer.recipe(), debian.name]
    wheels = store.kept(
        "salt-wheels",
        label,
        inputs,
        lambda folder: salt_layer.build_wheels(folder, debian_root.SUITE, [debian]),
    )
    salt = store.kept(
        "salt-layer",
        label,
        inputs,
        lambda layer: salt_layer.install_salt(layer, [debian], wheels),
    )
    added = store.kept(
        "wheel-layer",
        "wheel",
        [*salt_layer.recipe(), salt.name, wheel.name, store.file_digest(wheel)],
        lambda layer: salt_layer.install_wheel(layer, [salt, debian], wheel),
    )
    return (added, salt, debian)


def _need_root() -> None:
    if os.geteuid() != 0:
        raise NotRun(
            "the root image can only be made and used by root; to make it run: sudo -E, and the same"
        )
