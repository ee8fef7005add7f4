"""The real kube-proxy reads a KubeProxyConfiguration, validates it, writes it out again and ends."""

from __future__ import annotations

from pathlib import Path

from programs.component import check_documents
from programs.verdict import Finished, Verdict, locate, run


def check(file: Path, minor: str) -> Verdict:
    """Have kube-proxy of `minor`, as in "1.36", read every KubeProxyConfiguration in the file.

    With `--write-config-to` it does nothing else: no client, no rule, no server.
    """

    def read(copy: Path, directory: Path) -> Finished:
        written = directory / "effective.yaml"
        return run([locate(f"kube-proxy-{minor}"), f"--config={copy}", f"--write-config-to={written}"])

    def written_out(done: Finished, directory: Path) -> bool:
        return done.code == 0 and (directory / "effective.yaml").is_file()

    return check_documents(file, "KubeProxyConfiguration", read, written_out)
