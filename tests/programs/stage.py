"""A private copy of a node's rendered files, in which absolute paths lead to the copy."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_ABSOLUTE_PATH = re.compile(r"(?<![\w.\-/*])/[\w.@%+\-/]+")


class Stage:
    """The copy of a node's files below `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, on_node: str) -> Path:
        """Where the file lies here that is at the absolute path `on_node` on the node."""
        return self.root / on_node.lstrip("/")

    def holds(self, on_node: str) -> bool:
        """Whether the node's files contain `on_node`."""
        return self.path(on_node).exists()

    def provide(self, on_node: str, content: str, mode: int = 0o644) -> Path:
        """Add a file that the node gets from elsewhere (a certificate, a binary); an existing one is kept."""
        path = self.path(on_node)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
            path.chmod(mode)
        return path

    def redirect(self, on_node: str) -> Path:
        """Rewrite every absolute path in that file that exists in the copy; other paths stay as they are."""
        return self.edit(on_node, lambda text: _ABSOLUTE_PATH.sub(self._redirected, text))

    def edit(self, on_node: str, change: Callable[[str], str]) -> Path:
        """Replace the file's text by `change(text)`. Raises ValueError for a link out of the copy."""
        path = self.path(on_node)
        if not path.resolve().is_relative_to(self.root.resolve()):
            raise ValueError(f"{on_node} leads out of the node's files")
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
        return path

    def _redirected(self, match: re.Match[str]) -> str:
        on_node = match.group()
        return str(self.path(on_node)) if on_node.strip("/") and self.holds(on_node) else on_node


@contextmanager
def staged(rendered: Path) -> Iterator[Stage]:
    """Copy the files below `rendered` and remove the copy afterwards. Nothing outside the copy is written."""
    with tempfile.TemporaryDirectory(prefix="k8s-ha-stage-") as temporary:
        root = Path(temporary) / "node"
        shutil.copytree(rendered, root, symlinks=True)
        yield Stage(root)
