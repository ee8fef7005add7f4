"""``salt-call state.apply k8s.ha`` on one host on which nothing is to be done, beside as many states that do nothing.

A directory stands for the host, so no service is asked: see `states_of_services`.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from bench import silence
from bench.figure import Figure
from functional.minion import Answer, Minion
from functional.pillars import three_masters

RUNS = 5


def write_nops(states: Path, count: int) -> None:
    """The states to compare with."""
    text = "".join(f"nop {number}:\n  test.nop\n" for number in range(count))
    (states / "nops.sls").write_text(text, encoding="ascii")


def _call(minion: Minion, name: str) -> tuple[float, float, Answer]:
    """Seconds of the clock and of a processor that one call takes."""
    before, start = silence.cpu_of_children(), time.perf_counter()
    answer = minion.call("state.apply", name)
    took = time.perf_counter() - start
    assert answer.code == 0, answer.text
    return took, silence.cpu_of_children() - before, answer


def main(directory: Path) -> None:
    """Measure."""
    silence.check()
    minion = Minion(directory)
    minion.set_pillar(three_masters())
    first = minion.call("state.apply", "k8s.ha")
    assert first.code == 0 and first.changes, first.text
    count = len(first.ours)
    write_nops(directory / "states", count)
    # In turn, because what else the machine does changes.
    pairs = [(_call(minion, "k8s.ha"), _call(minion, "nops")) for _ in range(RUNS)]
    ours, nops = ([pair[place] for pair in pairs] for place in (0, 1))
    assert not any(answer.changes for _, _, answer in ours)
    wall = Figure.of(f"salt-call state.apply k8s.ha, {count} states, no change", [each[0] for each in ours])
    yard = Figure.of(f"salt-call state.apply, {count} x test.nop", [each[0] for each in nops])
    ratio = f"{wall.seconds / yard.seconds:.2f} x test.nop"
    silence.tell(Figure(wall.what, wall.seconds, wall.most, ratio))
    silence.tell(yard)
    cpu = Figure.of("... of that, CPU of the whole process", [each[1] for each in ours])
    bare = Figure.of("... CPU with test.nop", [each[1] for each in nops])
    silence.tell(Figure(cpu.what, cpu.seconds, cpu.most, f"{cpu.seconds / bare.seconds:.2f} x test.nop"))
    more = (min(each[1] for each in ours) - min(each[1] for each in nops)) / count
    silence.tell(Figure("... CPU above test.nop for each state, our modules loaded", more))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
