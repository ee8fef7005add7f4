"""What an operator says on a host, with the real Salt: maintenance, an override, what stands there."""

from __future__ import annotations

import json
import time

import pytest

from functional.minion import Minion
from saltext.k8s_ha.utils import moment
from saltext.k8s_ha.utils.host import HostError

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("90s", 90), ("2h", 7200), ("1d12h", 129_600), ("30d", 30 * 86400)],
)
def test_a_span(written: str, seconds: float) -> None:
    assert moment.until(written, NOW) == NOW + seconds


def test_a_moment_is_utc_unless_it_says_otherwise() -> None:
    assert moment.until("2027-01-15T09:00", NOW) == NOW + 3600
    assert moment.until("2027-01-15T10:00+01:00", NOW) == NOW + 3600


@pytest.mark.parametrize("written", ["", "soon", "2", "2 h", "-2h", "2027-01-15T07:00", "31d", "0s"])
def test_what_is_no_moment_to_come_is_refused(written: str) -> None:
    with pytest.raises(HostError, match="write"):
        moment.until(written, NOW)


def test_maintenance_begins_and_ends(minion: Minion) -> None:
    """Where there is no certificate of etcd, the host notes it for itself."""
    said = minion.call("k8s_ha.maintenance", "2h", "reason=memory is added")
    assert said.code == 0 and said.value["etcd_knows"] is False
    kept = json.loads(minion.path("/var/lib/k8s-ha/maintenance.json").read_text())
    assert kept["until"] == pytest.approx(time.time() + 7200, abs=60) and kept["reason"] == "memory is added"
    assert "memory is added" in minion.call("k8s_ha.standing").value["maintenance"]
    assert minion.call("k8s_ha.maintenance_over").code == 0
    assert minion.call("k8s_ha.standing").value["maintenance"] is None


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("k8s_ha.maintenance", "soon", "reason=x"), "is no time: write a span such as 2h"),
        (("k8s_ha.maintenance", "2h", "reason= "), "say what is done"),
        (("k8s_ha.maintenance", "2h", "reason=x", "node=cp2"), "has no certificates of etcd"),
        (("k8s_ha.maintenance", "2h", "reason=x", "node=cp9"), "the pillar has no node cp9; there is: cp1"),
        (("k8s_ha.override", "restart", "everything", "reason=x"), "there is: etcd-quorum"),
        (("k8s_ha.override", "restart", "frozen", "reason= "), "say why"),
        (("k8s_ha.unfreeze", "cp9"), "the pillar has no node cp9"),
        (("k8s_ha.on_record",), "has no certificates of etcd"),
    ],
)
def test_what_cannot_be_is_a_sentence(minion: Minion, arguments: tuple[str, ...], sentence: str) -> None:
    said = minion.call(*arguments)
    assert said.code != 0 and sentence in said.text and "Traceback" not in said.text
    assert not minion.path("/var/lib/k8s-ha").exists() or not list(minion.path("/var/lib/k8s-ha").iterdir())


def test_an_override_is_on_record(minion: Minion) -> None:
    said = minion.call("k8s_ha.override", "restart", "frozen", "reason=it was seen to", "by=alice")
    assert said.code == 0 and said.value["until"] - said.value["granted"] == 900
    (line,) = minion.path("/var/lib/k8s-ha/overrides.log").read_text().splitlines()
    assert json.loads(line)["by"] == "alice" and json.loads(line)["what"] == "granted"
    assert "it was seen to" in " ".join(minion.call("k8s_ha.status").value["attention"])
