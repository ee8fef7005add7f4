"""Brings images to a node: from archives, or from a registry before kubeadm needs them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import kubeadm
from saltext.k8s_ha.utils.answer import Answer, state_answer
from saltext.k8s_ha.utils.archive_source import ArchiveSource
from saltext.k8s_ha.utils.bounded import run
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.image_record import ImageRecord

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Topology

Functions = Mapping[str, Callable[..., Any]]

IMPORT_SECONDS = 300
PULL_SECONDS = 300
_QUERY_SECONDS = 30
_NAMESPACE = ("-n", "k8s.io")


def apply(
    topology: Topology,
    node: str,
    modules: Functions,
    test: bool,
    host: Host | None = None,
) -> Answer:
    """Import ``images.archives`` into containerd, each where an image of it is missing.

    :param modules: Salt's ``__salt__``.
    :param host: the host; with a directory that stands for one, nothing is imported.
    :returns: ``result``, ``changes`` and ``comment`` of a state. An image changes from ``absent`` to the
        archive that it came from.
    """
    host = host or Host()
    archives = topology.images(node)["archives"]
    if not archives:
        return state_answer(True, "There are no archives of images (images.archives).")
    if not host.is_live:
        return state_answer(True, f"{host.root} stands for the host: no image is imported.")
    changes: dict[str, dict[str, str]] = {}
    told: list[str] = []
    containerd = Containerd(host, modules)
    try:
        # In a dry run on a blank host its package comes with the same run.
        present = set() if test and host.program("ctr") is None else containerd.images()
        record = ImageRecord(host)
        for written in archives:
            archive = ArchiveSource(written, modules, record)
            names = archive.names(test=test)
            if names is None:
                told.append(f"{written} would be fetched and, where an image of it is missing, imported.")
                continue
            missing = [name for name in names if name not in present]
            if missing and not test:
                present = containerd.bring(archive.file())
                left = [name for name in missing if name not in present]
                if left:
                    raise HostError(f"{written} was imported, and {', '.join(left)} is still not there")
            changes |= {name: {"old": "absent", "new": f"from {written}"} for name in missing}
    except HostError as error:
        return state_answer(False, f"Refused: node {node}: {error}.", changes)
    except OSError as error:
        return state_answer(
            False, f"Refused: node {node}: an archive of images cannot be read: {error}.", changes
        )
    result = None if test and (changes or told) else True
    if changes:
        told.insert(0, f"{len(changes)} images {'would be' if test else 'were'} imported.")
    told = told or ["All images of the archives are there."]
    told.extend(_from_registry(topology, node, host, modules, present | changes.keys()))
    return state_answer(result, "\n".join(told), changes)


def pull(
    topology: Topology,
    node: str,
    modules: Functions,
    host: Host | None = None,
    seconds: int = PULL_SECONDS,
) -> str:
    """Pull kubeadm's images before ``kubeadm init`` or ``join``, so that a registry that hangs is named.

    On a control-plane node, where none of them is there; elsewhere nothing is done.

    :param modules: Salt's ``__salt__``.
    :param seconds: the limit.
    :returns: a sentence on what was done.
    :raises HostError: when the registry does not give them in time.
    """
    host = host or Host()
    if "control_plane" not in topology.roles(node) or not host.is_live:
        return "No images are pulled ahead on this node."
    wanted = _wanted(host, modules)
    if not wanted:
        return "No images are pulled ahead: kubeadm does not list them."
    if set(wanted) & Containerd(host, modules).images():
        return "Images of kubeadm are there."
    program = host.program("kubeadm") or "kubeadm"
    command = [program, "config", "images", "pull", "--config", kubeadm.INIT]
    done = run(modules, command, seconds)
    if done.code != 0:
        registry = topology.images(node)["repository"]
        reason = f"no answer within {seconds} s" if done.timed_out else kubeadm.cause(done.said)
        raise HostError(
            f"the images of kubeadm are not to be had from {registry} ({reason.strip().rstrip('.')}); mend "
            f"images.repository or the way to it, or bring them to the node as images.archives"
        )
    return f"{len(wanted)} images were pulled."


@dataclass(frozen=True)
class Containerd:
    """containerd of this host, in the namespace of Kubernetes."""

    host: Host
    modules: Functions

    def images(self) -> set[str]:
        """Names of the images that are there. Raises HostError when containerd does not answer."""
        return set(self._ctr(["images", "ls", "-q"], _QUERY_SECONDS, "its images cannot be listed").split())

    def bring(self, archive: Path) -> set[str]:
        """Import an archive; the names of all images that are there then."""
        self._ctr(["images", "import", str(archive)], IMPORT_SECONDS, f"{archive} cannot be imported")
        return self.images()

    def _ctr(self, arguments: list[str], seconds: int, failed: str) -> str:
        program = self.host.program("ctr")
        if program is None:
            raise HostError("containerd is not installed: there is no program ctr; install its package")
        done = run(self.modules, [program, *_NAMESPACE, *arguments], seconds)
        if done.code == 0:
            return done.stdout
        if done.timed_out:
            raise HostError(
                f"{failed}: containerd did not end within {seconds} s; see journalctl -u containerd"
            )
        if "containerd.sock" in done.said:
            raise HostError(f"{failed}: containerd is not running; see journalctl -u containerd")
        last = done.said.splitlines()[-1] if done.said else "it said nothing"
        raise HostError(f"{failed}: {last.rstrip('.')}")


def _wanted(host: Host, modules: Functions) -> list[str] | None:
    """The images that kubeadm wants here; None where nothing tells.

    Only the configuration of ``init`` names the release and the registry: without them kubeadm would ask the
    internet.
    """
    program = host.program("kubeadm")
    if program is None or not host.path(kubeadm.INIT).exists():
        return None
    command = [program, "config", "images", "list", "--config", kubeadm.INIT]
    done = run(modules, command, _QUERY_SECONDS)
    return done.stdout.split() if done.code == 0 else None


def _from_registry(
    topology: Topology, node: str, host: Host, modules: Functions, present: Iterable[str]
) -> list[str]:
    left = sorted(set(_wanted(host, modules) or []) - set(present))
    if not left:
        return []
    registry = topology.images(node)["repository"]
    return [f"In no archive, so pulled from {registry} when they are needed: {', '.join(left)}."]
