"""``state.apply k8s.ha`` on every node of a large pillar, one after the other in one process; no change.

Each node has a directory that stands for it. What is counted is the processor, without what Salt takes to make the
pillar and to load its modules anew for each node.
"""

from __future__ import annotations

import copy
import sys
import time
from pathlib import Path
from typing import Any

import salt.config
import salt.loader
import salt.pillar
import yaml

from bench import generate, silence
from bench.figure import Figure
from bench.states_of_one import write_nops
from functional.minion import Minion


class Nodes:
    """The minions of one configuration."""

    def __init__(self, directory: Path, count: int) -> None:
        minion = Minion(directory)
        self._hosts = directory / "hosts"
        pillar = yaml.safe_load(generate.pillar(count))["k8s_ha"]
        minion.set_pillar(pillar)
        self.minions = [node["minion"] for node in pillar["nodes"].values()]
        self._opts = salt.config.minion_config(str(directory / "conf" / "minion"))
        self._opts["grains"] = salt.loader.grains(self._opts)

    def functions(self, minion: str) -> Any:
        """What Salt calls on one minion."""
        opts = copy.deepcopy(self._opts)
        root = self._hosts / minion
        root.mkdir(parents=True, exist_ok=True)
        # One by one: Salt's own kind of mapping takes nothing over by an update.
        opts["id"], opts["k8s_ha"] = minion, {"root": str(root)}
        opts["pillar"] = salt.pillar.get_pillar(opts, opts["grains"], minion, "base").compile_pillar()
        functions = salt.loader.minion_mods(opts, utils=salt.loader.utils(opts))
        assert functions["config.get"]("id") == minion
        return functions


def _apply(functions: Any, name: str) -> tuple[float, dict[str, Any]]:
    """Seconds of the processor, and the answers of the states."""
    start = time.process_time()
    said = functions["state.sls"](name)
    took = time.process_time() - start
    assert isinstance(said, dict) and all(each["result"] for each in said.values()), said
    return took, said


def main(directory: Path, count: int) -> None:
    """Measure."""
    silence.check()
    nodes = Nodes(directory, count)
    ours = nops = 0.0
    states = 0
    for minion in nodes.minions:
        functions = nodes.functions(minion)
        _apply(functions, "k8s.ha")
        took, said = _apply(functions, "k8s.ha")
        assert not any(each["changes"] for each in said.values()), minion
        ours, states = ours + took, states + len(said)
        write_nops(directory / "states", len(said))
        took, _ = _apply(functions, "nops")
        nops += took
    silence.tell(Figure(f"{count} nodes: CPU of {states} states, no change", ours))
    silence.tell(
        Figure(f"{count} nodes: CPU for each node", ours / count, None, f"{ours / nops:.2f} x test.nop")
    )
    silence.tell(Figure(f"{count} nodes: CPU for each state, above test.nop", (ours - nops) / states))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
