"""What is rendered: the worked examples and the bases of the rules, and variants of them."""

from __future__ import annotations

import copy
import functools
import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

import examples
from command import ROOT, k8s_ha

from .changes import CHANGES, Section

_BASES = ROOT / "rust" / "lint" / "src" / "bases"


def _base(file: Path) -> dict[str, Any]:
    return {"k8s_ha": yaml.safe_load(file.read_text(encoding="utf-8"))}


SOURCES: dict[str, Callable[[], dict[str, Any]]] = {
    **{name: functools.partial(examples.pillar, name) for name in examples.NAMES},
    **{f"base {file.stem}": functools.partial(_base, file) for file in sorted(_BASES.glob("*.yaml"))},
}
"""Pillars by name: the worked examples, and the bases of the rules as `base NAME`."""

KUBEADM = [name for name in SOURCES if SOURCES[name]()["k8s_ha"]["cluster"].get("distribution") != "microk8s"]
"""Names of those that kubeadm runs."""

SYSTEMS = ("rocky-9", "centos-stream-10", "debian-12", "debian-13")
"""One operating system of each family and release that is supported."""


@dataclass(frozen=True)
class Case:
    """A pillar: one of `SOURCES`, with another system, another release or one of `CHANGES` where given."""

    source: str
    system: str | None = None
    version: str | None = None
    change: str | None = None

    def __str__(self) -> str:
        return " ".join(filter(None, [self.source, self.system, self.version, self.change]))

    def pillar(self) -> dict[str, Any]:
        """The pillar as plain data."""
        changed = copy.deepcopy(SOURCES[self.source]())
        section: Section = changed["k8s_ha"]
        if self.system:
            for node in (*section["nodes"].values(), *section.get("profiles", {}).values()):
                node["os"] = self.system
        if self.version:
            section["cluster"]["kubernetes_version"] = self.version
        if self.change:
            CHANGES[self.change](section)
        return changed


AS_WRITTEN = [Case(source) for source in SOURCES]
ON_EACH_SYSTEM = [Case(source, system=system) for source in KUBEADM for system in SYSTEMS]
WITH_CHANGES = [
    Case(source, system, change=change)
    for source in ("base external_etcd", "base local_balancer", "base kube_vip", "base proxmox")
    for system in ("rocky-9", "debian-12")
    for change in CHANGES
]
ALL = [*AS_WRITTEN, *ON_EACH_SYSTEM, *WITH_CHANGES]


@dataclass(frozen=True)
class Node:
    """The rendered files of a node: `root` is the directory below which they lie as on the node."""

    case: Case
    name: str
    root: Path
    spec: Section
    """What the pillar says about it, with every default."""

    def files(self) -> list[Section]:
        """What is known of each file, in order: path, mode, activation, keeper, purpose."""
        read = json.loads((self.root / ".k8s-ha" / "files.json").read_text(encoding="utf-8"))
        assert isinstance(read, list)
        return read

    def paths(self) -> list[str]:
        """Paths on the node."""
        return [file["path"] for file in self.files()]

    def below(self, *prefixes: str) -> list[str]:
        """Paths that begin with one of the prefixes."""
        return [path for path in self.paths() if path.startswith(prefixes)]

    def local(self, path: str) -> Path:
        """Where the file lies that is at `path` on the node."""
        return self.root / path.lstrip("/")

    def text(self, path: str) -> str:
        """The file's text."""
        return self.local(path).read_text(encoding="utf-8")

    def has_role(self, *roles: str) -> bool:
        """Whether it has one of the roles."""
        return not set(roles).isdisjoint(self.spec["roles"])

    def runs_kubelet(self) -> bool:
        """Whether kubeadm makes it a node of Kubernetes."""
        return self.case.source in KUBEADM and self.has_role("control_plane", "worker")


@dataclass(frozen=True)
class Rendered:
    """A case with all of its nodes."""

    case: Case
    folder: Path
    """Holds `pillar.sls`, `effective.sls`, and below `nodes` the files of each node."""
    effective: Section
    """The pillar with every default."""
    nodes: list[Node]

    @property
    def minor(self) -> str:
        """The minor of Kubernetes, as in "1.36"."""
        version: str = self.effective["cluster"]["kubernetes_version"]
        return ".".join(version.removeprefix("v").split(".")[:2])

    def managed(self, component: str) -> bool:
        """Whether the files of a component of the host are rendered."""
        return self.effective["manage"][component] is not False

    def balancers(self) -> list[Node]:
        """Nodes that run HAProxy."""
        kind = self.effective["load_balancer"]["type"]
        if not self.managed("load_balancer") or kind not in ("local", "haproxy-keepalived"):
            return []
        if kind == "local":
            return [node for node in self.nodes if node.runs_kubelet()]
        dedicated = [node for node in self.nodes if node.has_role("load_balancer")]
        return dedicated or [node for node in self.nodes if node.has_role("control_plane")]


class Renderer:
    """Renders a case once and remembers where."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rendered: dict[Case, Rendered] = {}

    def __call__(self, case: Case) -> Rendered:
        """Render all nodes of the case."""
        if case not in self._rendered:
            self._rendered[case] = self._render(case)
        return self._rendered[case]

    def _render(self, case: Case) -> Rendered:
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        pillar = folder / "pillar.sls"
        pillar.write_text(yaml.safe_dump(case.pillar(), sort_keys=False), encoding="utf-8")
        render(pillar, folder / "nodes")
        shown = k8s_ha("show", "--effective", pillar, "--today", examples.TODAY).stdout
        (folder / "effective.sls").write_text(shown, encoding="utf-8")
        effective = yaml.safe_load(shown)["k8s_ha"]
        nodes = [
            Node(case, name, folder / "nodes" / name, spec)
            for name, spec in sorted(effective["nodes"].items())
        ]
        return Rendered(case, folder, effective, nodes)


def render(pillar: Path, out: Path) -> None:
    """Render all nodes of a pillar."""
    k8s_ha("render", pillar, "--all", "--out", out, "--today", examples.TODAY)


def broken(node: Node, path: str, change: Callable[[str], str], folder: Path) -> Path:
    """A copy of the node's files below `folder` in which one file is changed, and differs."""
    root = folder / node.name
    shutil.copytree(node.root, root)
    file = root / path.lstrip("/")
    text = file.read_text(encoding="utf-8")
    assert change(text) != text, f"{path} has nothing to break"
    file.write_text(change(text), encoding="utf-8")
    return root
