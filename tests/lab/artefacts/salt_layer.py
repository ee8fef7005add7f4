"""Installs Salt, and our wheel, into layers over a root directory."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Sequence
from pathlib import Path

from lab.artefacts import chroot, debian_archive, store
from lab.artefacts.chroot import COPIED, Root

_PREFIX = "/opt/salt"
_PIP = "python -m pip --disable-pip-version-check --no-cache-dir --quiet"
_COMMANDS = ("salt", "salt-call", "salt-key", "salt-run")
_UNITS = ("salt-master.service", "salt-minion.service")
_LIMIT_SECONDS = 1800


def release() -> str:
    """The release of Salt that the Python running this has: the one that the hosts get."""
    return importlib.metadata.version("salt")


def recipe() -> list[str]:
    """What the layers are made from, apart from what they lie on."""
    return [release(), *store.recipe("salt_layer.py", "chroot.py", *(f"units/{name}" for name in _UNITS))]


def build_wheels(wheels: Path, suite: str, lower: Sequence[Path]) -> None:
    """Write Salt and what it depends on, as wheels, into the new directory `wheels`.

    Some of them are compiled: this is done with the compiler of Debian's `suite`, in a layer over the
    directories `lower` that is thrown away. Raises NotRun.
    """
    builder = wheels.with_name("builder")
    commands = f"""\
echo 'deb {debian_archive.address(suite)} {suite} main' > /etc/apt/sources.list
apt-get -q update
apt-get -q install -y --no-install-recommends gcc libc6-dev python3-dev
python3 -m venv {COPIED}/builder
{COPIED}/builder/bin/{_PIP} wheel --wheel-dir /wheels salt=={release()}
"""
    chroot.run_inside(
        Root(builder, lower),
        commands,
        purpose=f"Salt {release()} is not built for the root image",
        limit_seconds=_LIMIT_SECONDS,
    )
    (builder / "wheels").rename(wheels)


def install_salt(layer: Path, lower: Sequence[Path], wheels: Path) -> None:
    """Write Salt from its wheels into the new directory `layer`, over the directories `lower`.

    Raises NotRun.
    """
    units = Path(__file__).with_name("units")
    links = "\n".join(f"ln -s {_PREFIX}/bin/{name} /usr/local/bin/" for name in _COMMANDS)
    commands = f"""\
python3 -m venv {_PREFIX}
{_PREFIX}/bin/{_PIP} install --no-index --find-links {COPIED} salt=={release()}
{links}
mkdir -p /etc/salt/minion.d /etc/salt/master.d /var/log/salt /var/cache/salt
cd {COPIED} && cp {" ".join(_UNITS)} /etc/systemd/system/
"""
    chroot.run_inside(
        Root(layer, lower),
        commands,
        copied=[*sorted(wheels.glob("*.whl")), *(units / name for name in _UNITS)],
        purpose=f"Salt {release()} is not installed into the root image",
        limit_seconds=_LIMIT_SECONDS,
    )


def install_wheel(layer: Path, lower: Sequence[Path], wheel: Path) -> None:
    """Write our wheel into the new directory `layer`, over Salt's and the others. Raises NotRun."""
    commands = f"""\
{_PREFIX}/bin/{_PIP} install --no-index --no-deps {COPIED}/{wheel.name}
ln -s {_PREFIX}/bin/k8s-ha /usr/local/bin/
"""
    chroot.run_inside(
        Root(layer, lower),
        commands,
        copied=[wheel],
        purpose=f"the wheel {wheel.name} is not installed into the root image",
        limit_seconds=_LIMIT_SECONDS,
    )
