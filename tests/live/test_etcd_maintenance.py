"""A member of etcd is defragmented in its turn, and NOSPACE is cleared only when there is room: real members."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from live.etcd_contents import Contents, leader, sizes
from live.external_etcd import HOSTS, Site
from saltext.k8s_ha._core import Etcd, LiveError
from saltext.k8s_ha.utils.etcd_defragmented import PATH, Defragmented
from saltext.k8s_ha.utils.etcd_maintenance import ALARM, DATABASE, HISTORY, Maintenance
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import HostError

_MEBIBYTE = 1 << 20
_QUOTA = 36 * _MEBIBYTE
_VALUE = 100 * 1024


def maintenance(site: Site, name: str, wait: float = 60.0, settle: float = 1.0) -> Maintenance:
    """What the state does on one host."""
    machine = site.machines[name]

    def tell(phase: str, text: str) -> None:
        machine.told.append(f"{time.monotonic():.3f} {phase}: {text}")

    return Maintenance(Member(site.topology, name, {}), machine.host, tell, wait, settle)


def maintain_all(site: Site) -> dict[str, Any]:
    """All hosts at once: what each answers, or the error that it raises."""
    said: dict[str, Any] = {}

    def maintain(name: str) -> None:
        try:
            said[name] = maintenance(site, name).attain(test=False)
        except HostError as error:
            said[name] = error

    threads = [threading.Thread(target=maintain, args=(name,)) for name in HOSTS]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return said


def alarms(site: Site) -> list[str]:
    return [alarm["alarm"] for alarm in site.machines["etcd1"].endpoints().of("etcd1").alarms()]


def fill_up(site: Site, *, same_key: bool = False) -> Contents:
    """Write until a write is refused, with more than 90 % of the quota in use: without holes a file grows by little."""
    contents = Contents(site)
    part = _QUOTA * 2 // 3 // _VALUE
    assert contents.fill(part, _VALUE, same_key=same_key) == part
    endpoints = site.machines["etcd1"].endpoints()
    for name in endpoints.urls:
        endpoints.of(name).defragment()
    assert contents.fill(part, _VALUE, same_key=same_key, prefix="fill/more") < part
    assert alarms(site) and not contents.put("write", 1)
    return contents


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Site]:
    """Three members with a small quota."""
    site = Site(tmp_path, {"quota_backend_bytes": f"{_QUOTA // _MEBIBYTE}MiB"})
    said = site.apply_to_all()
    assert all(isinstance(each, dict) and each["result"] for each in said.values()), said
    yield site
    site.end()


def test_a_defragmentation_really_shrinks_the_file(etcd: Etcd, control_plane: Any) -> None:
    for number in range(20):
        control_plane.etcdctl("put", f"hole/{number}", "v" * 100_000)
    control_plane.etcdctl("del", "--prefix", "hole/")
    etcd.compact(etcd.status()["revision"])
    before = etcd.status()
    etcd.defragment()
    after = etcd.status()
    assert before["db_size"] - after["db_size"] > _MEBIBYTE
    assert after["db_size_quota"] and after["revision"] >= before["revision"]
    assert etcd.alarms() == []
    with pytest.raises(LiveError, match=r"compacting etcd to revision 1.*has been compacted"):
        etcd.compact(1)


def test_holes_are_taken_out_of_one_member_after_the_other_and_the_leader_goes_last(three: Site) -> None:
    contents = Contents(three)
    assert contents.fill(120, _MEBIBYTE) == 120
    contents.delete()
    contents.compact()
    before, led = sizes(three), leader(three)
    assert all(size > 100 * _MEBIBYTE for size in before.values()), before

    told = maintenance(three, led).attain(test=True)
    assert told["result"] is None and set(told["changes"]) == {DATABASE}
    assert sizes(three) == before and not three.machines[led].host.path(PATH).exists()

    with contents.writes() as acknowledged:
        said = maintain_all(three)
        written = acknowledged()
    assert all(isinstance(one, dict) and set(one["changes"]) == {DATABASE} for one in said.values()), said
    assert all(size < 20 * _MEBIBYTE for size in sizes(three).values()), sizes(three)
    assert written > 0 and leader(three) != led, "the leader gave its place first"
    began = {
        name: float(line.split()[0])
        for name in HOSTS
        for line in three.machines[name].told
        if "is defragmented:" in line
    }
    assert max(began, key=lambda name: began[name]) == led
    order = sorted(began.values())
    assert all(later - earlier >= 1.0 for earlier, later in pairwise(order)), began

    for name in HOSTS:
        assert Defragmented(three.machines[name].host).at()
        again = maintenance(three, name).attain(test=False)
        assert again["result"] is True and not again["changes"], again


def test_a_member_that_is_away_keeps_the_others_from_it(small: Site) -> None:
    contents = Contents(small)
    contents.fill(270, _VALUE)
    contents.delete()
    contents.compact()
    asked, away = (name for name in HOSTS if name != leader(small))
    small.machines[away].power_loss()
    with pytest.raises(HostError, match=rf"{away} (gives no answer|is down)"):
        maintenance(small, asked, wait=1.0).attain(test=False)
    assert not any(machine.host.path(PATH).exists() for machine in small.machines.values())


def test_history_that_fills_the_quota_is_compacted_and_no_space_is_cleared(small: Site) -> None:
    contents = fill_up(small, same_key=True)
    first, second, third = [*sorted(name for name in HOSTS if name != leader(small)), leader(small)]

    told = maintenance(small, first).attain(test=True)
    assert told["result"] is None and set(told["changes"]) == {HISTORY}
    assert alarms(small) and not contents.put("write", 1)

    # The others wait for the first of all.
    with pytest.raises(HostError, match=f"{first} compacts the history first"):
        maintenance(small, second, wait=1.0).attain(test=False)
    done = maintenance(small, first).attain(test=False)
    assert set(done["changes"]) == {DATABASE, HISTORY}
    done = maintenance(small, first).attain(test=False)
    assert not done["changes"] and f"NOSPACE is still raised: {second} " in done["warnings"][0], done
    # The others are above: the alarm stays, and writes with it.
    assert sizes(small)[first] < _QUOTA // 2 < sizes(small)[second]
    assert alarms(small) and not contents.put("write", 1)

    done = maintenance(small, second).attain(test=False)
    assert set(done["changes"]) == {DATABASE} and alarms(small)
    done = maintenance(small, third).attain(test=False)
    assert set(done["changes"]) == {DATABASE, ALARM} and not alarms(small)
    assert contents.put("write", 1)
    again = maintenance(small, third).attain(test=False)
    assert again["result"] is True and not again["changes"]


def test_live_data_that_fill_the_quota_are_for_a_person(small: Site) -> None:
    contents = fill_up(small)
    first = min(name for name in HOSTS if name != leader(small))
    with pytest.raises(HostError, match=r"without any history .* Remedy: delete what is not needed"):
        maintenance(small, first).attain(test=False)
    assert alarms(small) and not contents.put("write", 1)
    contents.delete()
    said = maintain_all(small)
    assert all(isinstance(one, dict) and one["changes"] for one in said.values()), said
    assert not alarms(small) and contents.put("write", 1)
