"""Every worked example is applied by Salt: one node of each kind."""

from pathlib import Path

import pytest

from examples import FOLDER, NAMES
from functional.minion import Minion
from functional.needs import installed

core = installed("saltext.k8s_ha._core")


def nodes_of_each_kind(name: str) -> list[tuple[str, str]]:
    """Minion id and node name of the first node with each set of roles."""
    topology = core.Topology.load(FOLDER / name)
    kinds: dict[tuple[str, ...], tuple[str, str]] = {}
    for minion, node in topology.minions.items():
        kinds.setdefault(tuple(topology.roles(node)), (minion, node))
    return list(kinds.values())


CASES = [(name, minion, node) for name in NAMES for minion, node in nodes_of_each_kind(name)]


@pytest.mark.parametrize(("name", "minion_id", "node"), CASES)
def test_a_node_of_an_example_converges(name: str, minion_id: str, node: str, tmp_path: Path) -> None:
    minion = Minion(tmp_path, minion_id, settings={"pillar_roots": {"base": [str(FOLDER / name)]}})
    first = minion.call("state.apply", "k8s.ha")
    assert first.code == 0 and not first.failed, first.text
    files = core.Topology.load(FOLDER / name).files(node)
    managed = {f"k8s_ha {file['path']}" for file in files}
    assert {state for state in first.ours if state.startswith("k8s_ha /")} == managed, (
        "each file has its state"
    )
    assert minion.call("state.apply", "k8s.ha").changes == {}
