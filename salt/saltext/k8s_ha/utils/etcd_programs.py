"""The programs ``etcd`` and ``etcdutl`` of a release, wherever this host has them.

Beside the member that runs here they are of its very release: in its container where kubeadm runs it (its image has
both, linked statically, so they run from outside as well, whatever the container runtime is), in its package otherwise.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from saltext.k8s_ha.utils import bounded, processes
from saltext.k8s_ha.utils.host import Host, HostError

_VERSION = re.compile(r"etcdutl version: (\d+\.\d+)\.")
_SECONDS = 20


@dataclass(frozen=True)
class EtcdPrograms:
    """Paths of both."""

    etcd: str
    etcdutl: str


def find(host: Host, modules: Mapping[str, Callable[..., Any]], release: str) -> EtcdPrograms:
    """Those of a release's minor (``3.6.16``), for another one may not read its files.

    :raises HostError: when there are none; the sentence says what was found instead.
    """
    minor = ".".join(release.split(".")[:2])
    others = []
    for programs in _candidates(host):
        done = bounded.run(modules, [programs.etcdutl, "version"], _SECONDS)
        version = _VERSION.search(done.stdout)
        if done.code == 0 and version and version[1] == minor:
            return programs
        others.append(f"{programs.etcdutl} is {version[0] if version else 'no etcdutl that runs'}")
    seen = f" ({'; '.join(others)})" if others else ""
    raise HostError(
        f"this host has no etcdutl and etcd {minor}{seen}: run this on a host where a member of etcd runs, and where "
        "its package has no etcdutl, install the one of the same release"
    )


def _candidates(host: Host) -> Iterator[EtcdPrograms]:
    for pid, _ in processes.command_lines(host, "etcd"):
        process = host.path(f"/proc/{pid}")
        try:
            folder = (process / "exe").readlink().parent
        except OSError:
            continue
        # As the member itself sees it; without a container that is this host.
        yield from _in_folder(process / "root" / str(folder).lstrip("/"))
    etcd, etcdutl = host.program("etcd"), host.program("etcdutl")
    if etcd and etcdutl:
        yield EtcdPrograms(etcd, etcdutl)


def _in_folder(folder: Path) -> Iterator[EtcdPrograms]:
    both = [folder / "etcd", folder / "etcdutl"]
    if all(os.access(program, os.X_OK) for program in both):
        yield EtcdPrograms(*map(str, both))
