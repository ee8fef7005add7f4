"""Every rendered file has a reader: a program that a module here runs, or one that needs a whole host."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import yaml

from .cases import ALL, Case, Node, Renderer
from .test_sh import scripts

CHECKED = re.compile(
    r"""
      /etc/chrony(\.conf|/.*)
    | /etc/containerd/config\.toml
    | /etc/etcd/etcd\.conf\.yaml
    | /etc/haproxy/haproxy\.cfg
    | /etc/keepalived/keepalived\.conf
    | /etc/kubernetes/kubeadm/(init|join)\.yaml
    | /etc/nftables\.d/k8s-ha\.nft
    | /etc/systemd/system/.*
    | /etc/firewalld/.*
    """,
    re.VERBOSE,
)
"""Paths that the other modules here have a program read."""

YAML = re.compile(r"/etc/kubernetes/(kube-apiserver|manifests|patches)/.*\.yaml|/etc/crictl\.yaml")
"""Read by kube-apiserver, the kubelet, phases of kubeadm and crictl in a cluster: YAML, each key once."""

LINES = {
    r"/etc/hosts": r"\S+( \S+)+",
    r"/etc/modules-load\.d/.*\.conf": r"[a-z0-9_-]+",
    r"/etc/sysctl\.d/.*\.conf": r"-?[a-z0-9_./-]+ ?= ?\S.*",
    r"/etc/systemd/logind\.conf\.d/.*\.conf": r"\[Login\]|\w+=\S+",
    r"/etc/yum\.repos\.d/.*\.repo": r"\[[\w.-]+\]|\w+=\S.*",
    r"/etc/apt/.*": r"[A-Z][\w-]*: ?\S.*| +\S.*",
}
"""What is read line by line, and the form of a line that is no comment and not blank."""


def repeated_keys(node: yaml.Node) -> Iterator[str]:
    """Keys that stand twice in one mapping, which Kubernetes refuses."""
    children = node.value if isinstance(node, yaml.SequenceNode) else []
    if isinstance(node, yaml.MappingNode):
        keys = [key.value for key, _ in node.value]
        yield from (key for key in set(keys) if keys.count(key) > 1)
        children = [value for _, value in node.value]
    for child in children:
        yield from repeated_keys(child)


def strange_lines(form: str, text: str) -> Iterator[str]:
    """Lines that do not have the form."""
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#") and not re.fullmatch(form, line):
            yield line


def faults(node: Node, path: str) -> list[str]:
    """What is wrong with a file that no other module looks at."""
    text = node.text(path)
    if YAML.fullmatch(path):
        documents = list(yaml.compose_all(text, yaml.SafeLoader))
        repeated = [key for document in documents for key in repeated_keys(document)]
        return repeated if documents else ["no document in it"]
    for pattern, form in LINES.items():
        if re.fullmatch(pattern, path):
            return list(strange_lines(form, text))
    return ["nobody reads it"]


@pytest.mark.parametrize("case", ALL, ids=str)
def test_every_file_is_read(case: Case, rendered: Renderer) -> None:
    for node in rendered(case).nodes:
        run = scripts(node)
        for path in node.paths():
            if not CHECKED.fullmatch(path) and path not in run:
                assert not faults(node, path), f"{path} of {node.name}"


@pytest.mark.parametrize("case", ALL, ids=str)
def test_every_file_ends_with_a_newline(case: Case, rendered: Renderer) -> None:
    for node in rendered(case).nodes:
        without = [
            path for path in node.paths() if not node.text(path).endswith("\n") or "\r" in node.text(path)
        ]
        assert not without


def test_refuses_what_it_should() -> None:
    """The forms refuse what the programs would."""
    for pattern, wrong in [
        (r"/etc/sysctl\.d/.*\.conf", "net.ipv4.ip_forward 1"),
        (r"/etc/modules-load\.d/.*\.conf", "overlay br_netfilter"),
        (r"/etc/yum\.repos\.d/.*\.repo", "gpgcheck"),
        (r"/etc/apt/.*", "Types deb"),
    ]:
        assert list(strange_lines(LINES[pattern], wrong)) == [wrong]
    assert list(repeated_keys(yaml.compose("a: [{b: 1, b: 2}]"))) == ["b"]
