"""A worker's certificate for the API: brought once, renewed in time, and only for the worker that asks."""

import base64
import json
import time
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from functional.needs import installed
from functional.test_etcd_pki import Site, request_that_asks_for_more
from live_host import LiveHost

saltext = installed("saltext.k8s_ha")

from saltext.k8s_ha.utils import certificates, delivery, gate_certificate, trust  # noqa: E402 (after the check)
from saltext.k8s_ha.utils.ask_master import Master  # noqa: E402
from saltext.k8s_ha.utils.gate import Member  # noqa: E402
from saltext.k8s_ha.utils.gate_certificate import PATH, GateCertificate  # noqa: E402
from saltext.k8s_ha.utils.host import HostError  # noqa: E402
from saltext.k8s_ha.utils.kubeconfig import text as kubeconfig  # noqa: E402

HOUR = 3600.0


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "ledger")


@pytest.fixture
def host(tmp_path: Path) -> LiveHost:
    return LiveHost(tmp_path / "host")


@pytest.fixture
def balanced(tmp_path: Path) -> Site:
    """With two hosts that run the load balancer alone."""
    more = {f"lb{place}": {"roles": ["load_balancer"], "ip": f"10.0.10.4{place}"} for place in (1, 2)}
    return Site(tmp_path / "balanced", more)


def apply(site: Site, host: LiveHost, *, test: bool = False, node: str = "w1") -> dict[str, Any]:
    wanted = GateCertificate(Member(site.topology, node, {}), host, lambda: site.master(node))
    return wanted.apply(test=test)


def nobody() -> Master:
    raise AssertionError("nothing is to be signed, and the master was asked")


def written(host: LiveHost) -> str:
    return host.path(PATH).read_text()


def test_it_is_brought_once_for_root_alone_and_says_when_it_ends(site: Site, host: LiveHost) -> None:
    foretold = apply(site, host, test=True)
    assert foretold["result"] is None and not host.path(PATH).exists()
    brought = apply(site, host)
    assert brought["result"] is True and list(brought["changes"]) == list(foretold["changes"]) == [PATH]
    assert brought["changes"][PATH]["old"] == foretold["changes"][PATH]["old"] == "absent"
    ends = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 720 * HOUR))
    assert f"{PATH} ends on {ends}" in brought["comment"]
    assert host.path(PATH).stat().st_mode & 0o777 == 0o600
    before = written(host)
    again = GateCertificate(Member(site.topology, "w1", {}), host, nobody)
    for test in (True, False):
        answered = again.apply(test=test)
        assert answered["changes"] == {} and answered["result"] is True
    assert written(host) == before
    # Neither the certificate nor its key is in what is told.
    assert "PRIVATE" not in json.dumps(brought) and "BEGIN" not in json.dumps(brought)


def test_it_holds_the_name_and_the_group_of_this_worker_and_is_a_client(site: Site, host: LiveHost) -> None:
    apply(site, host)
    found = saltext._core.client_of_kubeconfig(host.path(PATH).read_bytes())
    assert [one["subject"] for one in found["certificates"]] == ["CN=k8s-ha:node:w1,O=k8s-ha:workers"]
    cluster = json.loads(written(host))["clusters"][0]["cluster"]
    assert cluster["server"] == "https://api.prod1.lan:8443"
    answered = site.master("w2").request({"subject": "gate_certificate"})
    certificate = x509.load_pem_x509_certificate(answered.certificate.encode())
    certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(answered.files["ca.crt"].encode()))
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert sorted(answered.files) == ["ca.crt"], "no key leaves the master"


def test_the_names_are_ours_whatever_is_asked_for(site: Site) -> None:
    def send(request: Any) -> Any:
        return sent(dict(request, signing_request=request_that_asks_for_more()))

    master = site.master("w1")
    sent = master.ask
    answered = Master(master.cluster, master.node, send).request({"subject": "gate_certificate"})
    subject = x509.load_pem_x509_certificate(answered.certificate.encode()).subject
    assert subject.rfc4514_string() == "CN=k8s-ha:node:w1,O=k8s-ha:workers"


@pytest.mark.parametrize("node", ["cp1", "etcd1"])
def test_who_is_no_worker_gets_none(site: Site, host: LiveHost, node: str) -> None:
    assert not gate_certificate.needed(Member(site.topology, node, {}))
    with pytest.raises(HostError, match=f"makes {node} no worker"):
        apply(site, host, node=node)
    assert not host.path(PATH).exists()


def test_a_host_of_the_load_balancer_gets_one_of_its_own_group(balanced: Site, host: LiveHost) -> None:
    trusted = "the CA as HAProxy has it\n"
    delivery.put_balancer_ca(host, trusted)
    assert list(apply(balanced, host, node="lb1")["changes"]) == [PATH]
    found = saltext._core.client_of_kubeconfig(host.path(PATH).read_bytes())
    assert [one["subject"] for one in found["certificates"]] == ["CN=k8s-ha:node:lb1,O=k8s-ha:load-balancers"]
    cluster = json.loads(written(host))["clusters"][0]["cluster"]
    assert base64.b64decode(cluster["certificate-authority-data"]).decode() == trusted
    assert apply(balanced, host, node="lb1")["changes"] == {}
    delivery.put_balancer_ca(host, trusted + "and a new one\n")
    assert apply(balanced, host, node="lb1")["changes"][PATH]["old"] == "trusts another CA than this node"
    assert apply(balanced, host, node="lb1")["changes"] == {}


def test_a_host_of_the_load_balancer_learns_whom_to_trust(balanced: Site, host: LiveHost) -> None:
    """Before anything else: HAProxy checks API servers by it."""
    member = Member(balanced.topology, "lb1", {"haproxy.cfg": {"needs": [delivery.BALANCER_CA]}})  # type: ignore[dict-item]
    assert trust.apply(member, host, lambda: balanced.master("lb1"), test=False)["result"] is True
    assert "BEGIN CERTIFICATE" in host.path(delivery.BALANCER_CA).read_text()


@pytest.mark.parametrize(("hours", "is_renewed"), [(350, False), (370, True), (800, True)])
def test_it_lives_for_thirty_days_and_is_renewed_when_half_of_them_are_left(
    site: Site, host: LiveHost, monkeypatch: pytest.MonkeyPatch, hours: float, is_renewed: bool
) -> None:
    apply(site, host)
    before = written(host)
    later = time.time() + hours * HOUR
    monkeypatch.setattr(gate_certificate.time, "time", lambda: later)
    foretold = apply(site, host, test=True)
    assert bool(foretold["changes"]) == is_renewed and written(host) == before
    assert list(apply(site, host)["changes"]) == list(foretold["changes"])
    assert (written(host) != before) == is_renewed


def test_what_leads_elsewhere_or_is_none_is_made_anew(site: Site, host: LiveHost) -> None:
    apply(site, host)
    good = written(host)
    for bad, old in [
        (good.replace("api.prod1.lan", "api.prod2.lan"), "leads to https://api.prod2.lan:8443"),
        ("{", "unreadable"),
        (kubeconfig("https://x:1", "ca", "x", "no certificate", "key"), "unreadable"),
    ]:
        host.path(PATH).write_text(bad)
        assert apply(site, host)["changes"][PATH]["old"] == old
    # A new CA on this node, beside the one that the master has.
    place = host.path("/etc/kubernetes/pki/ca.crt")
    place.parent.mkdir(parents=True)
    place.write_text("the old one\nthe new one\n")
    assert apply(site, host)["changes"][PATH]["old"] == "trusts another CA than this node"
    assert apply(site, host)["changes"] == {}


def test_another_node_s_is_made_anew(site: Site, host: LiveHost) -> None:
    apply(site, host, node="w2")
    assert apply(site, host)["changes"][PATH]["old"] == "of somebody else"


def test_its_end_is_told_with_all_others(site: Site, host: LiveHost) -> None:
    apply(site, host)
    (found,) = certificates.find(host).within(time.time() + 700 * HOUR)
    assert found.path == PATH and "state.apply k8s.ha` renews it" in found.sentence(time.time())
