"""Server-side apply of manifests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from live.control_plane import ControlPlane
from saltext.k8s_ha._core import Api, LiveError

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Applied

WIDGETS = """
apiVersion: {group}/v1
kind: Widget
metadata: {{name: first, namespace: {namespace}}}
spec: {{size: 3}}
---
apiVersion: v1
kind: Namespace
metadata: {{name: {namespace}}}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: widgets.{group}}}
spec:
  group: {group}
  scope: Namespaced
  names: {{kind: Widget, plural: widgets, singular: widget, listKind: WidgetList}}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties: {{spec: {{type: object, properties: {{size: {{type: integer}}}}}}}}
"""


def config_map(name: str, value: str = "1") -> str:
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata: {{key: '{value}'}}\n"


def changes(applied: list[Applied]) -> list[str]:
    return [one["change"] for one in applied]


def test_what_happened_is_told(api: Api) -> None:
    assert api.apply(config_map("told"), "test") == [
        {
            "api_version": "v1",
            "kind": "ConfigMap",
            "namespace": "default",
            "name": "told",
            "change": "created",
        }
    ]
    assert changes(api.apply(config_map("told"), "test")) == ["unchanged"]
    assert changes(api.apply(config_map("told", "2"), "test")) == ["configured"]
    assert api.config_map("default", "told") == {"key": "2"}


def test_a_dry_run_tells_the_same_and_does_nothing(api: Api) -> None:
    assert changes(api.apply(config_map("dry"), "test", dry_run=True)) == ["created"]
    with pytest.raises(LiveError):
        api.config_map("default", "dry")
    api.apply(config_map("dry"), "test")
    assert changes(api.apply(config_map("dry"), "test", dry_run=True)) == ["unchanged"]
    assert changes(api.apply(config_map("dry", "2"), "test", dry_run=True)) == ["configured"]
    assert api.config_map("default", "dry") == {"key": "1"}


def test_a_definition_its_namespace_and_a_custom_resource_in_one_text(api: Api) -> None:
    text = WIDGETS.format(group="one.example.org", namespace="widgets")
    expected = ["CustomResourceDefinition", "Namespace", "Widget"]
    assert changes(api.apply(text, "test", dry_run=True)) == ["created"] * 3
    applied = api.apply(text, "test")
    assert [one["kind"] for one in applied] == expected
    assert changes(applied) == ["created"] * 3
    assert changes(api.apply(text, "test")) == ["unchanged"] * 3
    assert changes(api.apply(text, "test", dry_run=True)) == ["unchanged"] * 3


def test_objects_in_a_namespace_that_a_dry_run_would_create(api: Api) -> None:
    inside = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: later}}"
    text = f"{inside}\n---\n{{apiVersion: v1, kind: Namespace, metadata: {{name: later}}}}"
    assert changes(api.apply(text, "test", dry_run=True)) == ["created", "created"]
    with pytest.raises(LiveError, match='namespaces "later" not found') as raised:
        api.apply(inside, "test")
    assert raised.value.kind == "not_found"


def test_a_conflict_names_the_field_and_its_manager(api: Api) -> None:
    api.apply(config_map("owned"), "somebody-else")
    with pytest.raises(LiveError, match="`somebody-else`") as raised:
        api.apply(config_map("owned", "2"), "test")
    assert raised.value.kind == "conflict"
    assert str(raised.value).startswith(".data.key of ConfigMap owned belong to the field manager")
    assert changes(api.apply(config_map("owned", "2"), "test", force=True)) == ["configured"]


def test_file_modes_are_octal_as_for_kubectl(control_plane: ControlPlane, api: Api) -> None:
    api.apply(
        """
apiVersion: v1
kind: Pod
metadata: {name: modes}
spec:
  containers: [{name: a, image: a}]
  volumes: [{name: v, secret: {secretName: s, defaultMode: 0400}}]
""",
        "test",
    )
    pod = control_plane.request("GET", "/api/v1/namespaces/default/pods/modes")
    assert pod["spec"]["volumes"][0]["secret"]["defaultMode"] == 0o400


def test_a_document_that_cannot_be_sent_stops_everything_before(api: Api) -> None:
    with pytest.raises(
        LiveError, match=r"document 2 of the manifests \(line 5\).* it has no metadata.name"
    ) as raised:
        api.apply(config_map("before") + "---\napiVersion: v1\nkind: ConfigMap\n", "test")
    assert raised.value.kind == "manifest"
    with pytest.raises(LiveError):
        api.config_map("default", "before")


def test_a_kind_that_nobody_serves_is_named(api: Api) -> None:
    for version in ("v1", "nobody.example.org/v1"):
        text = f"{{apiVersion: {version}, kind: Gadget, metadata: {{name: a}}}}"
        with pytest.raises(LiveError, match=f"serves no kind Gadget of {version} .document 1") as raised:
            api.apply(text, "test")
        assert raised.value.kind == "unserved"


def test_what_the_server_refuses_is_said_but_nothing_of_a_secret(api: Api) -> None:
    with pytest.raises(LiveError, match="status 422"):
        api.apply("{apiVersion: v1, kind: ConfigMap, metadata: {name: Not_A_Name}}", "test")
    text = "{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {password: {hunter2: hunter2}}}"
    with pytest.raises(LiveError, match="what it says of a Secret is not shown") as raised:
        api.apply(text, "test")
    assert "hunter2" not in str(raised.value)
