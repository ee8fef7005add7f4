"""Both readers, Salt's and ours.

Nothing here and in the test modules imports Salt while tests are collected, so that they are skipped where it
is not installed.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from typing import TYPE_CHECKING

import pytest

from .our_reading import OurReader

if TYPE_CHECKING:
    from .comparison import Comparison


def pytest_pycollect_makemodule() -> None:
    """Let pytest import the next test module.

    In the import mode `importlib` pytest asks every import hook for `find_spec`, and Salt installs one of an
    old kind (for PyNaCl) that has none. A plugin of pytest may have imported Salt by now.
    """
    for hook in sys.meta_path:
        if not hasattr(hook, "find_spec"):
            setattr(hook, "find_spec", lambda *_: None)  # noqa: B010  (to a type checker every hook has it)


@pytest.fixture(scope="session")
def reader() -> Iterator[OurReader]:
    """Build our reader and start it."""
    if shutil.which("cargo") is None:
        pytest.skip("cargo is not installed; our reader is built with it")
    ours = OurReader()
    yield ours
    ours.close()


@pytest.fixture(scope="session")
def comparison(reader: OurReader) -> Comparison:
    """Bring both readers together."""
    try:
        distribution("salt")
    except PackageNotFoundError:
        pytest.skip("Salt is not installed; `pip install salt` brings the loader to compare with")
    from .comparison import Comparison

    return Comparison(reader)
