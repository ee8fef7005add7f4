"""What can be asked for by name: programs of the Go modules beside this file, and of Debian."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent

KUBERNETES_MINORS = ("1.35", "1.36", "1.37")


@dataclass(frozen=True)
class GoTool:
    """Programs built together from one module.

    `folder` is the module's folder, `packages` maps each program's file name to its Go package (the first one
    is the program that the tool is named after), `release_of` is the required module whose version is the
    tool's version.
    """

    name: str
    folder: str
    release_of: str
    packages: dict[str, str]

    @property
    def directory(self) -> Path:
        """The folder with `go.mod` and `go.sum`."""
        return HERE / self.folder

    @property
    def main_program(self) -> str:
        """File name of the program that the tool is named after."""
        return next(iter(self.packages))

    def version(self) -> str:
        """The version that `go.mod` requires, with its `v`."""
        text = (self.directory / "go.mod").read_text(encoding="utf-8")
        found = re.search(rf"^\s*(?:require )?{re.escape(self.release_of)} (v\S+)", text, re.MULTILINE)
        if found is None:
            raise LookupError(f"{self.directory / 'go.mod'} does not require {self.release_of}")
        return found.group(1)

    def linker_variables(self) -> dict[str, str]:
        """Variables to set at link time, so that each program knows its own version."""
        version = self.version()
        if self.release_of == "k8s.io/kubernetes":
            return _kubernetes_version_variables(version)
        if self.release_of == "github.com/containerd/containerd/v2":
            return {"github.com/containerd/containerd/v2/version.Version": version}
        return {}


def _kubernetes_version_variables(version: str) -> dict[str, str]:
    """Both packages need them: without, kubeadm and kubelet call themselves v0.0.0 and refuse each other."""
    major, minor, _patch = version.removeprefix("v").split(".")
    values = {"gitVersion": version, "gitMajor": major, "gitMinor": minor, "gitTreeState": "clean"}
    packages = ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")
    return {f"{package}.{name}": value for package in packages for name, value in values.items()}


def _kubernetes(program: str, minor: str) -> GoTool:
    return GoTool(
        name=f"{program}-{minor}",
        folder=f"kubernetes-{minor}",
        release_of="k8s.io/kubernetes",
        packages={program: f"k8s.io/kubernetes/cmd/{program}"},
    )


def _etcd(minor: str) -> GoTool:
    return GoTool(
        name=f"etcd-{minor}",
        folder=f"etcd-{minor}",
        release_of="go.etcd.io/etcd/server/v3",
        packages={
            "etcd": "go.etcd.io/etcd/server/v3",
            "etcdctl": "go.etcd.io/etcd/etcdctl/v3",
            "etcdutl": "go.etcd.io/etcd/etcdutl/v3",
        },
    )


_CONTAINERD = GoTool(
    name="containerd-2.2",
    folder="containerd-2.2",
    release_of="github.com/containerd/containerd/v2",
    packages={
        program: f"github.com/containerd/containerd/v2/cmd/{program}"
        for program in ("containerd", "containerd-shim-runc-v2", "ctr")
    },
)

_CNI_PLUGINS = GoTool(
    name="cni-plugins-1.9",
    folder="cni-plugins-1.9",
    release_of="github.com/containernetworking/plugins",
    packages={
        "bridge": "github.com/containernetworking/plugins/plugins/main/bridge",
        "loopback": "github.com/containernetworking/plugins/plugins/main/loopback",
        "host-local": "github.com/containernetworking/plugins/plugins/ipam/host-local",
        "portmap": "github.com/containernetworking/plugins/plugins/meta/portmap",
    },
)

_COREDNS = GoTool(
    name="coredns-1.14",
    folder="coredns-1.14",
    release_of="github.com/coredns/coredns",
    packages={"coredns": "github.com/coredns/coredns"},
)

_HELM = GoTool(
    name="helm-3",
    folder="helm-3",
    release_of="helm.sh/helm/v3",
    packages={"helm": "helm.sh/helm/v3/cmd/helm"},
)

_NODE_PROGRAMS = ("kubeadm", "kubelet", "kube-proxy")
"""What reads rendered files: built of every minor."""

_LAB_PROGRAMS = (
    *_NODE_PROGRAMS,
    "kubectl",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
)
"""What a whole cluster runs."""

_PROGRAMS_OF_MINOR = {"1.35": _NODE_PROGRAMS, "1.36": _LAB_PROGRAMS, "1.37": _LAB_PROGRAMS}

_KUBERNETES = [
    _kubernetes(program, minor) for minor in KUBERNETES_MINORS for program in _PROGRAMS_OF_MINOR[minor]
]

_OTHERS = (_etcd("3.6"), _etcd("3.7"), _CONTAINERD, _CNI_PLUGINS, _COREDNS, _HELM)

GO_TOOLS = {tool.name: tool for tool in (*_KUBERNETES, *_OTHERS)}

_DEBIAN_PROGRAMS_FOR_TESTS = {
    "haproxy": "haproxy",
    "keepalived": "keepalived",
    "nft": "nftables",
    "chronyd": "chrony",
    "systemd-analyze": "systemd",
    "containerd": "containerd",
    "ip": "iproute2",
    "unshare": "util-linux",
    "ping": "iputils-ping",
    # Looks at the report.
    "chromium-headless-shell": "chromium-headless-shell",
}

_DEBIAN_PROGRAMS_FOR_LAB = {
    "systemd-nspawn": "systemd-container",
    "debootstrap": "debootstrap",
    # gcc alone comes without the C library that a static program is linked with.
    "gcc": "build-essential",
    "dpkg-deb": "dpkg",
    "gpg": "gpg",
    "ip": "iproute2",
    "nft": "nftables",
    "runc": "runc",
    "conntrack": "conntrack",
    "unshare": "util-linux",
    "ping": "iputils-ping",
}

DEBIAN_PROGRAMS = {**_DEBIAN_PROGRAMS_FOR_TESTS, **_DEBIAN_PROGRAMS_FOR_LAB}
"""File name of each program, and the Debian package that brings it."""

FOR_TESTS = (
    "kubeadm-1.35",
    "kubeadm-1.36",
    "kubeadm-1.37",
    "kubelet-1.36",
    "kube-proxy-1.36",
    "etcd-3.6",
    "containerd-2.2",
    "helm-3",
    *_DEBIAN_PROGRAMS_FOR_TESTS,
)
"""All that the tests run."""

FOR_LAB = (
    *(f"{program}-1.36" for program in _LAB_PROGRAMS),
    "etcd-3.6",
    "containerd-2.2",
    "cni-plugins-1.9",
    "coredns-1.14",
    *_DEBIAN_PROGRAMS_FOR_LAB,
)
"""All that the lab's artefacts are made of."""
