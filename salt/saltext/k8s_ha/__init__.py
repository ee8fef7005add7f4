"""Highly available Kubernetes from one Salt pillar.

``from saltext.k8s_ha import Topology`` reads a pillar, judges it and renders the files of its nodes.
Importing this package loads nothing else; the compiled core is loaded when one of its names is used.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in `typing`, whose import takes longer than ours
if TYPE_CHECKING:
    from typing import Any

    from saltext.k8s_ha._core import K8sHaError, PillarError, RenderError, Topology

    __version__: str

__all__ = ["K8sHaError", "PillarError", "RenderError", "Topology", "__version__", "formula_path"]

_CORE = frozenset({"K8sHaError", "PillarError", "RenderError", "Topology"})


def __getattr__(name: str) -> Any:  # noqa: ANN401 (whatever the core has under this name)
    if name in _CORE:
        from saltext.k8s_ha import _core

        return getattr(_core, name)
    if name == "__version__":
        from saltext.k8s_ha import _core

        return _core.version()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def formula_path() -> str:
    """The directory with the SLS tree ``k8s/ha``: the entry to add to ``file_roots``."""
    import os

    return os.path.join(os.path.dirname(os.path.abspath(__file__)), "formula")  # noqa: PTH118, PTH120, PTH100
