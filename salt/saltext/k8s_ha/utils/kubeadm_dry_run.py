"""What kubeadm would write on this node by the files of the pillar. It writes aside: nothing of the host is changed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from saltext.k8s_ha.utils import bounded
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.kubeadm import cause
from saltext.k8s_ha.utils.static_pod import StaticPod

# kubeadm reads its configuration, writes text, and asks nobody.
_SECONDS = 60
# Where kubeadm writes instead with `--dry-run`. Source: `cmd/kubeadm/app/constants/constants.go` of 1.35 to 1.37.
_DIRECTORY = "KUBEADM_INIT_DRYRUN_DIR"
_CLUSTER = "ClusterConfiguration"
_CERTIFICATES = "/etc/kubernetes/pki"


@dataclass(frozen=True)
class DryRun:
    """``documents`` are those of an ``init.yaml``, ``patches`` texts by file name, ``modules`` Salt's ``__salt__``."""

    host: Host
    modules: Mapping[str, Callable[..., Any]]
    documents: Sequence[Mapping[str, Any]]
    patches: Mapping[str, str] = field(default_factory=dict)

    def static_pods(self, *, etcd: bool) -> dict[str, StaticPod]:
        """The static pods by component; with the member of etcd where kubeadm runs one."""
        with self._scratch() as scratch:
            scratch.phase("control-plane", "all")
            if etcd:
                scratch.phase("etcd", "local")
            places = sorted(scratch.output.glob("*.yaml"))
            return {
                place.stem: StaticPod.parse(place.read_text(encoding="utf-8"), place.name) for place in places
            }

    def kubelet_configuration(self) -> dict[str, Any]:
        """The KubeletConfiguration of the node."""
        with self._scratch() as scratch:
            # On a worker kubeadm finds the authority without its key, and asks for all that an outside one had signed.
            before = scratch.use_own_certificates()
            scratch.phase("kubelet-start")
            text = (scratch.output / "config.yaml").read_text(encoding="utf-8")
            return _document(text.replace(str(scratch.certificates), before))

    def cluster_configuration(self) -> str:
        """The ClusterConfiguration as kubeadm records it in the cluster."""
        with self._scratch() as scratch:
            scratch.run("config", "migrate", "--old-config", scratch.config, "--new-config", scratch.recorded)
            documents = yaml.safe_load_all(scratch.recorded.read_text(encoding="utf-8"))
            found = [one for one in documents if one and one.get("kind") == _CLUSTER]
            if not found:
                raise HostError(f"kubeadm writes no {_CLUSTER}")
            return str(yaml.safe_dump(found[0], sort_keys=False))

    def serving_pair(self, pki: Mapping[str, Path]) -> tuple[str, str]:
        """A new serving certificate of the API server, and its key.

        :param pki: files of the cluster's authority by name, which kubeadm reads.
        """
        with self._scratch() as scratch:
            for name, place in pki.items():
                (scratch.certificates / name).symlink_to(place)
            scratch.use_own_certificates()
            scratch.phase("certs", "apiserver", dry=False)
            made = (scratch.certificates / name for name in ("apiserver.crt", "apiserver.key"))
            certificate, key = (place.read_text(encoding="ascii") for place in made)
            return certificate, key

    @contextmanager
    def _scratch(self) -> Iterator[_Scratch]:
        program = self.host.program("kubeadm")
        if program is None:
            raise HostError("kubeadm is not installed; install its package and run again")
        with tempfile.TemporaryDirectory(prefix="k8s-ha-") as directory:
            scratch = _Scratch(Path(directory), program, self.modules)
            scratch.fill(self.documents, self.patches)
            yield scratch


@dataclass(frozen=True)
class _Scratch:
    """A private directory with kubeadm's configuration in it, gone in a moment."""

    directory: Path
    program: str
    modules: Mapping[str, Callable[..., Any]]

    @property
    def config(self) -> Path:
        return self.directory / "kubeadm.yaml"

    @property
    def output(self) -> Path:
        return self.directory / "output"

    @property
    def certificates(self) -> Path:
        return self.directory / "pki"

    @property
    def recorded(self) -> Path:
        return self.directory / "recorded.yaml"

    def fill(self, documents: Sequence[Mapping[str, Any]], patches: Mapping[str, str]) -> None:
        """Write what kubeadm reads: patches come from here, not from the directory that the configuration names."""
        for place in (self.output, self.certificates, self.directory / "patches"):
            place.mkdir(mode=0o700)
        for name, text in patches.items():
            (self.directory / "patches" / name).write_text(text, encoding="utf-8")
        first, *others = documents
        first = {**first, "patches": {"directory": str(self.directory / "patches")}}
        self._write([first, *others])

    def use_own_certificates(self) -> str:
        """Have kubeadm keep to the directory of certificates here; which one it had."""
        before = _CERTIFICATES
        documents = list(yaml.safe_load_all(self.config.read_text(encoding="utf-8")))
        for document in documents:
            if document.get("kind") == _CLUSTER:
                before = document.get("certificatesDir", before)
                document["certificatesDir"] = str(self.certificates)
        self._write(documents)
        return str(before)

    def phase(self, *names: str, dry: bool = True) -> None:
        """Run a phase of `kubeadm init`."""
        self.run("init", "phase", *names, "--config", self.config, *(["--dry-run"] if dry else []))

    def run(self, *arguments: str | Path) -> None:
        """Run kubeadm. Raises HostError with its last words."""
        words = [str(argument) for argument in arguments]
        command = ["env", f"{_DIRECTORY}={self.output}", self.program, *words]
        done = bounded.run(self.modules, command, _SECONDS)
        if done.code != 0:
            said = "it did not end in time" if done.timed_out else cause(done.said)
            raise HostError(f"`kubeadm {' '.join(words[:4])}` fails: {said}")

    def _write(self, documents: Sequence[Mapping[str, Any]]) -> None:
        self.config.write_text(yaml.safe_dump_all(documents, sort_keys=False), encoding="utf-8")


def _document(text: str) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(text)
    return document
