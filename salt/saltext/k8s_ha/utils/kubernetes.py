"""The Kubernetes that is installed on this node, and what would be done with it next."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils.host import Host, HostError

if TYPE_CHECKING:
    from saltext.k8s_ha._core import File

Run = Callable[..., dict[str, Any]]

# How each program prints its version, and nothing else.
_PROGRAMS = {"kubeadm": ["version", "-o", "short"], "kubelet": ["--version"]}
_RELEASE = re.compile(r"v\d+\.\d+\.\d+\S*")
_SECONDS = 20

# Components whose files name packages or images of one release. Kubernetes' own files have no component.
_BOUND = frozenset({"", "repositories", "containerd"})
MANIFESTS = "/etc/kubernetes/manifests/"
KUBELET_CONF = "/etc/kubernetes/kubelet.conf"


def is_bound(file: File) -> bool:
    """Whether a file belongs to one release of Kubernetes: its packages, its images, its configuration."""
    return file["component"] in _BOUND or is_static_pod(file)


def is_static_pod(file: File) -> bool:
    """Whether the kubelet acts as soon as the file is there."""
    return file["path"].startswith(MANIFESTS) or file["activation"]["action"] == "on_write"


def installed(host: Host, run: Run) -> dict[str, str]:
    """Release by program (``kubeadm``, ``kubelet``) for those that are installed.

    A program that is there and does not tell its release has the release ``unknown``.

    :param run: Salt's ``cmd.run_all``.
    """
    releases = {}
    for name, arguments in _PROGRAMS.items():
        program = host.program(name)
        if program is None:
            continue
        answer = run([program, *arguments], python_shell=False, timeout=_SECONDS, ignore_retcode=True)
        release = _RELEASE.search(str(answer.get("stdout", "")))
        releases[name] = release.group() if release and answer.get("retcode") == 0 else "unknown"
    return releases


def refuse_mismatch(host: Host, run: Run, wanted: str) -> None:
    """Raise HostError where another release is installed than the pillar wants."""
    refusal = mismatch(installed(host, run), wanted)
    if refusal:
        raise HostError(f"Refused: {refusal}")


def mismatch(releases: dict[str, str], wanted: str) -> str | None:
    """Why packages, images and manifests of this node are not touched; None when nothing forbids it.

    :param releases: what :func:`installed` found.
    """
    others = {name: release for name, release in releases.items() if release != wanted}
    if not others:
        return None
    found = " and ".join(f"{name} {release}" for name, release in others.items())
    return (
        f"this node has {found}, the pillar wants {wanted}: packages, images and manifests are left alone, "
        "because a release is changed by an upgrade, node by node. Set cluster.kubernetes_version to the "
        "installed release, or upgrade the cluster."
    )
