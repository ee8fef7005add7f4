"""Runs kubeadm on this host. Its whole output goes to a private log; what is said of it names the cause."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from saltext.k8s_ha.utils import bounded
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.record import write_durably
from saltext.k8s_ha.utils.removal import remove

DIRECTORY = "/etc/kubernetes/kubeadm"
INIT = f"{DIRECTORY}/init.yaml"
JOIN = f"{DIRECTORY}/join.yaml"
DISCOVERY = f"{DIRECTORY}/discovery.conf"
LOGS = "/var/log/k8s-ha"

# Above the sum of what kubeadm itself waits for with its default limits.
INIT_SECONDS = 900
JOIN_SECONDS = 900
RESET_SECONDS = 180

_ERROR = re.compile(r"\[ERROR (?P<check>[^\]]+)\]:? *(?P<text>.*)")
_REMEDIES = (
    ("Swap", "switch swap off: swapoff -a, and take it out of /etc/fstab"),
    ("Port-", "something else listens there: ss -ltnp names it; stop it"),
    ("ImagePull", "the registry does not give it: see images.repository, or give images.archives"),
    ("FileAvailable", "an earlier attempt left it"),
    ("DirAvailable", "an earlier attempt left something in it"),
    ("SystemVerification", "see the kernel's settings it names"),
    ("CRI", "containerd does not answer: journalctl -u containerd"),
)


@dataclass(frozen=True)
class Kubeadm:
    """kubeadm on this host. ``modules`` is Salt's ``__salt__``."""

    host: Host
    modules: Mapping[str, Callable[..., Any]]

    def init(self) -> None:
        """``kubeadm init``. Raises HostError with the cause when it fails."""
        self.run("init", ["init", "--config", INIT], INIT_SECONDS)

    def join(self) -> None:
        """``kubeadm join``. Raises HostError with the cause when it fails."""
        self.run("join", ["join", "--config", JOIN], JOIN_SECONDS)

    def remove_unfinished(self, etcd_data: str | None) -> None:
        """Remove what an attempt left that was begun here and did not end; of etcd too where its data are kubeadm's.

        The caller has made sure that it is one: nothing on this host belongs to a cluster that serves.
        """
        self.run("reset", ["reset", "--force"], RESET_SECONDS)
        for leftover in (
            *Path("/etc/kubernetes/manifests").glob("*.yaml"),
            *Path("/etc/kubernetes").glob("*.conf"),
            Path("/etc/kubernetes/pki"),
            *([Path(etcd_data) / "member"] if etcd_data else []),
            Path("/var/lib/kubelet/config.yaml"),
            Path("/var/lib/kubelet/pki"),
        ):
            remove(self.host.path(str(leftover)))

    def run(self, name: str, arguments: list[str], seconds: int) -> None:
        """Run kubeadm; ``name`` is that of its log. Raises HostError with the cause when it fails."""
        program = self.host.program("kubeadm")
        if program is None:
            raise HostError("kubeadm is not installed; install its package and run again")
        done = bounded.run(self.modules, [program, *arguments], seconds)
        log = self._keep(name, f"{done.stdout}\n{done.stderr}")
        if done.timed_out:
            raise HostError(f"`kubeadm {name}` did not end within {seconds} s ({log} has what it said)")
        if done.code != 0:
            raise HostError(f"`kubeadm {name}` failed: {cause(done.said)} ({log} has all of it)")

    def _keep(self, name: str, output: str) -> Path:
        directory = self.host.path(LOGS)
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        place = directory / f"kubeadm-{name}.log"
        write_durably(place, output)
        return place


def cause(output: str) -> str:
    """Why kubeadm failed: its preflight errors with remedies, or its last words."""
    errors = [_with_remedy(found["check"], found["text"]) for found in _ERROR.finditer(output)]
    if errors:
        return "; ".join(dict.fromkeys(errors))
    said = [line.strip() for line in output.splitlines() if line.strip() and not line.startswith("\t")]
    told = [line for line in said if line.startswith("error:")] or said
    return told[-1] if told else "it said nothing"


def _with_remedy(check: str, text: str) -> str:
    remedy = next((remedy for name, remedy in _REMEDIES if check.startswith(name)), None)
    return f"{check}: {text.strip()}" + (f" [{remedy}]" if remedy else "")
