"""`haproxy -c` of the real HAProxy, with warnings counted as errors."""

from __future__ import annotations

import re
from pathlib import Path

from programs import pki
from programs.stage import Stage, staged
from programs.verdict import Verdict, locate, run

_CERTIFICATE_OPTION = re.compile(r"\b(ca-file|ca-verify-file|crt|crl-file)\s+(/\S+)")


def check(root: Path, file: str = "/etc/haproxy/haproxy.cfg") -> Verdict:
    """Check the configuration `file` among the node's files below `root`.

    Certificates that the configuration names and that the node gets from elsewhere are stood in for: HAProxy
    refuses a configuration whose ca-file is not there.
    """
    with staged(root) as stage:
        if not stage.holds(file):
            return Verdict(False, f"{root} has no {file}")
        _provide_certificates(stage, file)
        configuration = stage.redirect(file)
        done = run([locate("haproxy"), "-c", "-V", "-dW", "-f", configuration])
    return Verdict(done.code == 0, f"{file}: exit {done.code}\n{done.said}")


def _provide_certificates(stage: Stage, file: str) -> None:
    named = _CERTIFICATE_OPTION.findall(stage.path(file).read_text(encoding="utf-8"))
    if not any(not stage.holds(path) for _, path in named):
        return
    authority = pki.Authority("k8s-ha-test-ca")
    for option, path in named:
        if option == "crt":
            certificate, key = authority.issue("k8s-ha-test", addresses=["127.0.0.1"])
            stage.provide(path, certificate + key, mode=0o600)
        else:
            stage.provide(path, authority.certificate)
