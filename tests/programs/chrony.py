"""`chronyd -p` of the real chronyd: it reads the configuration, prints it and ends."""

from __future__ import annotations

import re
from pathlib import Path

from programs.stage import staged
from programs.verdict import Verdict, locate, run

_INCLUDED = re.compile(r"^\s*(?:include|confdir)\s+(/.*)$", re.MULTILINE | re.IGNORECASE)


def check(root: Path, file: str = "/etc/chrony/chrony.conf") -> Verdict:
    """Check the configuration `file` among the node's files below `root` (on EL it is /etc/chrony.conf).

    What the configuration includes must be among the node's files: chronyd accepts a confdir that is not
    there.
    """
    with staged(root) as stage:
        if not stage.holds(file):
            return Verdict(False, f"{root} has no {file}")
        included = _INCLUDED.findall(stage.path(file).read_text(encoding="utf-8"))
        absent = [
            path for line in included for path in line.split() if "*" not in path and not stage.holds(path)
        ]
        configuration = stage.redirect(file)
        done = run([locate("chronyd"), "-p", "-f", configuration])
    notes = "".join(f"{path} is included, but is not among the node's files\n" for path in absent)
    return Verdict(done.code == 0 and not absent, f"{file}: exit {done.code}\n{done.said}{notes}")
