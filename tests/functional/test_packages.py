"""Packages with the real apt, dpkg and Salt, from a signed repository."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from functional.apt_host import URL, AptHost, Repository, end_agent, make_key, possible
from functional.minion import Answer
from functional.needs import installed
from functional.pillars import three_masters

installed("saltext.k8s_ha.utils.packages")

KUBERNETES = [(name, "1.36.4-1.1") for name in ("kubelet", "kubeadm", "kubectl")]
NEWER = [(name, "1.36.9-1.1") for name in ("kubelet", "kubeadm", "kubectl")]
OLDER = [(name, "1.35.8-1.1") for name in ("kubelet", "kubeadm", "kubectl")]
HOST = [
    (name, "1.0-1") for name in ("conntrack", "nftables", "haproxy", "keepalived", "curl", "containerd-other")
]
RUNTIMES = [("containerd.io", "2.2.1-1"), ("containerd.io", "1.7.29-1"), ("containerd", "1.6.20-1")]
HAPROXY = "/etc/haproxy/haproxy.cfg"

# The files of the repositories and then the packages, as the formula has them.
STATES = """
{%- for path in salt["k8s_ha.paths"]("repositories") %}
k8s_ha {{ path }}:
  k8s_ha.file_managed:
    - name: {{ path }}
{%- endfor %}
k8s_ha packages:
  k8s_ha.packages_installed
"""
ONLY_OURS = "Types: deb\nURIs: {url}/debian/\nSuites: /\nSigned-By: {key}\n"


def pillar(**packages: Any) -> dict[str, Any]:
    """Debian hosts with containerd 2 from a repository of its own."""
    written = three_masters(
        containerd={"major": 2},
        packages={
            "kubernetes": {"base_url": f"{URL}/{{minor}}/deb/", "key_url": f"{URL}/Release.key"},
            "containerd": {"base_url": f"{URL}/containerd/", "key_url": f"{URL}/Release.key"},
            **packages,
        },
    )
    for profile in written["profiles"].values():
        profile["os"] = "debian-12"
    return written


@pytest.fixture(scope="module")
def keyring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    possible()
    # The socket of gpg's agent has a short path.
    gnupg = tmp_path_factory.mktemp("gpg") / "g"
    yield gnupg, make_key(gnupg)
    end_agent(gnupg)


@pytest.fixture
def host(tmp_path: Path, keyring: tuple[Path, str]) -> Iterator[AptHost]:
    gnupg, key = keyring
    one = AptHost(tmp_path, settings={"k8s_ha": {}})
    one.set_pillar(pillar())
    (tmp_path / "states/packages.sls").write_text(STATES)
    with one:
        served = tmp_path / "served"
        (served / "Release.key").write_text(key)
        Repository(served / "1.36/deb", [*NEWER, *KUBERNETES, *OLDER]).make(gnupg)
        Repository(served / "containerd", RUNTIMES).make(gnupg)
        Repository(served / "debian", HOST, {"haproxy": HAPROXY}).make(gnupg)
        # The distribution's own repository, whose key the host has.
        apt = tmp_path / "host/etc/apt"
        (apt / "distribution.asc").write_text(key)
        (apt / "sources.list.d/debian.sources").write_text(
            ONLY_OURS.format(url=URL, key="/etc/apt/distribution.asc")
        )
        yield one


def apply(host: AptHost, *arguments: str) -> tuple[Answer, dict[str, Any]]:
    answer = host.call("state.apply", "packages", *arguments)
    assert isinstance(answer.value, dict), answer.text
    return answer, answer.states["k8s_ha packages"]


def test_packages_come_once_and_stay(host: AptHost) -> None:
    host.run("sh", "-c", f"mkdir -p /etc/haproxy && echo ours > {HAPROXY}")
    _, announced = apply(host, "test=True")
    assert announced["result"] is None and host.packages() == {}, announced
    answer, real = apply(host)
    assert real["result"] is True, answer.text
    assert announced["changes"].keys() == real["changes"].keys()
    assert real["changes"]["kubelet"] == {"old": "", "new": "1.36.4-1.1, held"}
    assert real["changes"]["containerd.io"] == {"old": "", "new": "2.2.1-1, held"}
    assert "no fingerprint was asked for" in real["comment"]
    assert host.packages() == {
        "kubelet": "1.36.4-1.1 hi",
        "kubeadm": "1.36.4-1.1 hi",
        "kubectl": "1.36.4-1.1 hi",
        "containerd.io": "2.2.1-1 hi",
        **dict.fromkeys(("conntrack", "nftables", "haproxy", "keepalived", "curl"), "1.0-1 ii"),
    }
    assert host.run("cat", HAPROXY).stdout == "ours\n", "dpkg keeps a configuration that is there"
    answer, again = apply(host)
    assert again["result"] is True and again["changes"] == {}, answer.text
    assert again["duration"] < 200, "one question to dpkg"

    host.run("apt-mark", "unhold", "kubelet")
    host.run("dpkg", "--purge", "--force-hold", "kubectl")
    _, announced = apply(host, "test=True")
    answer, real = apply(host)
    assert announced["changes"] == real["changes"], answer.text
    assert real["changes"] == {
        "kubectl": {"old": "", "new": "1.36.4-1.1, held"},
        "kubelet": {"old": "1.36.4-1.1", "new": "1.36.4-1.1, held"},
    }
    assert (announced["result"], real["result"]) == (None, True)
    upgraded = host.run("apt-get", "-y", "dist-upgrade")
    assert upgraded.returncode == 0 and host.packages()["kubelet"] == "1.36.4-1.1 hi", upgraded.stdout


def test_another_release_is_never_touched(host: AptHost) -> None:
    folder = host.directory / "served/1.36/deb"
    host.run("dpkg", "--install", str(folder / "kubelet_1.35.8-1.1_all.deb"))
    _, refused = apply(host)
    assert refused["result"] is False and refused["changes"] == {}
    assert "this node has kubelet v1.35.8, the pillar wants v1.36.4" in refused["comment"]
    assert host.packages() == {"kubelet": "1.35.8-1.1 ii"}


def test_an_old_runtime_is_refused_with_the_remedy(host: AptHost) -> None:
    folder = host.directory / "served/containerd"
    host.run("dpkg", "--install", str(folder / "containerd_1.6.20-1_all.deb"))
    _, refused = apply(host)
    assert refused["result"] is False and host.packages() == {"containerd": "1.6.20-1 ii"}
    assert "containerd 1.6.20-1 is installed, the pillar wants containerd 2" in refused["comment"]
    assert f"Install containerd.io from {URL}/containerd/" in refused["comment"]
    assert "containerd.major to 1" in refused["comment"]


def test_what_is_not_offered_is_named_with_what_is(host: AptHost, keyring: tuple[Path, str]) -> None:
    Repository(host.directory / "served/1.36/deb", NEWER).make(keyring[0])
    _, refused = apply(host)
    assert refused["result"] is False and host.packages() == {}
    assert "kubelet 1.36.4-* (offered is 1.36.9-1.1)" in refused["comment"]
    assert f"are not to be had from {URL}/1.36/deb/" in refused["comment"]


def test_a_repository_that_is_not_there_is_named(host: AptHost) -> None:
    # Another address: apt gives up the host as a whole, not the port.
    nowhere = "http://127.0.0.2:9/1.36/"
    host.set_pillar(pillar(kubernetes={"base_url": nowhere, "key_url": f"{URL}/Release.key"}))
    _, refused = apply(host)
    assert refused["result"] is False and host.packages() == {}
    assert f"are not to be had from {nowhere}" in refused["comment"]
    assert "kubelet 1.36.4-* (no version is offered)" in refused["comment"]
    assert f"Failed to fetch {nowhere}InRelease" in refused["comment"]


def test_a_repository_signed_by_another_key_is_named(host: AptHost, tmp_path: Path) -> None:
    other = make_key(tmp_path / "other")
    end_agent(tmp_path / "other")
    host.set_pillar(pillar(kubernetes={"base_url": f"{URL}/1.36/deb/", "key": other}))
    _, refused = apply(host)
    assert refused["result"] is False and host.packages() == {}
    assert f"not to be had from {URL}/1.36/deb/" in refused["comment"] and "NO_PUBKEY" in refused["comment"]


@pytest.mark.parametrize(
    ("key_url", "reason"),
    [
        (f"{URL}/1.36/deb/Packages", "does not begin with -----BEGIN PGP PUBLIC KEY BLOCK-----"),
        (f"{URL}/nothing.key", "404"),
        ("salt://nothing.key", "nothing.key"),
        ("file:///nothing.key", "nothing.key"),
    ],
)
def test_a_key_that_is_none_is_named(host: AptHost, key_url: str, reason: str) -> None:
    host.set_pillar(pillar(kubernetes={"base_url": f"{URL}/1.36/deb/", "key_url": key_url}))
    _, refused = apply(host)
    assert refused["result"] is False and host.packages() == {}
    assert f"is not to be had from {key_url}" in refused["comment"] and reason in refused["comment"]
    assert host.run("test", "-e", "/etc/apt/keyrings/kubernetes.asc").returncode != 0


def test_a_key_comes_from_the_master_or_from_the_node(host: AptHost, keyring: tuple[Path, str]) -> None:
    (host.directory / "states/kubernetes.asc").write_text(keyring[1])
    (host.directory / "host/etc/apt/containerd.key").write_text(keyring[1])
    host.set_pillar(
        pillar(
            kubernetes={"base_url": f"{URL}/1.36/deb/", "key_url": "salt://kubernetes.asc"},
            containerd={"base_url": f"{URL}/containerd/", "key_url": "file:///etc/apt/containerd.key"},
        )
    )
    answer, real = apply(host)
    assert real["result"] is True, answer.text
    assert host.packages()["containerd.io"] == "2.2.1-1 hi"
