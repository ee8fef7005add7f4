"""How a host becomes a member: against the real ledger, with a kubeadm that only leaves what the real one leaves."""

import contextlib
import json
import threading
import time
from pathlib import Path

import pytest

from functional.needs import installed
from functional.pillars import three_masters

saltext = installed("saltext.k8s_ha")

from functional.joining_site import NODES, UID, Machine, Site  # noqa: E402 (after the check)
from live_host import LiveHost  # noqa: E402
from saltext.k8s_ha.utils import grant, membership, preconditions  # noqa: E402
from saltext.k8s_ha.utils.host import HostError  # noqa: E402
from saltext.k8s_ha.utils.identity import OF_NODE  # noqa: E402
from saltext.k8s_ha.utils.ledger import ClusterRecord  # noqa: E402


@pytest.fixture
def site(tmp_path: Path) -> Site:
    one = Site(tmp_path)
    one.create()
    return one


def test_all_come_to_one_cluster_in_any_order_and_then_ask_nobody(site: Site) -> None:
    for _round in range(3):
        for name in reversed(NODES):
            try:
                site.machines[name].apply()
            except HostError as error:
                assert "run again" in str(error)
    assert [machine.ran for machine in site.machines.values()].count(["init"]) == 1
    site.is_silent = True
    for machine in site.machines.values():
        again = machine.apply()
        assert again["result"] is True and not again["changes"] and UID in again["comment"]
        assert OF_NODE.read(machine.host)["stage"] == "member"


def test_a_dry_run_foretells_and_changes_nothing(site: Site) -> None:
    before = (site.directory / "ledger/prod1/ledger.json").read_text()
    for machine in site.machines.values():
        foretold = machine.apply(test=True)
        assert foretold["result"] is None and foretold["changes"]
    assert (site.directory / "ledger/prod1/ledger.json").read_text() == before
    assert not any(machine.ran for machine in site.machines.values())


def test_without_create_a_dry_run_names_it_too(tmp_path: Path) -> None:
    with pytest.raises(HostError, match=r"salt-run k8s_ha\.create prod1"):
        Site(tmp_path).machines["w1"].apply(test=True)


@pytest.mark.parametrize("what", ["init", "join"])
def test_whoever_dies_in_the_middle_cleans_and_goes_on(site: Site, what: str) -> None:
    site.everybody_asks()
    first = site.machines["cp3"]
    if what == "join":
        first.apply()
    victim = first if what == "init" else site.machines["w1"]
    victim.dies_in = what
    with pytest.raises(KeyboardInterrupt):
        victim.apply()
    assert victim.apply()["result"] is True
    assert victim.ran == [what, "reset", what]
    assert not victim.host.path("/etc/kubernetes/kubeadm/discovery.conf").exists()


def test_a_lost_report_is_sent_again_and_kubeadm_is_not(site: Site) -> None:
    site.everybody_asks()
    first = site.machines["cp3"]
    first.apply()
    marker = OF_NODE.read(first.host)
    OF_NODE.write(first.host, {**marker, "stage": "initialised"})
    assert first.apply()["result"] is True and first.ran == ["init"]


def test_a_failed_join_gives_the_turn_back(site: Site) -> None:
    site.everybody_asks()
    site.machines["cp3"].apply()
    site.machines["cp1"].fails["join"] = "`kubeadm join` failed: no reason"
    with pytest.raises(HostError, match="no reason"):
        site.machines["cp1"].apply()
    assert site.machines["cp2"].apply()["result"] is True
    assert site.machines["cp1"].apply()["result"] is True


def test_the_node_of_an_earlier_life_is_waited_for(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for _round in range(3):
        for name in reversed(NODES):
            with contextlib.suppress(HostError):
                site.machines[name].apply()
    again = Machine(site, "w1-again")
    again.name = "w1"
    said = 'a Node with name "w1" and status "Ready" already exists in the cluster. You must delete it'
    again.fails["join"] = said
    monkeypatch.setattr(membership, "_OLD_NODE_POLL_SECONDS", 0.0)
    assert again.apply()["result"] is True
    assert again.ran == ["join", "reset", "join"]
    assert any("an earlier life" in told for told in again.told)
    later = Machine(site, "w1-later")
    later.name, later.fails["join"] = "w1", said
    monkeypatch.setattr(membership, "_OLD_NODE_SECONDS", -1.0)
    with pytest.raises(HostError, match="already exists in the cluster"):
        later.apply()


def test_nobody_waits_long_for_an_init_that_has_failed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grant, "_FAILED_SECONDS", 1.0)
    site.everybody_asks()
    site.machines["cp3"].fails["init"] = "`kubeadm init` failed: Port-10259"
    with pytest.raises(HostError, match="Port-10259"):
        site.machines["cp3"].apply()
    for name in ("cp1", "w1"):
        began = time.monotonic()
        with pytest.raises(
            HostError, match="Refused: cp3 initialises the cluster, and its last try has failed"
        ):
            site.machines[name].apply(wait=60)
        assert time.monotonic() - began < 30
    # The same apply on all hosts, after it was mended: this one is quicker than the one that goes on.
    worker = threading.Thread(target=site.machines["w1"].apply, kwargs={"wait": 60})
    monkeypatch.setattr(grant, "_FAILED_SECONDS", 60.0)
    worker.start()
    assert site.machines["cp3"].apply()["result"] is True
    worker.join(60)
    assert site.machines["w1"].ran == ["join"]


def test_keys_go_to_the_control_plane_alone(site: Site) -> None:
    for _round in range(3):
        for name in NODES:
            try:
                site.machines[name].apply()
            except HostError:
                continue
    for name, machine in site.machines.items():
        keys = sorted(path.name for path in machine.host.path("/etc/kubernetes").rglob("*.key"))
        assert bool(keys) == name.startswith("cp"), name
        for path in machine.host.path("/etc/kubernetes").rglob("*.key"):
            assert path.stat().st_mode & 0o077 == 0


def test_a_clock_that_is_far_off_is_refused(site: Site) -> None:
    site.clock = 3600.0
    with pytest.raises(HostError, match="the clock is 3600 s behind the master's"):
        site.machines["cp1"].apply()


def test_a_full_disk_swap_and_missing_programs_are_named_at_once(tmp_path: Path, monkeypatch) -> None:  # noqa: ANN001
    host = LiveHost(tmp_path)
    host.path("/proc").mkdir()
    host.path("/proc/swaps").write_text("Filename Type Size Used Priority\n/dev/sdb1 partition 1 0 -2\n")
    monkeypatch.setattr(preconditions, "_free_bytes", lambda _place: 5 << 20)
    with pytest.raises(HostError) as caught:
        preconditions.refuse(host, etcd_data="/var/lib/etcd", fails_on_swap=True)
    said = str(caught.value)
    for part in (
        "kubelet is not installed",
        "/var/lib/etcd has 5 MiB free, 256 MiB are needed",
        "swap is on (/dev/sdb1)",
    ):
        assert part in said


def test_a_host_of_another_cluster_is_refused_and_left_as_it_is(site: Site) -> None:
    machine = site.machines["cp1"]
    place = machine.host.path("/var/lib/etcd/member/wal")
    place.parent.mkdir(parents=True)
    place.write_text("data")
    with pytest.raises(HostError, match="Refused: cp1 is not blank: /var/lib/etcd/member"):
        machine.apply()
    assert place.read_text() == "data" and not machine.ran


def test_a_member_that_was_reset_by_hand_is_told_how_it_joins_anew(site: Site) -> None:
    site.everybody_asks()
    machine = site.machines["cp3"]
    machine.apply()
    machine.host.path("/etc/kubernetes/kubelet.conf").unlink()
    with pytest.raises(
        HostError, match=r"reset by hand.*remove /var/lib/k8s-ha/identity\.json and apply again"
    ):
        machine.apply()
    assert machine.ran == ["init"]


def test_half_an_identity_is_no_identity(site: Site) -> None:
    machine = site.machines["cp1"]
    place = machine.host.path(OF_NODE.path)
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps({"stage": "member"})[:7])
    with pytest.raises(HostError, match="cannot be read"):
        machine.apply()


def test_the_key_that_encrypts_secrets_goes_to_the_control_plane_before_it_begins(tmp_path: Path) -> None:
    key = tmp_path / "key"
    reference = f"file://{key}"
    one = Site(tmp_path)
    one.topology = saltext.Topology(
        three_masters(security={"encryption_at_rest": {"encryption_key": reference}})
    )
    one.create()
    # What cannot be given is not granted either.
    for name in ("cp1", "cp2"):
        with pytest.raises(HostError, match="run again"):
            one.machines[name].apply()
    with pytest.raises(HostError, match="cannot be read on the master"):
        one.machines["cp3"].apply()
    key.write_text("c2hvcnQ=\n")
    with pytest.raises(HostError, match="32 bytes in base64; make one with") as caught:
        one.machines["cp3"].apply()
    assert "c2hvcnQ" not in str(caught.value)
    assert ClusterRecord.of(one.opts, "prod1").read().as_dict()["initialisation"] == {"state": "open"}
    key.write_text("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n")
    one.machines["cp3"].apply()
    written = one.machines["cp3"].host.path("/etc/kubernetes/kube-apiserver/encryption-config.yaml")
    assert written.stat().st_mode & 0o777 == 0o600
    provider = json.loads(written.read_text())["resources"][0]["providers"][0]
    assert provider == {"secretbox": {"keys": [{"name": "k8s-ha-1", "secret": key.read_text().strip()}]}}
    one.machines["w1"].apply()
    assert not one.machines["w1"].host.path("/etc/kubernetes/kube-apiserver").exists()
