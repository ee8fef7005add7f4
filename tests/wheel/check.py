"""Check a wheel in a clean environment: its files, that it runs without Salt, what an import starts."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

IMPORT = """
import sys, threading, time
start = time.perf_counter()
import saltext.k8s_ha._core as core
spent = (time.perf_counter() - start) * 1000
threads = int(open("/proc/self/status").read().split("Threads:")[1].split()[0])
assert threads == 1 and threading.active_count() == 1, f"{threads} threads after the import"
assert "salt" not in sys.modules, "the import pulled Salt in"
print(f"import {spent:.1f} ms, 1 thread, version {core.version()}")
"""


def fail(message: str) -> None:
    """End with a sentence."""
    sys.exit(f"wheel: {message}")


def check_listing(wheel: Path) -> None:
    """The wheel holds the extension, the SLS tree, and nothing outside of its package."""
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "saltext/k8s_ha/_core.abi3.so",
        "saltext/k8s_ha/_core.pyi",
        "saltext/k8s_ha/py.typed",
        "saltext/k8s_ha/states/k8s_ha.py",
        "saltext/k8s_ha/formula/k8s/ha/init.sls",
    ):
        if wanted not in names:
            fail(f"{wanted} is missing in {wheel.name}")
    foreign = [name for name in names if not name.startswith("saltext/k8s_ha/") and ".dist-info/" not in name]
    if foreign:
        fail(f"files outside of the package: {', '.join(foreign)}")
    if "saltext/__init__.py" in names:
        fail("saltext/__init__.py would hide every other Salt extension")


def main() -> int:
    """Check the one wheel of a folder."""
    wheels = sorted(Path(sys.argv[1]).glob("*.whl"))
    if len(wheels) != 1:
        fail(f"expected one wheel in {sys.argv[1]}, found {len(wheels)}")
    wheel = wheels[0]
    tags = wheel.stem.split("-")[2:]
    if tags[:2] != ["cp310", "abi3"] or "manylinux_2_17_x86_64" not in tags[2]:
        fail(f"unexpected tags: {'-'.join(tags)}")
    check_listing(wheel)
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-index", wheel], check=True)
        subprocess.run([python, "-c", IMPORT], check=True, cwd=folder)
        subprocess.run([Path(folder) / "bin" / "k8s-ha", "--version"], check=True, cwd=folder)
        example = Path("pillar/minimal").resolve()
        subprocess.run([python, "-m", "saltext.k8s_ha", "lint", example], check=True, cwd=folder)
    print(f"{wheel.name}: {wheel.stat().st_size / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
