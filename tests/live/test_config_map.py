"""One key of a ConfigMap, changed only where it still says what was seen."""

from __future__ import annotations

import pytest

from saltext.k8s_ha._core import Api, LiveError


@pytest.fixture
def name(api: Api, request: pytest.FixtureRequest) -> str:
    """A ConfigMap of the test's own, with one key."""
    name = str(request.node.name).replace("_", "-")
    text = f"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {name}}}, data: {{Corefile: old}}}}"
    api.apply(text, "test")
    return name


def test_a_key_is_changed_once(api: Api, name: str) -> None:
    assert api.config_map("default", name) == {"Corefile": "old"}
    assert api.patch_config_map("default", name, "Corefile", "new", "test", seen="old") is True
    assert api.patch_config_map("default", name, "Corefile", "new", "test", seen="old") is False
    assert api.patch_config_map("default", name, "other", "text", "test") is True
    assert api.config_map("default", name) == {"Corefile": "new", "other": "text"}


def test_what_somebody_else_changed_is_left(api: Api, name: str) -> None:
    with pytest.raises(LiveError, match=f"ConfigMap default/{name} was changed by somebody else") as raised:
        api.patch_config_map("default", name, "Corefile", "new", "test", seen="older")
    assert raised.value.kind == "changed"
    assert api.config_map("default", name) == {"Corefile": "old"}


def test_one_that_is_not_there_is_not_made(api: Api) -> None:
    with pytest.raises(LiveError, match="changing ConfigMap default/absent") as raised:
        api.patch_config_map("default", "absent", "a", "b", "test")
    assert raised.value.kind == "not_found"
