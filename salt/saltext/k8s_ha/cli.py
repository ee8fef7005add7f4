"""The command ``k8s-ha``."""

from __future__ import annotations

import signal
import sys


def main() -> None:
    """Run the command line and end with its exit code."""
    # The command is no Python program: interrupted, or with nobody reading, it ends as any other does.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    from saltext.k8s_ha import _core

    sys.exit(_core.cli_main(["k8s-ha", *sys.argv[1:]]))
