"""Removes what is there, whatever it is."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def remove(place: Path) -> None:
    """Remove a file, a link, or a directory with all that is in it; nothing where there is none."""
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    elif os.path.lexists(place):
        place.unlink()
