"""``python -m lab.shell``: leaves a cluster up until it is interrupted, and prints how to enter a host."""

from __future__ import annotations

import signal
import sys

from lab import cluster as clusters
from lab import standing
from lab.commands import LabError
from lab.report import Report
from lab.run_record import Run


def main() -> int:
    """Stand a cluster up, print how to enter its hosts, and wait for an interrupt."""
    with Run() as run:
        cluster = clusters.build(run)
        try:
            standing.stand_up(cluster, Report("shell"))
        except LabError as error:
            print(error)
        for machine in cluster.machines.values():
            print(f"{machine.name}: {' '.join(machine.enter_command())} bash")
        print("Interrupt (Ctrl-C) to remove everything.", flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
