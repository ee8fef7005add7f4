"""The real kubelet reads a KubeletConfiguration and stops before it touches anything of the host."""

from __future__ import annotations

from pathlib import Path

from programs.component import check_documents
from programs.verdict import Finished, Verdict, locate, run

_LIMIT_SECONDS = 30


def check(file: Path, minor: str) -> Verdict:
    """Have the kubelet of `minor`, as in "1.36", read every KubeletConfiguration in the file.

    The kubelet decodes and validates its configuration and then looks for its kubeconfig, which is not there:
    that stop is the acceptance, an earlier one is a refusal. It has then started no server and made no
    cgroup; its directories are temporary. The host of the test may have cgroup v1, so that one refusal is
    switched off.
    """

    def read(copy: Path, directory: Path) -> Finished:
        arguments: list[str | Path] = [
            locate(f"kubelet-{minor}"),
            f"--config={copy}",
            f"--root-dir={directory / 'root'}",
            f"--cert-dir={directory / 'pki'}",
            f"--kubeconfig={_absent(directory)}",
            "--fail-cgroupv1=false",
        ]
        return run(arguments, limit_seconds=_LIMIT_SECONDS)

    def stopped_at_kubeconfig(done: Finished, directory: Path) -> bool:
        return f"stat {_absent(directory)}: no such file or directory" in done.stderr

    return check_documents(file, "KubeletConfiguration", read, stopped_at_kubeconfig)


def _absent(directory: Path) -> Path:
    return directory / "kubeconfig-that-is-absent"
