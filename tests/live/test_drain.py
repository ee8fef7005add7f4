"""A node that is cordoned, drained and given back: by a worker itself, before a real API server."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from live.control_plane import ControlPlane
from live.workers import Workers
from ports import wait_until
from saltext.k8s_ha._core import Api, LiveError, observe
from saltext.k8s_ha.utils.drain import Drained
from saltext.k8s_ha.utils.host import HostError

BY = "w1: rebooting the host, digest d1"
LABELS = {"app": "web"}


@pytest.fixture
def workers(control_plane: ControlPlane, tmp_path: Path) -> Workers:
    one = Workers(control_plane, tmp_path)
    one.permit()
    one.remove_nodes()
    one.add_node("w1")
    one.add_node("w2")
    wait_until(lambda: can_cordon(one), "a worker may do it", 20)
    return one


def can_cordon(workers: Workers) -> bool:
    api = Api(workers.kubeconfig("w1"))
    try:
        api.cordon("w1", BY)
        api.uncordon("w1", BY)
    except LiveError:
        return False
    return True


@pytest.fixture
def drained(workers: Workers) -> Callable[..., Drained]:
    def make(**changes: Any) -> Drained:
        told: list[tuple[str, str]] = []

        def tell(phase: str, text: str) -> None:
            told.append((phase, text))

        limits = {"drain_seconds": 10.0, "ready_seconds": 10.0, **changes}
        one = Drained(workers.member("w1"), workers.host("w1"), limits.pop("by", BY), tell, **limits)
        one.told = told  # type: ignore[attr-defined]
        return one

    return make


def cordoned_by(workers: Workers, node: str = "w1") -> tuple[bool, str | None]:
    found = workers.node(node)
    annotations = found["metadata"].get("annotations", {})
    return found["spec"].get("unschedulable", False), annotations.get("k8s-ha/cordoned-by")


def cordon_by_hand(workers: Workers) -> None:
    patch = {"spec": {"unschedulable": True}}
    workers.control_plane.request("PATCH", "/api/v1/nodes/w1", patch, "application/merge-patch+json")


def test_inside_no_pod_runs_that_could_run_elsewhere(
    workers: Workers, drained: Callable[..., Drained]
) -> None:
    workers.add_pod("web-1", "w1", labels=LABELS)
    workers.add_pod("web-2", "w2", labels=LABELS)
    workers.add_pod("agent", "w1", owner="DaemonSet")
    mirror = {"kubernetes.io/config.mirror": "x"}
    workers.add_pod("proxy", "w1", owner=None, annotations=mirror)
    workers.set_budget(LABELS, 1)
    with drained() as node:
        assert cordoned_by(workers) == (True, BY)
        assert workers.pods() == ["agent", "proxy", "web-2"]
        assert node.evicted == ["default/web-1"]
    assert cordoned_by(workers) == (False, None)


def test_a_budget_is_waited_for_and_its_words_are_told(
    workers: Workers, drained: Callable[..., Drained]
) -> None:
    workers.add_pod("web-1", "w1", labels=LABELS)
    workers.set_budget(LABELS, 0)
    one = drained()
    freed = threading.Timer(2.0, workers.set_budget, (LABELS, 1))
    freed.start()
    began = time.monotonic()
    with one:
        assert time.monotonic() - began >= 1.9 and workers.pods() == []
    freed.join()
    (first, *_) = one.told  # type: ignore[attr-defined]
    assert first[0] == "drains" and "default/web-1 is held (The disruption budget web needs" in first[1]


def test_a_budget_that_never_lets_go_leaves_the_node_cordoned(
    workers: Workers, drained: Callable[..., Drained]
) -> None:
    workers.add_pod("web-1", "w1", labels=LABELS)
    workers.set_budget(LABELS, 0)
    began = time.monotonic()
    with (
        pytest.raises(
            HostError, match=r"w1 stays cordoned .* have not gone within 1 s: default/web-1 is held"
        ),
        drained(drain_seconds=1.0),
    ):
        raise AssertionError("never here")
    assert time.monotonic() - began < 5
    assert cordoned_by(workers) == (True, BY) and workers.pods() == ["web-1"]
    # The same step again takes it up, and gives the node back.
    workers.set_budget(LABELS, 1)
    with drained():
        assert workers.pods() == []
    assert cordoned_by(workers) == (False, None)


def test_pods_that_nobody_makes_anew_are_named_and_nothing_is_changed(
    workers: Workers, drained: Callable[..., Drained]
) -> None:
    workers.add_pod("web-1", "w1", labels=LABELS)
    workers.add_pod("alone", "w1", owner=None)
    with (
        pytest.raises(
            HostError,
            match=r"nothing was changed: nobody makes these pods anew when they go: default/alone\.",
        ),
        drained(),
    ):
        raise AssertionError("never here")
    assert workers.pods() == ["alone", "web-1"] and cordoned_by(workers) == (False, None)
    with drained(also_unmanaged=True) as node:
        assert workers.pods() == [] and sorted(node.evicted) == ["default/alone", "default/web-1"]


def test_after_a_failure_in_between_the_node_stays_out_of_service(
    workers: Workers, drained: Callable[..., Drained]
) -> None:
    one = drained()
    with pytest.raises(RuntimeError, match="it does not start"), one:
        raise RuntimeError("it does not start")
    assert cordoned_by(workers) == (True, BY)
    assert one.told == [("cordoned", f"w1 stays cordoned ({BY}): the step on it has failed")]  # type: ignore[attr-defined]


def test_a_foreign_cordon_is_respected_and_told(workers: Workers, drained: Callable[..., Drained]) -> None:
    cordon_by_hand(workers)
    workers.add_pod("web-1", "w1", labels=LABELS)
    one = drained()
    with one:
        assert workers.pods() == []
    assert cordoned_by(workers) == (True, None)
    told = [text for _, text in one.told]  # type: ignore[attr-defined]
    assert told.count("w1 was cordoned by somebody who did not say so, and stays so") == 2
    # One of another run of ours is as foreign.
    api = Api(workers.kubeconfig("w1"))
    workers.control_plane.request(
        "PATCH",
        "/api/v1/nodes/w1",
        {"metadata": {"annotations": {"k8s-ha/cordoned-by": "w1: another run"}}},
        "application/merge-patch+json",
    )
    assert api.uncordon("w1", BY) == {"standing": "foreign", "changed": False, "by": "w1: another run"}
    with drained():
        pass
    assert cordoned_by(workers) == (True, "w1: another run")


def test_the_node_is_given_back_once_it_is_ready(workers: Workers, drained: Callable[..., Drained]) -> None:
    comes_back = threading.Timer(2.0, workers.set_ready, ("w1", "True"))
    with drained():
        workers.set_ready("w1", "Unknown")
        comes_back.start()
        left = time.monotonic()
    comes_back.join()
    assert time.monotonic() - left >= 1.9 and cordoned_by(workers) == (False, None)
    impatient = drained(ready_seconds=1.0)
    with pytest.raises(HostError, match=r"w1 stays cordoned .* it is not ready after 1 s"), impatient:
        workers.set_ready("w1", "False")
    assert cordoned_by(workers) == (True, BY)


def test_what_was_uncordoned_by_hand_is_left_so(workers: Workers, drained: Callable[..., Drained]) -> None:
    with drained():
        patch = {"spec": {"unschedulable": None}}
        workers.control_plane.request("PATCH", "/api/v1/nodes/w1", patch, "application/merge-patch+json")
    assert cordoned_by(workers) == (False, None), "nor does the note stay behind"


def test_pods_of_coredns_go_one_after_the_other_while_another_one_serves(
    workers: Workers, drained: Callable[..., Drained]
) -> None:
    dns = {"namespace": "kube-system", "labels": {"k8s-app": "kube-dns"}}
    # Its end takes a while, as CoreDNS has it; no controller runs here that would make another one meanwhile.
    first = workers.add_pod("coredns-1", "w1", finalizers=["example.org/slow"], **dns)
    workers.add_pod("coredns-2", "w1", **dns)
    assert json.loads(look(workers))["name_servers"] == ["w1", "w1"]

    def replace() -> None:
        workers.add_pod("coredns-3", "w2", **dns)
        unfinished = {"metadata": {"finalizers": None}}
        workers.control_plane.request("PATCH", first, unfinished, "application/merge-patch+json")

    replaced = threading.Timer(2.0, replace)
    replaced.start()
    began = time.monotonic()
    one = drained()
    with one:
        assert time.monotonic() - began >= 1.9 and workers.pods("kube-system") == ["coredns-3"]
    replaced.join()
    told = [text for _, text in one.told]  # type: ignore[attr-defined]
    assert any(
        "kube-system/coredns-2 is held (pods of CoreDNS go one after the other" in text for text in told
    )
    assert json.loads(look(workers))["name_servers"] == ["w2"]


def look(workers: Workers) -> str:
    return observe(workers.topology, kubeconfig=workers.kubeconfig("w1"), observer="w1", evicted=["w1"])


def test_a_pod_that_ends_is_waited_for(workers: Workers, drained: Callable[..., Drained]) -> None:
    path = workers.add_pod("web-1", "w1", finalizers=["example.org/slow"])

    def finish() -> None:
        patch = {"metadata": {"finalizers": None}}
        workers.control_plane.request("PATCH", path, patch, "application/merge-patch+json")

    slow = threading.Timer(2.0, finish)
    slow.start()
    one = drained()
    with one:
        assert workers.pods() == []
    slow.join()
    assert ("drains", "w1: default/web-1 ends") in one.told  # type: ignore[attr-defined]


def test_a_node_that_is_not_there_and_one_without_credentials_are_named(
    workers: Workers, drained: Callable[..., Drained]
) -> None:
    workers.remove("/api/v1/nodes/w1")
    with pytest.raises(HostError, match=r"it is not cordoned: .* has no such object"), drained():
        pass
    one = drained()
    one.host.path("/etc/kubernetes/k8s-ha.kubeconfig").unlink()
    with pytest.raises(HostError, match="w1 has no credentials for the API"), one:
        pass
