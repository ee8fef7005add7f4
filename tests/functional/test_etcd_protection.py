"""A member's manifest is changed with the lock, and only while no other member is missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from functional.needs import installed
from functional.pillars import three_masters
from functional.test_etcd_manifest import CONFIGURATION, MANIFEST
from live_host import LiveHost

saltext = installed("saltext.k8s_ha")

from saltext.k8s_ha import _core  # noqa: E402 (after the check)
from saltext.k8s_ha.utils import etcd_protection  # noqa: E402
from saltext.k8s_ha.utils.disruption import RefusedError  # noqa: E402
from saltext.k8s_ha.utils.etcd_manifest import EtcdManifest, guarded_flags  # noqa: E402
from saltext.k8s_ha.utils.etcd_protection import Protection  # noqa: E402
from saltext.k8s_ha.utils.gate import Member  # noqa: E402
from saltext.k8s_ha.utils.host import HostError  # noqa: E402
from saltext.k8s_ha.utils.own_etcd import OwnEtcd  # noqa: E402

FLAGS = guarded_flags("cp1", "https://10.0.10.11:2380")
VOTERS = {
    "cp1": "https://10.0.10.11:2380",
    "cp2": "https://10.0.10.12:2380",
    "cp3": "https://10.0.10.13:2380",
}


class Site:
    """The cluster as cp1 sees it."""

    def __init__(self, directory: Path) -> None:
        self.host = LiveHost(directory)
        self.configuration = CONFIGURATION
        self.voters = dict(VOTERS)
        self.silent: set[str] = set()
        self.asked: list[str] = []
        self.refusal = ""
        self.api_is_away = False
        self.ran: list[str] = []
        self._put("/etc/kubernetes/manifests/etcd.yaml", MANIFEST)
        self._put("/etc/kubernetes/kubelet.conf", "")
        self._put("/var/lib/k8s-ha/identity.json", json.dumps({"stage": "member"}))

    def _put(self, path: str, text: str) -> None:
        place = self.host.path(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)

    # What the gate, the API and systemd do for this test. Real members and a real lock are in the lab.
    def disruption(
        self, _member: Member, _host: Any, action: str, programs: tuple[str, ...], _tell: Any
    ) -> Site:
        self.asked.append(f"{action} {', '.join(programs)}")
        return self

    @contextmanager
    def allowed(self, _wait_seconds: float | None = None) -> Iterator[Site]:
        if self.refusal:
            raise RefusedError(self.refusal)
        yield self
        self.asked.append("given back")

    def confirm(self) -> None:
        self.asked.append("confirmed")

    def config_map(self, *_: str) -> dict[str, str]:
        if self.api_is_away:
            raise _core.K8sHaError("cannot connect")
        return {"ClusterConfiguration": self.configuration}

    def patch_config_map(self, _namespace: str, _name: str, _key: str, text: str, *_: str, seen: str) -> bool:
        assert seen == self.configuration
        self.configuration = text
        return True

    def run(self, command: list[str], **_: Any) -> dict[str, Any]:
        self.ran.append(" ".join(command[3:]))
        if command[-2:] == ["start", "kubelet.service"]:
            words = [
                "/usr/local/bin/etcd",
                *(f"{name}={EtcdManifest(self.host).flag(name)}" for name in FLAGS),
            ]
            self._put("/proc/77/cmdline", "\0".join(words))
        return {"retcode": 0, "stdout": "", "stderr": ""}

    def apply(self, *, test: bool = False) -> dict[str, Any]:
        member = Member(saltext.Topology(three_masters()), "cp1", {})
        modules = {"cmd.run_all": self.run}
        steps = Protection(member, self.host, modules, lambda *_: None, 0.0)
        return steps.attain(test=test)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    one = Site(tmp_path)
    members = lambda _: [{"is_learner": False, "peer_urls": [url]} for url in one.voters.values()]  # noqa: E731
    monkeypatch.setattr(OwnEtcd, "members", members)
    monkeypatch.setattr(OwnEtcd, "own", lambda _: "cp1")
    monkeypatch.setattr(OwnEtcd, "other", lambda _, node: node)
    monkeypatch.setattr(etcd_protection, "follows", lambda member: member not in one.silent)
    monkeypatch.setattr(etcd_protection, "Disruption", one.disruption)
    monkeypatch.setattr(etcd_protection, "own_api", lambda *_: one)
    monkeypatch.setattr(etcd_protection, "serves", lambda *_: True)
    return one


ASKED = ["restart etcd, kube-apiserver", "confirmed", "given back"]


def test_it_is_protected_once_with_the_lock_and_then_nobody_is_asked(site: Site) -> None:
    foreseen = site.apply(test=True)
    assert foreseen["result"] is None and site.asked == [] and not EtcdManifest(site.host).has(FLAGS)
    done = site.apply()
    assert (done["result"], done["changes"]) == (True, foreseen["changes"])
    assert site.asked == ASKED
    assert site.ran == ["systemctl stop kubelet.service", "systemctl start kubelet.service"]
    assert EtcdManifest(site.host).has(FLAGS) and "initial-cluster-state" in site.configuration
    again = site.apply()
    assert again["changes"] == {} and again["result"] is True and site.asked == ASKED


def test_what_the_gate_refuses_is_left_and_said(site: Site) -> None:
    site.refusal = "restarting etcd is refused: it leaves 1 of 2 voters. Remedy: give etcd three members"
    left = site.apply()
    assert left["result"] is True and site.refusal in left["comment"] and left["warnings"]
    assert site.ran == [] and not EtcdManifest(site.host).has(FLAGS)


@pytest.mark.parametrize(
    ("absent", "said"), [("cp3", "cp3 is no voter of etcd yet"), (None, "does not answer")]
)
def test_while_another_is_missing_the_member_is_left_and_kubeadms_record_is_not(
    site: Site, absent: str | None, said: str
) -> None:
    site.voters.pop(absent or "", None)
    site.silent = set() if absent else {"cp2"}
    left = site.apply()
    assert left["result"] is True and said in left["comment"] and left["warnings"] == [left["comment"]]
    assert list(left["changes"]) == ["kubeadm-config"] and "initial-cluster-state" in site.configuration
    assert site.ran == [] and not EtcdManifest(site.host).has(FLAGS)


def test_while_the_api_server_is_away_what_may_bring_it_back_is_not_held_up(site: Site) -> None:
    site.api_is_away = True
    with pytest.raises(HostError, match="kubeadm-config cannot be read: cannot connect"):
        site.apply()
    site.api_is_away = False
    site.apply()
    site.api_is_away = True
    left = site.apply()
    assert left["result"] is True and left["changes"] == {} and "looked at later" in left["warnings"][0]


def test_a_host_that_is_no_member_yet_is_left(site: Site) -> None:
    site.host.path("/var/lib/k8s-ha/identity.json").unlink()
    assert site.apply(test=True)["result"] is None
    assert site.apply()["changes"] == {} and site.ran == []
