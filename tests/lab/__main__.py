"""``python -m lab [SCENARIO ...]``: runs scenarios on machines of their own; ends with a table and a summary."""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from collections.abc import Sequence

from lab.commands import LabError
from lab.lab import Lab
from lab.report import Report, table
from lab.run_record import Run
from programs import NotRun

SCENARIOS = (
    "from-nothing",
    "join-one-later",
    "grow",
    "external-balancer",
    "local-balancer",
    "another-minor",
    "interrupted",
    "bad-input",
    "host-loss",
    "process-faults",
    "partitions",
    "failover",
    "side-by-side",
    "can-fail",
    "second-cluster",
    "empty-etcd-disk",
    "day-200",
    "external-etcd",
    "hypervisor-set",
    "change-everywhere",
    "change-under-fault",
    "fault-in-a-step",
    "patch-and-reboot",
    "maintenance",
    "certificates",
    "gate-can-fail",
)
QUICK = ("from-nothing",)


def main(arguments: Sequence[str]) -> int:
    """Run the command line; 0 when every scenario passed, 1 when one failed, 2 when none could be run."""
    parser = argparse.ArgumentParser(prog="make lab", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the scenarios of every change")
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help=", ".join(SCENARIOS))
    given = parser.parse_args(arguments)
    wanted = given.scenarios or (QUICK if given.quick else SCENARIOS)
    if unknown := [name for name in wanted if name not in SCENARIOS]:
        parser.error(f"no scenario {', '.join(unknown)}; there are: {', '.join(SCENARIOS)}")
    reports = [_scenario(name) for name in wanted]
    print(f"\n{table(reports)}\n")
    failed = [report for report in reports if report.complaints]
    for report in failed:
        for complaint in report.complaints:
            print(f"FAILED {report.scenario}: {complaint}")
    print(f"{len(reports) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def _scenario(name: str) -> Report:
    print(f"{name}:", flush=True)
    report = Report(name)
    began = time.monotonic()
    module = importlib.import_module(f"lab.scenarios.{name.replace('-', '_')}")
    try:
        with Run() as run:
            module.run(Lab(run, report))
    except (LabError, NotRun) as error:
        report.complain(str(error))
    report.measure("the whole scenario", time.monotonic() - began)
    return report


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
