"""Slots in which workers are disturbed: two who want one, a holder that dies, and one that lost it without knowing."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import threading
import time
import urllib.error
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from live.control_plane import ControlPlane
from live.workers import LEASES, SECONDS, Workers
from ports import free_ports, wait_until
from saltext.k8s_ha._core import LiveError, Slot


@pytest.fixture
def make(control_plane: ControlPlane, tmp_path: Path) -> Callable[..., Workers]:
    def made(**upgrades: Any) -> Workers:
        one = Workers(control_plane, tmp_path, **upgrades)
        one.permit()
        one.forget_slots()
        return one

    return made


@pytest.fixture
def workers(make: Callable[..., Workers]) -> Workers:
    return make()


def take(slot: Slot, node: str) -> str | None:
    """Take one; the name of who has it otherwise."""
    holder = slot.acquire(node, "rebooting the host", "d1", 1000.0)
    return holder["node"] if holder else None


def leases(workers: Workers) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = workers.control_plane.request("GET", LEASES)["items"]
    return items


def names(workers: Workers) -> list[str]:
    return sorted(each["metadata"]["name"] for each in leases(workers))


def test_one_has_it_and_the_other_is_told_who(workers: Workers) -> None:
    one, other = workers.slot("w1"), workers.slot("w2")
    assert one.holder() is None and one.seconds_left() == 0
    assert take(one, "w1") is None
    assert take(other, "w2") == "w1"
    told = other.holder()
    assert told == {"node": "w1", "step": "rebooting the host", "digest": "d1", "since": 1000.0}
    assert 0 < one.seconds_left() <= SECONDS and one.confirm() > SECONDS - 1
    with pytest.raises(ValueError, match="held already"):
        take(one, "w1")
    (lease,) = leases(workers)
    assert lease["metadata"]["name"] == "pve1-1" and lease["spec"]["leaseDurationSeconds"] == SECONDS
    assert lease["spec"]["holderIdentity"].startswith("w1_")
    assert json.loads(lease["metadata"]["annotations"]["k8s-ha/holder"]) == told
    one.release()
    assert one.seconds_left() == 0 and names(workers) == []
    with pytest.raises(LiveError, match="not held"):
        one.confirm()
    assert take(other, "w2") is None
    other.release()
    assert other.holder() is None


def test_each_failure_domain_has_its_own_and_as_many_as_the_pillar_says(make: Callable[..., Workers]) -> None:
    workers = make(workers_max_unavailable=2)
    here, there = [workers.slot("w1"), workers.slot("w2"), workers.slot("w1")], workers.slot("w3")
    assert [take(here[0], "w1"), take(here[1], "w2")] == [None, None]
    assert take(here[2], "w1") == "w1", "the first of those who have one"
    assert take(there, "w3") is None
    assert names(workers) == ["pve1-1", "pve1-2", "pve2-1"]
    here[0].release()
    assert here[2].holder() is None and take(here[2], "w1") is None
    for slot in (*here, there):
        slot.release()


def test_of_many_at_once_exactly_one_gets_it(workers: Workers) -> None:
    slots = [workers.slot("w1") for _ in range(8)]
    said: list[str | None] = []
    together = threading.Barrier(len(slots))

    def want(number: int, slot: Slot) -> None:
        together.wait()
        said.append(take(slot, f"run {number}"))

    threads = [threading.Thread(target=want, args=each) for each in enumerate(slots)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert said.count(None) == 1 and len(said) == len(slots), said
    for slot in slots:
        slot.release()
    assert names(workers) == []


def test_it_is_renewed_for_longer_than_its_time(workers: Workers) -> None:
    one, other = workers.slot("w1"), workers.slot("w2")
    assert take(one, "w1") is None
    until = time.monotonic() + 2 * SECONDS
    while time.monotonic() < until:
        assert take(other, "w2") == "w1"
        assert one.seconds_left() > 0
        time.sleep(0.5)
    one.release()


def _hold(workers: Workers, ready: Any) -> None:
    held = workers.slot("w1")
    assert take(held, "w1") is None
    ready.set()
    time.sleep(60)


def test_the_death_of_its_holder_frees_it_by_the_observer_s_own_clock(workers: Workers) -> None:
    context = multiprocessing.get_context("fork")
    ready = context.Event()
    holder = context.Process(target=_hold, args=(workers, ready))
    holder.start()
    assert ready.wait(20) and holder.pid
    other = workers.slot("w2")
    assert take(other, "w2") == "w1"
    os.kill(holder.pid, signal.SIGKILL)
    died = time.monotonic()
    holder.join()
    # Whatever a holder's clock said: that is for people.
    path = f"{LEASES}/pve1-1"
    past = {
        "spec": {"renewTime": "2020-01-01T00:00:00.000000Z", "acquireTime": "2020-01-01T00:00:00.000000Z"}
    }
    workers.control_plane.request("PATCH", path, past, "application/merge-patch+json")
    assert take(other, "w2") == "w1"
    seen = time.monotonic()
    wait_until(lambda: take(other, "w2") is None, "it is free", 20)
    assert time.monotonic() - seen >= SECONDS - 0.2, "it was seen for its whole time"
    assert time.monotonic() - died < SECONDS + 4
    (lease,) = leases(workers)
    assert lease["spec"]["leaseTransitions"] == 1 and lease["spec"]["holderIdentity"].startswith("w2_")
    other.release()


def test_of_many_who_saw_its_holder_dead_exactly_one_takes_it_over(workers: Workers) -> None:
    dead = {
        "apiVersion": "coordination.k8s.io/v1",
        "kind": "Lease",
        "metadata": {"name": "pve1-1"},
        "spec": {"holderIdentity": "w9_dead", "leaseDurationSeconds": 2},
    }
    workers.control_plane.request("POST", LEASES, dead)
    slots = [workers.slot("w1") for _ in range(6)]
    winners: list[Slot] = []
    until = time.monotonic() + 2 * SECONDS

    def want(slot: Slot) -> None:
        while time.monotonic() < until:
            if take(slot, "w1") is None:
                winners.append(slot)
                return

    threads = [threading.Thread(target=want, args=(slot,)) for slot in slots]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    (winner,) = winners
    assert winner.seconds_left() > 0
    (lease,) = leases(workers)
    assert lease["spec"]["leaseTransitions"] == 1
    winner.release()


def test_who_has_lost_it_knows_and_takes_nothing_back(workers: Workers) -> None:
    one = workers.slot("w1", seconds=30)
    assert take(one, "w1") is None
    path = f"{LEASES}/pve1-1"
    somebody = {"spec": {"holderIdentity": "w2_by-hand"}}
    workers.control_plane.request("PATCH", path, somebody, "application/merge-patch+json")
    with pytest.raises(LiveError, match="slot k8s-ha/pve1-1") as raised:
        one.confirm()
    assert raised.value.kind == "changed"
    one.release()
    (lease,) = leases(workers)
    assert lease["spec"]["holderIdentity"] == "w2_by-hand", "what is another one's stays"


def test_a_write_of_somebody_else_costs_nobody_its_slot(workers: Workers) -> None:
    """As after a renewal whose answer was lost: the version is another one, the holder the same."""
    one = workers.slot("w1")
    assert take(one, "w1") is None
    noted = {"metadata": {"annotations": {"note": "by hand"}}}
    workers.control_plane.request("PATCH", f"{LEASES}/pve1-1", noted, "application/merge-patch+json")
    assert one.confirm() > SECONDS - 1
    workers.control_plane.request("PATCH", f"{LEASES}/pve1-1", noted, "application/merge-patch+json")
    one.release()
    assert names(workers) == []


def test_a_deleted_slot_is_none_any_more(workers: Workers) -> None:
    one = workers.slot("w1", seconds=3)
    assert take(one, "w1") is None
    workers.remove(f"{LEASES}/pve1-1")
    wait_until(lambda: one.seconds_left() == 0, "it counts on it no longer", 10)
    with pytest.raises(LiveError):
        one.confirm()
    one.release()


def test_an_empty_one_is_free(workers: Workers) -> None:
    lease = {
        "apiVersion": "coordination.k8s.io/v1",
        "kind": "Lease",
        "metadata": {"name": "pve1-1"},
        "spec": {},
    }
    workers.control_plane.request("POST", LEASES, lease)
    one = workers.slot("w1")
    assert one.holder() is None and take(one, "w1") is None
    one.release()


def test_where_the_endpoint_is_gone_each_server_is_asked(workers: Workers) -> None:
    (closed,) = free_ports(1)
    kubeconfig = workers.kubeconfig("w1").replace(
        workers.control_plane.api_url, f"https://127.0.0.1:{closed}"
    )
    one = Slot(workers.topology, "w1", kubeconfig, SECONDS)
    assert take(one, "w1") is None and one.confirm() > 0
    one.release()


def test_without_permission_or_with_a_stranger_s_name_nothing_is_taken(workers: Workers) -> None:
    with pytest.raises(ValueError, match="declares no node w9"):
        Slot(workers.topology, "w9", workers.kubeconfig("w1"))
    group = "/apis/rbac.authorization.k8s.io/v1/namespaces/k8s-ha/rolebindings/k8s-ha:workers"
    workers.control_plane.request("DELETE", group)
    one = workers.slot("w1")

    def is_forbidden() -> bool:
        try:
            take(one, "w1")
        except LiveError as error:
            return error.kind == "forbidden"
        one.release()
        return False

    wait_until(is_forbidden, "the binding is gone", 10)
    workers.permit()

    def is_permitted() -> bool:
        return not is_forbidden()

    wait_until(is_permitted, "the binding is back", 10)
    with pytest.raises(urllib.error.HTTPError):
        workers.control_plane.request("GET", f"{LEASES}/pve1-1")
