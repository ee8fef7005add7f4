"""`nft -c` of the real nft, in an empty network namespace: the host's ruleset is neither read nor changed."""

from __future__ import annotations

from pathlib import Path

from programs.isolation import run_isolated
from programs.stage import staged
from programs.verdict import Verdict, locate


def check(root: Path, file: str) -> Verdict:
    """Check the ruleset `file`, as in /etc/nftables.d/k8s-ha.nft, among the node's files below `root`.

    The kernel is asked too (a hook, a priority, an expression that it does not have is refused), but nothing
    is loaded.
    """
    with staged(root) as stage:
        if not stage.holds(file):
            return Verdict(False, f"{root} has no {file}")
        done = run_isolated([locate("nft"), "-c", "-f", stage.redirect(file)])
    return Verdict(done.code == 0, f"{file}: exit {done.code}\n{done.said}")
