"""A changed pillar reaches the KubeletConfiguration of a member: as the real kubeadm writes it, or back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from functional.member_site import Site
from programs.test_kubernetes import MINORS
from saltext.k8s_ha.utils import kubelet_change
from saltext.k8s_ha.utils.host import HostError
from saltext.k8s_ha.utils.kubeadm_dry_run import DryRun
from saltext.k8s_ha.utils.kubelet_change import PATH, KubeletChange
from saltext.k8s_ha.utils.node_files import NodeFiles

RESTART = "systemctl restart kubelet.service"
MORE_PODS = {"kubelet": {"max_pods": 120}}


class Node(Site):
    """A member whose kubelet is well as long as its configuration does not say otherwise."""

    def is_well(self, _url: str) -> bool:
        return self.configuration().get("maxPods") != 13

    def configuration(self) -> dict[str, Any]:
        document: dict[str, Any] = yaml.safe_load(self.host.path(PATH).read_text())
        return document

    def recorded(self) -> dict[str, Any]:
        document: dict[str, Any] = yaml.safe_load(self.records["kubelet-config"]["kubelet"])
        return document

    def init(self) -> None:
        """What `kubeadm init` leaves, by its own configuration and not by ours for the kubelet."""
        super().init()
        files = NodeFiles(self.member(), self.writer(test=False))
        of_node = DryRun(self.host, self.modules, files.init(), files.patches).kubelet_configuration()
        self.put(PATH, yaml.safe_dump(of_node))
        of_cluster = DryRun(self.host, self.modules, files.init()).kubelet_configuration()
        of_cluster["containerRuntimeEndpoint"] = ""
        self.records["kubelet-config"] = {"kubelet": yaml.safe_dump(of_cluster)}
        self.ran.clear()

    def change(self, *, test: bool = False) -> dict[str, Any]:
        if not test:
            self.write_files()
        return KubeletChange(
            self.member(),
            self.host,
            self.modules,
            lambda *_: None,
            self.writer(test=test),
            settle_seconds=0.05,
            start_seconds=0.3,
        ).attain(test=test)

    def restarts(self) -> int:
        return self.ran.count(RESTART)


@contextmanager
def node_at(
    directory: Path, monkeypatch: pytest.MonkeyPatch, minor: str = "1.36", node: str = "cp1"
) -> Iterator[Node]:
    one = Node(directory, minor, node)
    monkeypatch.setattr(kubelet_change, "own_api", lambda *_: one)
    monkeypatch.setattr(kubelet_change, "Disruption", one.disruption)
    monkeypatch.setattr(kubelet_change, "answers", one.is_well)
    monkeypatch.setattr(kubelet_change, "_POLL_SECONDS", 0.02)
    yield one


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Node]:
    with node_at(tmp_path, monkeypatch) as one:
        yield one


@pytest.mark.parametrize("minor", MINORS)
def test_what_kubeadm_wrote_is_left_and_a_change_is_made_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, minor: str
) -> None:
    with node_at(tmp_path, monkeypatch, minor) as node:
        assert node.change()["changes"] == {}
        node.ran.clear()
        assert node.change() == node.change() and node.ran == []
        node.want(kubeadm=MORE_PODS)
        foreseen = node.change(test=True)
        done = node.change()
        assert (foreseen["result"], done["result"]) == (None, True)
        wanted = {"maxPods": {"old": 110, "new": 120}}
        assert done["changes"] == foreseen["changes"] == {"kubelet": wanted, "kubelet-config": wanted}
        assert node.configuration()["maxPods"] == node.recorded()["maxPods"] == 120
        assert node.configuration()["containerRuntimeEndpoint"].startswith("unix://")
        assert node.recorded()["containerRuntimeEndpoint"] == ""
        assert node.asked == ["restart kubelet", "confirmed", "given back"] and node.restarts() == 1
        node.ran.clear()
        assert node.change()["changes"] == {} and node.ran == []


def test_what_one_node_has_differently_is_not_recorded_for_all(node: Node) -> None:
    node.change()
    node.want(nodes={"cp1": {**node.pillar["nodes"]["cp1"], "kubelet": {"max_pods": 50}}})
    assert list(node.change()["changes"]) == ["kubelet"]
    assert (node.configuration()["maxPods"], node.recorded()["maxPods"]) == (50, 110)


@pytest.mark.parametrize("minor", MINORS)
def test_a_worker_has_no_lock_and_no_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, minor: str
) -> None:
    with node_at(tmp_path / "cp1", monkeypatch, minor) as master:
        pass
    with node_at(tmp_path / "w1", monkeypatch, minor, "w1") as node:
        # A join downloads what the cluster recorded, and adds the node's runtime.
        joined = {**master.recorded(), "containerRuntimeEndpoint": "unix:///run/containerd/containerd.sock"}
        node.put(PATH, yaml.safe_dump(joined))
        assert node.change()["changes"] == {}
        node.want(kubeadm=MORE_PODS)
        assert list(node.change()["changes"]) == ["kubelet"]
        assert node.asked == [] and node.restarts() == 1


def test_a_kubelet_that_is_not_well_gets_its_configuration_of_before(node: Node) -> None:
    node.change()
    before = node.host.path(PATH).read_bytes()
    node.want(kubeadm={"kubelet": {"max_pods": 13}})
    with pytest.raises(HostError) as raised:
        node.change()
    assert str(raised.value).startswith("the kubelet is not well 0 s after /var/lib/kubelet/config.yaml")
    assert str(raised.value).endswith("was put back, and the kubelet runs with it")
    assert node.host.path(PATH).read_bytes() == before and node.restarts() == 2
    assert node.recorded()["maxPods"] == 110


def test_a_run_that_died_in_between_is_made_good(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    node.change()
    node.want(kubeadm=MORE_PODS)
    with monkeypatch.context() as patched:
        patched.setattr(KubeletChange, "_restart", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            node.change()
    assert node.configuration()["maxPods"] == 120 and node.restarts() == 0
    assert node.change(test=True)["changes"]["kubelet"].keys() == {"runs"}
    assert node.change()["result"] is True and node.restarts() == 1
    assert node.recorded()["maxPods"] == 120


def test_a_change_by_hand_is_told(node: Node) -> None:
    node.change()
    place = node.host.path(PATH)
    place.write_text(place.read_text().replace("maxPods: 110", "maxPods: 99"))
    left = node.change()
    assert left["changes"] == {} and node.restarts() == 0
    assert "(maxPods) is left as it is: it was changed by hand" in left["warnings"][0]
    node.want(drift="enforce")
    assert node.change()["changes"] == {"kubelet": {"maxPods": {"old": 99, "new": 110}}}


def test_a_patch_that_left_the_pillar_is_removed(node: Node) -> None:
    node.want(kubeadm={"patches": {"kubeletconfiguration7+merge": {"maxPods": 70}}})
    assert list(node.change()["changes"]) == ["kubelet"]
    path = "/etc/kubernetes/patches/kubeletconfiguration7+merge.yaml"
    node.want()
    assert node.change()["changes"].keys() == {"kubelet", path}
    assert node.configuration()["maxPods"] == 110 and not node.host.path(path).exists()


def test_where_a_kubelet_says_that_it_is_well() -> None:
    assert kubelet_change.health_url({}) == "http://127.0.0.1:10248/healthz"
    assert (
        kubelet_change.health_url({"healthzBindAddress": "::", "healthzPort": 1}) == "http://[::1]:1/healthz"
    )
    assert kubelet_change.health_url({"healthzPort": 0}) is None
