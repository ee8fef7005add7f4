"""A host in maintenance: an apply says so, and changes nothing."""

from __future__ import annotations

import json
import time
from pathlib import Path

from functional.minion import Minion
from functional.pillars import three_masters

NOTE = "/var/lib/k8s-ha/maintenance.json"


def maintain(minion: Minion, until: float) -> None:
    place = minion.path(NOTE)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps({"until": until, "reason": "memory is added", "since": until - 10}))


def everything(minion: Minion) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in Path(minion.host).rglob("*") if path.is_file()}


def test_an_apply_touches_nothing(minion: Minion) -> None:
    minion.highstate()
    minion.set_pillar(three_masters(load_balancer={"haproxy": {"maxconn": 12345}}))
    maintain(minion, time.time() + 3600)
    before = everything(minion)
    answer = minion.highstate()
    assert everything(minion) == before
    assert answer.code == 0 and answer.changes == {}
    for told in answer.ours.values():
        assert "in maintenance until" in told["comment"] and "memory is added" in told["comment"]
    would = minion.call("state.apply", "test=True").ours["k8s_ha /etc/haproxy/haproxy.cfg"]
    assert would["result"] is None and would["changes"]
    assert everything(minion) == before
    assert minion.neighbours_ran(), "states of somebody else are none of our business"


def test_it_ends_by_its_time(minion: Minion) -> None:
    minion.highstate()
    minion.set_pillar(three_masters(load_balancer={"haproxy": {"maxconn": 12345}}))
    maintain(minion, time.time() - 1)
    answer = minion.highstate()
    assert answer.ours["k8s_ha /etc/haproxy/haproxy.cfg"]["result"] is True
    assert "12345" in minion.path("/etc/haproxy/haproxy.cfg").read_text()


def test_a_note_that_cannot_be_read_changes_nothing(minion: Minion) -> None:
    minion.highstate()
    place = minion.path(NOTE)
    place.write_text("{")
    answer = minion.highstate()
    assert set(answer.failed) == set(answer.ours)
    assert "until when somebody works on this host" in answer.ours["k8s_ha pillar"]["comment"]
