"""What the states cost on a host where nothing changes, and that nobody is asked there.

All of it is run in a network namespace whose loopback is down: what opened a connection would fail.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.figure import Figure

TESTS = Path(__file__).resolve().parents[1]
NODES = (20, 200)


def figures(nodes: Sequence[int] = NODES) -> Iterator[Figure]:
    """One host as Salt runs it, services, and pillars with so many nodes, all of them in one process."""
    # Who is not root has a namespace of networks only within one of users.
    alone = ["unshare", "--net", *(["--map-root-user"] if os.geteuid() else [])]
    with tempfile.TemporaryDirectory() as directory:
        for module, *arguments in (
            ("bench.states_of_one",),
            ("bench.states_of_services",),
            *(("bench.states_of_many", str(count)) for count in nodes),
        ):
            place = Path(directory) / "-".join((module, *arguments))
            place.mkdir()
            command = [*alone, sys.executable, "-m", module, str(place), *arguments]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=TESTS) as measuring:
                for line in measuring.stdout or ():
                    yield Figure(**json.loads(line))
            if measuring.returncode != 0:
                raise RuntimeError(f"{module} exits with {measuring.returncode}")
