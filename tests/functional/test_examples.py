"""Every worked example, and every pillar on which rules are tried, is applied: one node of each kind."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from command import ROOT
from examples import FOLDER, NAMES
from functional.minion import Minion
from functional.needs import installed

core = installed("saltext.k8s_ha._core")

BASES = sorted((ROOT / "rust/lint/src/bases").glob("*.yaml"))


def topology_of(path: Path) -> Any:
    """The topology of an example (a folder), or of a file with the value of ``k8s_ha``."""
    return core.Topology.load(path) if path.is_dir() else core.Topology(yaml.safe_load(path.read_text()))


def nodes_of_each_kind(path: Path) -> list[tuple[str, str]]:
    """Minion id and node name of the first node with each set of roles."""
    topology = topology_of(path)
    kinds: dict[tuple[str, ...], tuple[str, str]] = {}
    for minion, node in topology.minions.items():
        kinds.setdefault(tuple(topology.roles(node)), (minion, node))
    return list(kinds.values())


CASES = [
    pytest.param(path, *node, id=f"{path.stem}-{node[1]}")
    for path in [*(FOLDER / name for name in NAMES), *BASES]
    for node in nodes_of_each_kind(path)
]


@pytest.mark.parametrize(("path", "minion_id", "node"), CASES)
def test_a_node_converges(path: Path, minion_id: str, node: str, tmp_path: Path) -> None:
    minion = Minion(tmp_path, minion_id)
    if path.is_dir():
        minion = Minion(tmp_path, minion_id, settings={"pillar_roots": {"base": [str(path)]}})
    else:
        minion.set_pillar(yaml.safe_load(path.read_text()))
    first = minion.call("state.apply", "k8s.ha")
    assert first.code == 0 and not first.failed, first.text
    files = {f"k8s_ha {file['path']}" for file in topology_of(path).files(node)}
    assert {state for state in first.ours if state.startswith("k8s_ha /")} == files, "each file has its state"
    assert minion.call("state.apply", "k8s.ha").changes == {}
