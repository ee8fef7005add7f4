"""A Python without the extension, though it is installed."""

from pathlib import Path

SITE = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.startswith("saltext.k8s_ha"):
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Missing())
"""


def hide_extension(directory: Path) -> dict[str, str]:
    """The environment in which a Python does not find the extension; files for it stand in ``directory``."""
    (directory / "sitecustomize.py").write_text(SITE)
    return {"PYTHONPATH": str(directory)}
