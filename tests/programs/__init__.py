"""Runs the real programs on rendered files and says whether they accept them.

One module per program; each `check` takes the directory below which a node's files lie as they would lie on
the node (or one file, where paths in it do not matter) and returns a `Verdict`. A program that cannot be run
raises `NotRun`, which `programs.plugin` turns into a skipped test, or into a failed one where CI=true.
"""

from programs.verdict import NotRun, Verdict

__all__ = ["NotRun", "Verdict"]
