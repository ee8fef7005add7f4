"""Certificates of an external etcd on a node: brought once, renewed in time, and by whom their keys are read."""

import time
from pathlib import Path
from typing import Any

import pytest

from functional.needs import installed
from functional.test_etcd_pki import Site
from live_host import LiveHost

saltext = installed("saltext.k8s_ha")

from saltext.k8s_ha.utils import etcd_certificates  # noqa: E402 (after the check)
from saltext.k8s_ha.utils.etcd_certificates import OF_API_SERVER, OF_MEMBER  # noqa: E402
from saltext.k8s_ha.utils.gate import Member  # noqa: E402
from saltext.k8s_ha.utils.host import HostError  # noqa: E402
from saltext.k8s_ha.utils.identity import OF_NODE  # noqa: E402

HOUR = 3600.0


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "ledger")


@pytest.fixture
def host(tmp_path: Path) -> LiveHost:
    return LiveHost(tmp_path / "host")


def apply(site: Site, host: LiveHost, *, test: bool = False, node: str = "etcd1") -> dict[str, Any]:
    places = [OF_MEMBER] if node.startswith("etcd") else [OF_API_SERVER]
    return etcd_certificates.apply(places, host, site.topology, lambda: site.master(node), test=test)


def texts(host: LiveHost) -> dict[str, str]:
    return {path: host.path(path).read_text() for path in OF_MEMBER.paths()}


def test_they_are_brought_once_and_say_when_they_end(site: Site, host: LiveHost) -> None:
    foretold = apply(site, host, test=True)
    assert foretold["result"] is None and not host.path("/etc/etcd").exists()
    brought = apply(site, host)
    assert brought["result"] is True and sorted(brought["changes"]) == sorted(foretold["changes"])
    ends = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 720 * HOUR))
    assert f"/etc/etcd/pki/server.crt ends on {ends}" in brought["comment"]
    before = texts(host)
    again = apply(site, host)
    assert again["changes"] == {} and f"ends on {ends}" in again["comment"] and texts(host) == before
    for name in ("server", "peer"):
        assert host.path(f"/etc/etcd/pki/{name}.key").stat().st_mode & 0o007 == 0


def test_half_of_them_are_made_anew(site: Site, host: LiveHost) -> None:
    apply(site, host)
    before = texts(host)
    host.path("/etc/etcd/pki/peer.crt").unlink()
    assert apply(site, host)["changes"]["/etc/etcd/pki/peer.crt"]["old"] == "absent"
    assert texts(host)["/etc/etcd/pki/peer.key"] != before["/etc/etcd/pki/peer.key"]


@pytest.mark.parametrize(("hours", "is_renewed"), [(350, False), (370, True), (800, True)])
def test_they_live_for_thirty_days_and_are_renewed_when_half_of_them_are_left(
    site: Site, host: LiveHost, monkeypatch: pytest.MonkeyPatch, hours: float, is_renewed: bool
) -> None:
    apply(site, host)
    before = texts(host)
    later = time.time() + hours * HOUR
    monkeypatch.setattr(etcd_certificates.time, "time", lambda: later)
    foretold = apply(site, host, test=True)
    assert bool(foretold["changes"]) == is_renewed and texts(host) == before
    renewed = apply(site, host)
    assert sorted(renewed["changes"]) == sorted(foretold["changes"])
    assert (texts(host) != before) == is_renewed
    assert texts(host)["/etc/etcd/pki/ca.crt"] == before["/etc/etcd/pki/ca.crt"]


def test_what_is_no_certificate_is_named(site: Site, host: LiveHost) -> None:
    apply(site, host)
    host.path("/etc/etcd/pki/server.crt").write_text("")
    with pytest.raises(HostError, match=r"/etc/etcd/pki/server\.crt is no certificate"):
        apply(site, host)


def test_an_api_server_has_them_from_the_day_it_has_joined(site: Site, host: LiveHost) -> None:
    def places(node: str) -> list[object]:
        return list(etcd_certificates.places(Member(site.topology, node, {}), host))

    assert (places("etcd1"), places("cp1"), places("w1")) == ([OF_MEMBER], [], [])
    host.path("/var/lib/k8s-ha").mkdir(parents=True)
    OF_NODE.write(host, {"stage": "member"})
    assert (places("cp1"), places("w1")) == ([OF_API_SERVER], [])
    assert "apiserver-etcd-client.crt ends on" in apply(site, host, node="cp1")["comment"]
