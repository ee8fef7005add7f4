"""systemd verifies each unit and drop-in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from programs import systemd
from programs.expectations import assert_refused

from .cases import ALL, Case, Renderer
from .verdicts import Verdicts

UNITS = "/etc/systemd/system/"
READ = (UNITS, "/usr/libexec/", "/usr/local/")


@pytest.mark.parametrize("case", ALL, ids=str)
def test_accepts(case: Case, rendered: Renderer, verdicts: Verdicts) -> None:
    for node in rendered(case).nodes:
        units = node.below(UNITS)
        assert units or not node.runs_kubelet()
        if units:
            verdicts.accepted("systemd", node, node.below(*READ), systemd.check, node.root)


@pytest.mark.parametrize(
    ("source", "path", "old", "new", "because"),
    [
        (
            "stacked-three-masters",
            f"{UNITS}kubelet.service.d/20-k8s-ha.conf",
            "[Service]",
            "[Servise]",
            "Servise",
        ),
        ("base external_etcd", f"{UNITS}etcd.service", "RestartSec", "RestartSecs", "RestartSecs"),
    ],
)
def test_refuses_a_broken_one(
    break_file: Callable[..., Path], source: str, path: str, old: str, new: str, because: str
) -> None:
    assert_refused(systemd.check(break_file(Case(source), path, old, new)), because)
