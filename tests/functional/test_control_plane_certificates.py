"""Certificates of kubeadm are renewed by the real kubeadm, before they end, and with the names of the pillar."""

from __future__ import annotations

import functools
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from functional.member_site import Site
from programs.test_kubernetes import MINORS
from programs.verdict import NotRun, locate, run
from saltext.k8s_ha.utils import certificates, control_plane_certificates, serving_names
from saltext.k8s_ha.utils.certificate_renewal import find
from saltext.k8s_ha.utils.control_plane_certificates import ControlPlaneCertificates
from saltext.k8s_ha.utils.host import HostError
from saltext.k8s_ha.utils.kubeadm import INIT

PKI = "/etc/kubernetes/pki"
DAY = 86_400.0
SHORT = {"certificate_validity": "240h"}
# kubeadm knows one place for kubeconfigs.
AT_HOME = (
    'mount -t tmpfs none /etc && mkdir /etc/kubernetes && mount --bind "$0" /etc/kubernetes && exec "$@"'
)


@functools.cache
def own_mounts() -> tuple[str, ...]:
    """What gives a program mounts of its own. Raises NotRun where that is not allowed."""
    program = (str(locate("unshare")), *(() if os.geteuid() == 0 else ("--map-root-user",)), "--mount")
    tried = run([*program, "mount", "-t", "tmpfs", "none", "/etc"])
    if tried.code != 0:
        raise NotRun(f"mounts of its own cannot be made here ({tried.stderr.strip()}); test as root")
    return program


class Master(Site):
    """A member with kubeadm's certificates, and an API server that takes what is on the disk."""

    def __init__(self, directory: Path, minor: str = "1.36") -> None:
        self.days = 0.0
        self.is_served = True
        super().__init__(directory, minor)

    def run(self, command: list[str], **more: Any) -> dict[str, Any]:
        at_home = [*own_mounts(), "sh", "-ec", AT_HOME, str(self.host.path("/etc/kubernetes"))]
        done = super().run([*at_home, *command], **more)
        self.ran[-1] = " ".join(command[4:])
        return done

    def want(self, **changes: Any) -> None:
        super().want(kubeadm=SHORT | changes.pop("kubeadm", {}), **changes)

    def init(self) -> None:
        """What `kubeadm init` leaves: certificates, and kubeconfigs with certificates in them."""
        self.host.path("/etc/kubernetes/kubelet.conf").unlink()
        program = str(self.host.program("kubeadm"))
        for phase in ("certs", "kubeconfig"):
            done = self.run(
                ["timeout", "--kill-after=9", "60", program, "init", "phase", phase, "all", "--config", INIT]
            )
            assert done["retcode"] == 0, done
        self.ran.clear()

    def renew(self, *, test: bool = False) -> dict[str, Any]:
        if not test:
            self.write_files()
        return ControlPlaneCertificates(
            self.member(),
            self.host,
            self.modules,
            lambda *_: None,
            self.writer(test=test),
            now=lambda: time.time() + self.days * DAY,
            served_seconds=0.3,
        ).attain(test=test)

    def texts(self) -> dict[str, str]:
        places = [*self.host.path(PKI).rglob("*"), *self.host.path("/etc/kubernetes").glob("*.conf")]
        return {str(place): place.read_text() for place in sorted(places) if place.is_file()}

    def ends(self) -> dict[str, int]:
        return {one.path: one.ends for one in certificates.find(self.host).certificates}

    def names(self) -> frozenset[str]:
        return serving_names.names(self.host.path(f"{PKI}/apiserver.crt").read_text())

    def renewed(self) -> list[str]:
        return [words.split(" ")[2] for words in self.ran if "certs renew" in words]


@contextmanager
def master_at(directory: Path, monkeypatch: pytest.MonkeyPatch, minor: str = "1.36") -> Iterator[Master]:
    one = Master(directory, minor)
    monkeypatch.setattr(control_plane_certificates, "is_served", lambda *_: one.is_served)
    monkeypatch.setattr(control_plane_certificates, "serves", lambda *_: True)
    monkeypatch.setattr(control_plane_certificates, "_POLL_SECONDS", 0.02)
    yield one


@pytest.fixture
def master(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Master]:
    with master_at(tmp_path, monkeypatch) as one:
        yield one


@pytest.mark.parametrize("minor", MINORS)
def test_new_ones_are_left_and_those_near_their_end_are_renewed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, minor: str
) -> None:
    with master_at(tmp_path, monkeypatch, minor) as master:
        before = master.texts()
        assert (master.renew()["changes"], master.texts()) == ({}, before)
        master.ran.clear()
        assert master.renew() == master.renew() and master.ran == []
        master.days = 9
        master.want(kubeadm={"certificate_validity": "8760h"})
        foreseen = master.renew(test=True)
        assert foreseen["result"] is None and master.texts() == before
        old = master.ends()
        done = master.renew()
        assert (done["result"], done["changes"]) == (True, foreseen["changes"]), done
        assert sorted(master.renewed()) == sorted([
            "admin.conf", "apiserver", "apiserver-etcd-client", "apiserver-kubelet-client", "controller-manager.conf",
            "etcd-healthcheck-client", "etcd-peer", "etcd-server", "front-proxy-client", "scheduler.conf",
            "super-admin.conf",
        ])  # fmt: skip
        longer = {path for path, ends in master.ends().items() if ends > old[path] + 300 * DAY}
        assert longer == set(done["changes"])
        assert not master.host.path("/var/lib/k8s-ha/kept/certificates.json").exists()
        master.ran.clear()
        assert master.renew()["changes"] == {} and master.ran == []


@pytest.mark.parametrize("minor", MINORS)
def test_a_name_of_the_pillar_gets_into_the_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, minor: str
) -> None:
    with master_at(tmp_path, monkeypatch, minor) as master:
        master.renew()
        before = master.texts()
        master.want(kubeadm={"api_server": {"cert_sans": ["k8s.example.org", "192.0.2.9"]}})
        change = {
            f"{PKI}/apiserver.crt": {"old": "without 192.0.2.9, k8s.example.org", "new": "without nothing"}
        }
        assert master.renew(test=True)["changes"] == change and master.texts() == before
        assert master.renew()["changes"] == change
        assert {"k8s.example.org", "192.0.2.9", "cp1", "kubernetes.default.svc"} <= master.names()
        changed = {Path(path).name for path, text in master.texts().items() if text != before[path]}
        assert changed == {"apiserver.crt", "apiserver.key"} and master.renewed() == []
        assert master.host.path(f"{PKI}/apiserver.key").stat().st_mode & 0o777 == 0o600
        master.ran.clear()
        assert master.renew()["changes"] == {} and master.ran == []
        master.want()
        assert (
            master.renew()["changes"][f"{PKI}/apiserver.crt"]["new"] == "without 192.0.2.9, k8s.example.org"
        )
        assert "k8s.example.org" not in master.names()


def test_names_that_the_server_does_not_take_are_put_back(master: Master) -> None:
    master.renew()
    before = master.texts()
    master.want(kubeadm={"api_server": {"cert_sans": ["k8s.example.org"]}})
    master.is_served = False
    with pytest.raises(
        HostError, match=r"does not show its new certificate after 0 s\. The files of before were"
    ):
        master.renew()
    assert master.texts() == before


def test_a_kubeadm_that_dies_while_it_writes_is_made_good(
    master: Master, monkeypatch: pytest.MonkeyPatch
) -> None:
    master.renew()
    before = master.texts()
    master.days = 9

    def dies(steps: ControlPlaneCertificates, one: Any) -> None:
        steps.host.path(one.paths[0]).write_text("half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(ControlPlaneCertificates, "_renew", dies)
        with pytest.raises(KeyboardInterrupt):
            master.renew()
    assert "half" in master.texts().values()
    master.days = 0
    assert master.renew(test=True)["result"] is None and "half" in master.texts().values()
    assert list(master.renew()["changes"]) == ["an earlier renewal"]
    assert master.texts() == before


def test_without_the_key_of_its_authority_it_is_only_told(master: Master) -> None:
    master.renew()
    master.host.path(f"{PKI}/etcd/ca.key").unlink()
    shutil.copy(master.host.path(f"{PKI}/apiserver.crt"), master.host.path(f"{PKI}/front-proxy-ca.crt"))
    master.days = 9
    done = master.renew()
    told = " ".join(done["warnings"])
    assert f"the key of {PKI}/etcd/ca.crt is not on this host" in told
    assert f"{PKI}/front-proxy-ca.crt ends no later" in told
    assert {"etcd-server", "front-proxy-client"}.isdisjoint(master.renewed())
    assert "apiserver" in master.renewed()


def test_another_release_of_kubeadm_renews_and_leaves_the_names_to_the_upgrade(master: Master) -> None:
    master.renew()
    master.days = 9
    master.want(
        kubeadm={"api_server": {"cert_sans": ["k8s.example.org"]}}, cluster={"kubernetes_version": "v1.36.0"}
    )
    done = master.renew()
    assert done["result"] is True and "scheduler.conf" in master.renewed()
    assert "k8s.example.org" not in master.names()


def test_an_external_etcd_is_left_to_the_master(master: Master) -> None:
    master.days = 9
    names = {one.name for one in find(master.member(), master.host, time.time() + 9 * DAY).due}
    assert "apiserver-etcd-client" in names
    member: Any = type("Member", (), {"has_stacked_etcd": False})()
    assert {one.name for one in find(member, master.host, time.time() + 9 * DAY).due} == names - {
        "apiserver-etcd-client"
    }


@pytest.mark.parametrize(
    ("days", "left", "due"),
    [(365, 122, False), (365, 121, True), (60, 31, False), (60, 29, True), (10, 6, False), (10, 4, True)],
)
def test_when_one_is_old(days: float, left: float, due: bool) -> None:
    one = certificates.Certificate("/x.crt", "CN=x", 0, int(days * DAY))
    assert one.is_old((days - left) * DAY) is due
