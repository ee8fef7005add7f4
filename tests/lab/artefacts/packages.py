"""Kubernetes, containerd and etcd as Debian packages, in repositories laid out as the public ones are."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from lab.artefacts import apt_repository, signing_key, store
from lab.artefacts.command import identity, located, version
from lab.artefacts.deb import Package
from tools.catalogue import GO_TOOLS

_UNITS = Path(__file__).with_name("units")
_SYSTEMD = "/usr/lib/systemd/system"
_REVISION = "1.1"
_CNI_PLUGINS = "cni-plugins-1.9"
_CONTAINERD = "containerd-2.2"
_ETCD = "etcd-3.6"
_RECIPE = (
    "packages.py",
    "apt_repository.py",
    "deb.py",
    *(f"units/{name}" for name in ("kubelet.service", "10-kubeadm.conf", "containerd.service")),
)

_CONTAINERD_CONFIGURATION = 'disabled_plugins = ["cri"]\n'
"""The public package comes with a configuration that is of no use to a kubelet."""

_PRESET_KUBELET = """\
if [ "$1" = configure ] && [ -d /run/systemd/system ]; then
    systemctl daemon-reload
    [ -n "$2" ] || systemctl preset kubelet.service
fi
"""
"""Enabled at the first installation, never started or restarted."""

_START_CONTAINERD = """\
if [ "$1" = configure ]; then
    deb-systemd-helper enable containerd.service >/dev/null || true
    if [ -d /run/systemd/system ]; then
        systemctl daemon-reload
        deb-systemd-invoke restart containerd.service || true
    fi
fi
"""
"""Enabled and started by its installation, as services of Debian are."""


def repository(minors: Sequence[str] = ("1.36",)) -> Path:
    """A folder to be served to hosts by HTTP, with flat repositories and the key that signed them.

    `<minor>/deb/` for each minor: kubelet, kubeadm, kubectl, kubernetes-cni; `containerd/`: containerd.io;
    `etcd/`: etcd; `Release.key`: the armoured public key, which lies in each repository too. Versions are like
    `1.36.4-1.1`. Raises NotRun when a program cannot be built or a package cannot be made.
    """
    tools = [*(f"{name}-{minor}" for minor in minors for name in ("kubelet", "kubeadm", "kubectl"))]
    tools += [_CNI_PLUGINS, _CONTAINERD, _ETCD]
    located(*tools)
    key = signing_key.directory()
    inputs = [*store.recipe(*_RECIPE), *minors, *(identity(tool) for tool in tools), key.name]

    def make(result: Path) -> None:
        result.mkdir()
        for minor in minors:
            apt_repository.write(result / minor / "deb", "Kubernetes", _kubernetes(minor))
        apt_repository.write(result / "containerd", "containerd", [_containerd()])
        apt_repository.write(result / "etcd", "etcd", [_etcd()])
        shutil.copy(key / "Release.key", result)

    return store.kept("packages", "_".join(minors), inputs, make)


def _kubernetes(minor: str) -> list[Package]:
    kubelet = Package(
        name="kubelet",
        version=f"{version(f'kubelet-{minor}')}-{_REVISION}",
        summary="Node agent for Kubernetes clusters",
        relations={
            "Depends": "kubernetes-cni (>= 1.2.0), mount, util-linux",
            "Recommends": "iptables (>= 1.8.4)",
        },
        files={
            "/usr/bin/kubelet": _program(f"kubelet-{minor}", "kubelet"),
            f"{_SYSTEMD}/kubelet.service": _unit("kubelet.service"),
            "/etc/default/kubelet": "KUBELET_EXTRA_ARGS=\n",
            "/etc/kubernetes/manifests/.kubelet-keep": "",
            "/var/lib/kubelet/.kubelet-keep": "",
        },
        scripts={"postinst": _PRESET_KUBELET},
    )
    kubeadm = Package(
        name="kubeadm",
        version=f"{version(f'kubeadm-{minor}')}-{_REVISION}",
        summary="Command-line utility for administering a Kubernetes cluster",
        files={
            "/usr/bin/kubeadm": _program(f"kubeadm-{minor}", "kubeadm"),
            f"{_SYSTEMD}/kubelet.service.d/10-kubeadm.conf": _unit("10-kubeadm.conf"),
        },
    )
    kubectl = Package(
        name="kubectl",
        version=f"{version(f'kubectl-{minor}')}-{_REVISION}",
        summary="Command-line utility for interacting with a Kubernetes cluster",
        files={"/usr/bin/kubectl": _program(f"kubectl-{minor}", "kubectl")},
    )
    return [kubelet, kubeadm, kubectl, _network_plugins()]


def _network_plugins() -> Package:
    programs = GO_TOOLS[_CNI_PLUGINS].packages
    return Package(
        name="kubernetes-cni",
        version=f"{version(_CNI_PLUGINS)}-{_REVISION}",
        summary="Binaries required to provision Kubernetes container networking",
        files={f"/opt/cni/bin/{name}": _program(_CNI_PLUGINS, name) for name in programs},
    )


def _containerd() -> Package:
    programs = GO_TOOLS[_CONTAINERD].packages
    return Package(
        name="containerd.io",
        version=f"{version(_CONTAINERD)}-1~debian.12~bookworm",
        summary="An open and reliable container runtime",
        # The public package brings a runc of its own; this one uses Debian's.
        relations={
            "Depends": "runc",
            "Provides": "containerd",
            "Conflicts": "containerd",
            "Replaces": "containerd",
        },
        files={
            **{f"/usr/bin/{name}": _program(_CONTAINERD, name) for name in programs},
            f"{_SYSTEMD}/containerd.service": _unit("containerd.service"),
            "/etc/containerd/config.toml": _CONTAINERD_CONFIGURATION,
        },
        scripts={"postinst": _START_CONTAINERD},
    )


def _etcd() -> Package:
    """The programs alone: neither a user nor a unit of its own, as where they are put by hand."""
    return Package(
        name="etcd",
        version=f"{version(_ETCD)}-{_REVISION}",
        summary="Distributed reliable key-value store",
        files={f"/usr/bin/{name}": _program(_ETCD, name) for name in GO_TOOLS[_ETCD].packages},
    )


def _program(tool: str, name: str) -> Path:
    return located(tool)[tool].with_name(name)


def _unit(name: str) -> str:
    return (_UNITS / name).read_text(encoding="utf-8")
