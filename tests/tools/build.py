#!/usr/bin/env python3
"""Makes the real programs available that the tests run, and prints where each of them is.

Kubernetes, etcd and containerd are built from the Go modules beside this file, once, and kept in the user's
cache (`$XDG_CACHE_HOME` or `~/.cache`, below `saltext-k8s-ha/tools`). Programs of Debian are found, or
installed when root.

Prints `name<TAB>path` for each; exit status 1 when one is not available, with one sentence on standard error
that says why and which command would help. With `--for-tests` it is all that the tests run, and what is not
available is an error where CI=true only: the tests name it in their summary. With `--for-lab` it is all that
the lab's artefacts are made of.

Example: python3 tests/tools/build.py kubeadm-1.36 etcd-3.6 haproxy
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import cache
import debian_programs
import go_build
from catalogue import DEBIAN_PROGRAMS, FOR_LAB, FOR_TESTS, GO_TOOLS
from unavailable import Unavailable


def main(arguments: list[str]) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = sorted((*GO_TOOLS, *DEBIAN_PROGRAMS))
    parser.add_argument("--for-tests", action="store_true", help="all that the tests run")
    parser.add_argument("--for-lab", action="store_true", help="all that the lab's artefacts are made of")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(names)}")
    given = parser.parse_args(arguments)
    for_lab = FOR_LAB if given.for_lab else ()
    wanted = [*given.names, *(FOR_TESTS if given.for_tests else ()), *for_lab]
    if not wanted:
        parser.error("name a program, or write --for-tests or --for-lab")
    if unknown := [name for name in wanted if name not in names]:
        parser.error(f"unknown: {', '.join(unknown)}; known: {', '.join(names)}")

    cache_directory = cache.directory()
    missing = 0
    for name in dict.fromkeys(wanted):
        try:
            print(f"{name}\t{_locate(name, cache_directory)}", flush=True)
        except Unavailable as error:
            print(error, file=sys.stderr)
            missing += 1
    tolerated = given.for_tests and not given.for_lab and os.environ.get("CI") != "true"
    return 1 if missing and not tolerated else 0


def _locate(name: str, cache_directory: Path) -> Path:
    if name in GO_TOOLS:
        return go_build.program(GO_TOOLS[name], cache_directory)
    return debian_programs.program(name, cache_directory)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
