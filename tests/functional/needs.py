"""What these tests need: Salt and the extension in the running interpreter. Without them they are skipped, in
CI they fail.
"""

import importlib
import os
from types import ModuleType

import pytest


def installed(name: str) -> ModuleType:
    """A module of Salt or of the extension."""
    try:
        # A folder named `salt` imports as an empty package, so the real one is asked for.
        importlib.import_module("salt.version")
        importlib.import_module("saltext.k8s_ha._core")
        return importlib.import_module(name)
    except ImportError as error:
        reason = f"Salt and the extension are not installed here ({error}); run `pip install '.[salt,tests]'`"
        if os.environ.get("CI") == "true":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason, allow_module_level=True)
