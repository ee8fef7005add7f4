"""Whether Salt loads a module of this extension."""

from __future__ import annotations

import importlib.util


def loaded(name: str) -> str | tuple[bool, str]:
    """The name under which it is loaded, or why it is not: for ``__virtual__``."""
    if importlib.util.find_spec("saltext.k8s_ha._core") is None:
        return False, "the compiled core of saltext.k8s-ha is not installed"
    return name
