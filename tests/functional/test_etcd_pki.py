"""Certificates of an external etcd, as the master signs them for what nodes ask."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from functional.needs import installed
from functional.pillars import three_masters

saltext = installed("saltext.k8s_ha")

from saltext.k8s_ha.utils import creation, etcd_pki, pki  # noqa: E402 (after the check)
from saltext.k8s_ha.utils.ask_master import Answered, Master  # noqa: E402
from saltext.k8s_ha.utils.ledger import ClusterRecord  # noqa: E402
from saltext.k8s_ha.utils.master_answer import answer  # noqa: E402

SERVER, CLIENT = ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH
HOSTS = {f"etcd{place}": {"roles": ["etcd"], "ip": f"10.0.10.3{place}"} for place in (1, 2, 3)}


class Site:
    """A master, and requests of its nodes."""

    def __init__(self, directory: Path, more: Mapping[str, Any] | None = None) -> None:
        """`more` are nodes beside the others."""
        pillar = three_masters(
            etcd={"topology": "external"},
            kubeadm={"certificate_validity": "720h"},
            nodes={**HOSTS, **(more or {})},
        )
        self.topology = saltext.Topology(pillar)
        assert self.topology.valid, self.topology.findings
        self.opts = {"k8s_ha": {"ledger": str(directory)}}
        self.record = ClusterRecord.of(self.opts, "prod1")
        creation.create(self.record, self.topology, [], {})
        self.minions = {node: minion for minion, node in self.topology.minions.items()}

    def master(self, node: str) -> Master:
        def send(request: object) -> Any:
            return answer(self.opts, self.topology, self.minions[node], request, lambda *_: None)

        return Master("prod1", node, send)

    def ask(self, node: str, requests: Mapping[str, str], subject: str = "etcd_certificates") -> Answered:
        return self.master(node).request({"subject": subject}, certificates=requests)

    def etcd_has_a_quorum(self) -> None:
        """As if two of its hosts had told that they are members."""
        ledger = self.record.read()
        told = [(node, '{"subject": "etcd_membership"}') for node in HOSTS]
        told += [
            ("etcd3", '{"subject": "etcd_begun", "attempt": "first"}'),
            ("etcd1", '{"subject": "etcd_joined"}'),
        ]
        for node, request in told:
            ledger.decide(self.topology, node, request, "first", 0.0)
        self.record.write(ledger)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def request_that_asks_for_more() -> str:
    """A request whose subject and names are somebody else's."""
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "system:masters"),
            x509.NameAttribute(NameOID.COMMON_NAME, "root"),
        ]
    )
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    names = x509.SubjectAlternativeName([x509.DNSName("etcd2"), x509.DNSName("*.example.org")])
    asked = builder.add_extension(names, critical=False)
    signed = asked.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM).decode()


def read(text: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(text.encode())


def test_a_member_gets_its_own_names_whatever_it_asks_for(site: Site) -> None:
    request = request_that_asks_for_more()
    answered = site.ask("etcd1", {"server": request, "peer": request})
    authority = read(answered.files["etcd/ca.crt"])
    assert sorted(answered.files) == ["etcd/ca.crt"] and sorted(answered.certificates) == ["peer", "server"]
    for text in answered.certificates.values():
        certificate = read(text)
        certificate.verify_directly_issued_by(authority)
        assert certificate.subject.rfc4514_string() == "CN=etcd1"
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert names.get_values_for_type(x509.DNSName) == ["etcd1", "localhost"]
        addresses = [str(each) for each in names.get_values_for_type(x509.IPAddress)]
        assert addresses == ["10.0.10.31", "127.0.0.1", "::1"]
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        assert list(usage) == [SERVER, CLIENT]
        assert timedelta(hours=719) < certificate.not_valid_after_utc - pki.utc_now() < timedelta(hours=721)


def test_an_api_server_is_a_client_and_nothing_else(site: Site) -> None:
    (certificate,) = site.ask(
        "cp1", {"apiserver-etcd-client": request_that_asks_for_more()}
    ).certificates.values()
    assert read(certificate).subject.rfc4514_string() == "CN=kube-apiserver-etcd-client"
    usage = read(certificate).extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [CLIENT]


@pytest.mark.parametrize(
    ("node", "name", "said"),
    [
        ("w1", "apiserver-etcd-client", "nothing to do with an external etcd"),
        ("cp1", "server", "its roles do not give it: server"),
        ("etcd1", "apiserver-etcd-client", "its roles do not give it: apiserver-etcd-client"),
    ],
)
def test_what_is_not_of_its_role_nobody_gets(site: Site, node: str, name: str, said: str) -> None:
    answered = site.ask(node, {name: request_that_asks_for_more()})
    assert answered.outcome == "refuse" and said in answered.reason and not answered.certificates


def test_a_request_that_is_none_is_named(site: Site) -> None:
    answered = site.ask("etcd1", {"server": "no request"})
    assert answered.outcome == "refuse" and "request of etcd1 for server cannot be read" in answered.reason


def test_certificates_end_with_their_authority(site: Site) -> None:
    key = pki.generate_key("ECDSA-P256")
    now = pki.utc_now()
    short = pki.Authority.make("etcd-ca", "ECDSA-P256", 3600.0, now)
    request = pki.request_for(key, "x")
    signed = etcd_pki.sign(site.topology, "etcd1", short, {"server": request}, now)
    assert read(signed["server"]).not_valid_after_utc == read(short.certificate).not_valid_after_utc


def test_the_key_of_etcds_authority_leaves_the_master_for_nobody(site: Site) -> None:
    site.etcd_has_a_quorum()
    for node in ("cp1", "cp2"):
        assert site.ask(node, {}, "membership").outcome == "wait"
    granted = site.ask("cp3", {}, "membership")
    assert granted.outcome == "initialise"
    assert "ca.key" in granted.files and "etcd/ca.crt" in granted.files and "etcd/ca.key" not in granted.files
