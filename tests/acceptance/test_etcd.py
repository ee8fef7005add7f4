"""A real member of etcd becomes healthy with each file of an external etcd."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from programs import etcd
from programs.expectations import assert_refused

from .cases import AS_WRITTEN, WITH_CHANGES, Case, Renderer
from .verdicts import Verdicts

PATH = "/etc/etcd/etcd.conf.yaml"
EXTERNAL = Case("base external_etcd")


@pytest.mark.parametrize("case", [*AS_WRITTEN, *WITH_CHANGES], ids=str)
def test_accepts(case: Case, rendered: Renderer, verdicts: Verdicts) -> None:
    result = rendered(case)
    external = result.effective["etcd"]["topology"] == "external"
    members = [node for node in result.nodes if external and node.has_role("etcd")]
    assert [node.name for node in result.nodes if PATH in node.paths()] == [node.name for node in members]
    for node in members:
        verdicts.accepted("etcd", node, [PATH], etcd.check, node.root, PATH)


def test_has_members_to_check(rendered: Renderer) -> None:
    assert sum(PATH in node.paths() for node in rendered(EXTERNAL).nodes) == 3


@pytest.mark.parametrize(
    ("old", "new", "because"),
    [
        ("election-timeout: 1000", "election-timeout: 300", "election-timeout"),
        ("quota-backend-bytes:", "quota-backend-byte:", "quota-backend-byte is no key that etcd knows"),
        ("client-cert-auth: true", "client-cert-auths: true", "client-cert-auths is no key that etcd knows"),
    ],
)
def test_refuses_a_broken_one(break_file: Callable[..., Path], old: str, new: str, because: str) -> None:
    assert_refused(etcd.check(break_file(EXTERNAL, PATH, old, new), PATH), because)
