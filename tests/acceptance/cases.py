"""What is rendered: the worked examples and the bases of the rules, and variants of them."""

from __future__ import annotations

import copy
import functools
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import examples
import yaml
from command import ROOT, k8s_ha

Section = dict[str, Any]
"""The value of the root key `k8s_ha`."""

_BASES = ROOT / "rust" / "lint" / "src" / "bases"

SOURCES = {name: functools.partial(examples.pillar, name) for name in examples.NAMES}
"""Pillars by name: the worked examples, and the bases of the rules as `base NAME`."""
for _file in sorted(_BASES.glob("*.yaml")):
    SOURCES[f"base {_file.stem}"] = lambda file=_file: {"k8s_ha": yaml.safe_load(file.read_text("utf-8"))}

KUBEADM = [name for name in SOURCES if SOURCES[name]()["k8s_ha"]["cluster"].get("distribution") != "microk8s"]
"""Names of those that kubeadm runs."""

SYSTEMS = ("rocky-9", "centos-stream-10", "debian-12", "debian-13")
"""One operating system of each family and release that is supported."""


@dataclass(frozen=True)
class Case:
    """A pillar: one of `SOURCES`, with another operating system or another release where these are given."""

    source: str
    system: str | None = None
    version: str | None = None
    firewall: bool = False

    def __str__(self) -> str:
        parts = [self.source, self.system or "", self.version or "", "firewall" * self.firewall]
        return " ".join(part for part in parts if part)

    def pillar(self) -> dict[str, Any]:
        """The pillar as plain data."""
        changed = copy.deepcopy(SOURCES[self.source]())
        section: Section = changed["k8s_ha"]
        if self.system:
            for node in (*section["nodes"].values(), *section.get("profiles", {}).values()):
                node["os"] = self.system
        if self.version:
            section["cluster"]["kubernetes_version"] = self.version
        if self.firewall:
            section["manage"] = {**section.get("manage", {}), "firewall": True}
        return changed


AS_WRITTEN = [Case(source) for source in SOURCES]
ON_EACH_SYSTEM = [Case(source, system=system) for source in KUBEADM for system in SYSTEMS]
ALL = [*AS_WRITTEN, *ON_EACH_SYSTEM]


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
        folder = self._folder / str(len(self._rendered))
        folder.mkdir()
        pillar = folder / "pillar.sls"
        pillar.write_text(yaml.safe_dump(case.pillar(), sort_keys=False), encoding="utf-8")
        k8s_ha("render", pillar, "--all", "--out", folder / "nodes", "--today", examples.TODAY)
        shown = k8s_ha("show", "--effective", pillar, "--today", examples.TODAY).stdout
        effective = yaml.safe_load(shown)["k8s_ha"]
        nodes = [
            Node(case, name, folder / "nodes" / name, spec) for name, spec in sorted(effective["nodes"].items())
        ]
        return Rendered(case, effective, nodes)


def broken(node: Node, path: str, change: Callable[[str], str], folder: Path) -> Path:
    """A copy of the node's files below `folder` in which one file is changed, which must make a difference."""
    root = folder / node.name
    shutil.copytree(node.root, root)
    file = root / path.lstrip("/")
    text = file.read_text(encoding="utf-8")
    assert change(text) != text, f"{path} has nothing to break"
    file.write_text(change(text), encoding="utf-8")
    return root
