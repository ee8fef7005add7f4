"""The lock under which one host at a time is disturbed: two who want it, a holder that dies, an etcd without quorum."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time

import pytest

from live.external_etcd import HOSTS, Site
from ports import wait_until
from saltext.k8s_ha._core import LiveError, Lock

_SECONDS = 4


def lock(site: Site, seconds: int = _SECONDS) -> Lock:
    """One that is not held yet."""
    endpoints = site.machines[HOSTS[0]].endpoints()
    return Lock(site.topology, (endpoints.authority, endpoints.certificate, endpoints.key), seconds)


def take(one: Lock, node: str = "etcd1") -> str | None:
    """Take it; the name of who has it otherwise."""
    holder = one.acquire(node, "restarting etcd", "d1", 1000.0)
    return holder["node"] if holder else None


def test_one_has_it_and_the_other_is_told_who(three: Site) -> None:
    one, other = lock(three), lock(three)
    assert one.holder() is None and one.seconds_left() == 0
    assert take(one) is None
    assert take(other, "etcd2") == "etcd1"
    told = other.holder()
    assert told == {"node": "etcd1", "step": "restarting etcd", "digest": "d1", "since": 1000.0}
    assert 0 < one.seconds_left() <= _SECONDS and one.confirm() > _SECONDS - 1
    with pytest.raises(ValueError, match="held already"):
        take(one)
    one.release()
    assert one.seconds_left() == 0
    with pytest.raises(LiveError, match="not held"):
        one.confirm()
    assert take(other, "etcd2") is None
    other.release()
    assert other.holder() is None


def test_it_is_renewed_for_longer_than_its_lease(three: Site) -> None:
    one, other = lock(three), lock(three)
    assert take(one) is None
    until = time.monotonic() + 2 * _SECONDS
    while time.monotonic() < until:
        assert take(other, "etcd2") == "etcd1"
        assert one.seconds_left() > 0
        time.sleep(0.5)
    one.release()


def test_it_stays_through_the_loss_of_a_member_and_ends_with_the_quorum(three: Site) -> None:
    one = lock(three)
    assert take(one) is None
    three.machines["etcd1"].power_loss()
    # The next member is asked; where the leader went, the others elect first.
    wait_until(lambda: _confirmed(one), "it is kept by the others", 20)
    three.machines["etcd2"].power_loss()
    wait_until(lambda: one.seconds_left() == 0, "nobody can count on it", 3 * _SECONDS)
    assert not _confirmed(one)
    with pytest.raises(LiveError):
        take(lock(three), "etcd2")
    one.release() if _confirmed(one) else None


def _confirmed(one: Lock) -> bool:
    try:
        return one.confirm() > 0
    except LiveError:
        return False


def _hold(one: tuple[Site, str], ready: multiprocessing.synchronize.Event) -> None:
    site, node = one
    held = lock(site)
    assert take(held, node) is None
    ready.set()
    time.sleep(60)


def test_the_death_of_its_holder_frees_it(three: Site, record_property: pytest.FixtureRequest) -> None:
    ready = multiprocessing.get_context("fork").Event()
    holder = multiprocessing.get_context("fork").Process(target=_hold, args=((three, "etcd3"), ready))
    holder.start()
    assert ready.wait(20) and holder.pid
    other = lock(three)
    assert take(other, "etcd2") == "etcd3"
    os.kill(holder.pid, signal.SIGKILL)
    died = time.monotonic()
    holder.join()
    wait_until(lambda: take(other, "etcd2") is None, "it is free", 20)
    took = time.monotonic() - died
    assert took < _SECONDS + 4, f"{took:.1f} s for a lease of {_SECONDS} s"
    other.release()
