"""Without root, into a directory: what the demo does, and whoever builds an image."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from functional.minion import Minion
from functional.needs import installed
from functional.pillars import three_masters

saltext = installed("saltext.k8s_ha")

NOBODY = 65534


def can_run(user: int) -> bool:
    """Whether another user may read this Python and what is installed in it."""
    command = [sys.executable, "-c", "import saltext.k8s_ha._core, salt.version"]
    try:
        return subprocess.run(command, user=user, group=user, extra_groups=[], check=False).returncode == 0
    except PermissionError:
        return False


@pytest.fixture
def unprivileged() -> Iterator[Minion]:
    """A minion that a user other than root runs."""
    directory = Path(tempfile.mkdtemp(prefix="k8s-ha-"))
    try:
        user = NOBODY if os.geteuid() == 0 else None
        minion = Minion(directory, user=user)
        minion.set_pillar(three_masters())
        if user is not None:
            for path in (directory, *directory.rglob("*")):
                os.chown(path, user, user)
            if not can_run(user):
                pytest.skip("this Python cannot be read by a user other than root")
        yield minion
    finally:
        shutil.rmtree(directory)


def test_a_user_without_rights_gets_the_same_files(unprivileged: Minion) -> None:
    announced = unprivileged.highstate("test=True")
    real = unprivileged.highstate()
    assert real.code == 0 and not real.failed, real.text
    assert announced.changes == real.changes
    owner = os.geteuid() if unprivileged.user is None else unprivileged.user
    for file in saltext.Topology(three_masters()).files("cp1"):
        if file["managed"] == "yes":
            about = unprivileged.path(file["path"]).stat()
            assert (about.st_uid, about.st_mode & 0o7777) == (owner, int(file["mode"], 8)), file["path"]
    assert unprivileged.highstate().changes == {}
