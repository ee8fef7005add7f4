"""Measure what operators wait for. Run by `make bench`, which measures all; arguments name parts.

Each figure is the median of several runs on this machine. The ratios matter, and the curve over the sizes;
the absolute times are for orientation.
"""

from __future__ import annotations

import argparse
import importlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
# The parts use helpers of the tests.
sys.path.insert(0, str(HERE.parent))
from bench.figure import milliseconds  # noqa: E402

PARTS = {
    "pillar": "lint, faults, plan, render and ext_pillar over the number of nodes; import; wheel",
    "gate": "look and judge with five real hosts, some of them hung",
    "states": "states where nothing changes: one host, services, 200 nodes",
    "lock": "turns: take-over after the holder's death, from the last check to the act",
    "snapshot": "a verified snapshot of etcd",
}
BIN = Path(sys.executable).parent
RUNS = 5
SIZES = (50, 500, 5000)
CHANGE = "  etcd: {quota_backend_bytes: 6GiB}\n  kubeadm: {kubelet: {max_pods: 120}}\n"

LOAD = """
import sys, time
from salt.utils.yamlloader import SaltYamlSafeLoader, load
text = open(sys.argv[1]).read()
start = time.perf_counter()
load(text, Loader=SaltYamlSafeLoader)
print(time.perf_counter() - start)
"""

IMPORT = """
import time
start = time.perf_counter()
import saltext.k8s_ha._core
print(time.perf_counter() - start)
"""

EXT_PILLAR = """
import sys, time
from salt.utils.yamlloader import SaltYamlSafeLoader, load
from saltext.k8s_ha.pillar import k8s_ha as module
module.__opts__ = {"ext_pillar": [{"k8s_ha": {}}]}
pillar = load(open(sys.argv[1]).read(), Loader=SaltYamlSafeLoader)
def once(minion):
    start = time.perf_counter()
    module.ext_pillar(minion, pillar)
    return time.perf_counter() - start
print(once("cp1.prod1.lan"), sorted(once("cp1.prod1.lan") for _ in range(50))[25])
"""


def median(run: Callable[[], float]) -> float:
    """Median of several runs, in seconds, after one that does not count."""
    run()
    return statistics.median(run() for _ in range(RUNS))


def process(*arguments: str | Path) -> float:
    """Wall time of a whole process."""
    start = time.perf_counter()
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def printed(code: str, *arguments: str | Path) -> list[float]:
    """Figures that a fresh Python prints."""
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=tempfile.gettempdir())
    return [float(word) for word in done.stdout.split()]


def show(what: str, seconds: float, note: str = "") -> None:
    """One line of the table."""
    print(f"{what:68} {milliseconds(seconds):>12}  {note}".rstrip(), flush=True)


def show_part(name: str) -> None:
    """Measure a part that has a module of its own."""
    for figure in importlib.import_module(f"bench.{name}").figures():
        show(figure.what, figure.seconds, figure.said)


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    known = "; ".join(f"{name}: {what}" for name, what in PARTS.items())
    parser.add_argument("part", nargs="*", help=f"default: all. {known}")
    asked = parser.parse_args().part or list(PARTS)
    if unknown := [name for name in asked if name not in PARTS]:
        parser.error(f"no part is named {', '.join(unknown)}: there are {', '.join(PARTS)}")
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"{os.cpu_count()} processors, load average {load}; medians", flush=True)
    for name in asked:
        show_pillars() if name == "pillar" else show_part(name)


def show_pillars() -> None:
    """Measure what the core does with pillars of several sizes."""
    command = BIN / "k8s-ha"
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for size in SIZES:
            files[size] = Path(folder) / f"{size}.sls"
            text = subprocess.run(
                [sys.executable, HERE / "generate.py", str(size)], check=True, capture_output=True, text=True
            ).stdout
            files[size].write_text(text, encoding="utf-8")
        for size, file in files.items():
            lint = median(lambda file=file: process(command, "lint", file))
            show(f"k8s-ha lint, {size} nodes, whole process", lint, f"{file.stat().st_size / 1e6:.2f} MB")
            loaded = median(lambda file=file: printed(LOAD, file)[0])
            show(f"Salt merely loads the same file, {size} nodes", loaded, f"{loaded / lint:.1f} x")
        for size, file in files.items():
            show(
                f"k8s-ha tolerance, {size} nodes",
                median(lambda file=file: process(command, "tolerance", file)),
            )
            sets = (command, "faults", file, "--cut-sets", "3", "--format", "json")
            show(f"k8s-ha faults --cut-sets 3, all services, {size} nodes", process(*sets))
        changed = Path(folder) / "changed.sls"
        text = files[500].read_text(encoding="utf-8")
        changed.write_text(text.replace("  profiles:", f"{CHANGE}  profiles:", 1), encoding="utf-8")
        show(
            "k8s-ha plan, every one of 500 nodes changes",
            median(lambda: process(command, "plan", files[500], changed)),
        )
        page = Path(folder) / "report.html"
        took = process(command, "report", files[500], "-o", page)
        show("k8s-ha report, 500 nodes", took, f"{page.stat().st_size / 1e3:.0f} kB")
        show("ext_pillar, 500 nodes, first minion", median(lambda: printed(EXT_PILLAR, files[500])[0]))
        show("ext_pillar, 500 nodes, each further minion", median(lambda: printed(EXT_PILLAR, files[500])[1]))
        show("import saltext.k8s_ha._core", median(lambda: printed(IMPORT)[0]))
        one, everything = Path(folder) / "one", Path(folder) / "all"
        render = (command, "render", files[500])
        show(
            "k8s-ha render, one node of 500", median(lambda: process(*render, "--node", "cp1", "--out", one))
        )
        show("k8s-ha render, all of 500 nodes", process(*render, "--all", "--out", everything))
    for wheel in sorted((HERE.parents[1] / "dist").glob("*.whl")):
        print(f"{wheel.name}: {wheel.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
