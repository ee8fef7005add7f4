"""Certificates of a node that end soon are told with what to do, and refuse nothing."""

from __future__ import annotations

import base64
import json
import os
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from functional.minion import Minion
from functional.needs import installed

installed("saltext.k8s_ha")

from saltext.k8s_ha.utils import certificates, pki  # noqa: E402 (after the check that it is there)
from saltext.k8s_ha.utils.certificate_remedies import remedy  # noqa: E402
from saltext.k8s_ha.utils.host import Host  # noqa: E402

NOW = datetime(2026, 6, 1, tzinfo=timezone.utc)
SECONDS = NOW.timestamp()
DAY = 24 * 60
CURRENT = "/var/lib/kubelet/pki/kubelet-client-current.pem"


@pytest.fixture(scope="module")
def authority() -> pki.Authority:
    return pki.Authority.make("kubernetes", "ECDSA-P256", 3650 * DAY * 60.0, NOW)


class Node:
    """A directory that stands for a node, with certificates."""

    def __init__(self, root: Path, authority: pki.Authority) -> None:
        self.root, self._authority = root, authority

    def write(self, path: str, text: str) -> Path:
        place = self.root / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        return place

    def client(self, name: str, minutes: int, now: datetime = NOW) -> str:
        return self._authority.issue_client(name, minutes, now)[0]

    def put(self, path: str, name: str, minutes: int, now: datetime = NOW) -> None:
        self.write(path, self.client(name, minutes, now))

    def kubeconfig(self, path: str, user: dict[str, str]) -> None:
        context = {"name": "it", "context": {"cluster": "it", "user": "it"}}
        users = [{"name": "it", "user": user}]
        self.write(path, json.dumps({"current-context": "it", "contexts": [context], "users": users}))

    def embedded(self, path: str, name: str, minutes: int) -> None:
        data = base64.b64encode(self.client(name, minutes).encode()).decode()
        self.kubeconfig(path, {"client-certificate-data": data, "client-key-data": "bm90IGEga2V5"})

    def found(self) -> certificates.Found:
        return certificates.find(Host(self.root))

    def due(self) -> list[str]:
        return [one.path for one in self.found().within(SECONDS)]


@pytest.fixture
def node(tmp_path: Path, authority: pki.Authority) -> Node:
    return Node(tmp_path, authority)


def test_all_places_are_looked_at_and_the_soonest_end_is_first(node: Node, authority: pki.Authority) -> None:
    places = {
        "/etc/kubernetes/pki/apiserver.crt": 9,
        "/etc/kubernetes/pki/etcd/peer.crt": 8,
        "/etc/etcd/pki/server.crt": 7,
        "/etc/haproxy/ingress.crt": 6,
        CURRENT: 1,
    }
    for path, minutes in places.items():
        node.put(path, "it", minutes, NOW if path != CURRENT else NOW - timedelta(minutes=40))
    kubeconfigs = ("admin", "super-admin", "controller-manager", "scheduler")
    for minutes, name in enumerate(kubeconfigs, start=2):
        node.embedded(f"/etc/kubernetes/{name}.conf", name, minutes)
    node.write("/etc/kubernetes/pki/ca.crt", authority.certificate)
    node.write("/etc/kubernetes/pki/ca.key", "a key is not read")
    found = node.found()
    assert found.unread == []
    assert {one.path for one in found.certificates} == {
        *places,
        *(f"/etc/kubernetes/{name}.conf" for name in kubeconfigs),
        "/etc/kubernetes/pki/ca.crt",
    }
    due = found.within(SECONDS)
    assert [one.path for one in due] == [
        CURRENT,
        *(f"/etc/kubernetes/{name}.conf" for name in kubeconfigs),
        *(path for path in reversed(places) if path != CURRENT),
    ]
    assert due[-1].ends == SECONDS + 9 * 60 and due[-1].subject == "CN=it"


@pytest.mark.parametrize(("days", "is_due"), [(31, False), (30, True), (29, True)])
def test_thirty_days_are_soon(node: Node, days: int, is_due: bool) -> None:
    node.put("/etc/kubernetes/pki/apiserver.crt", "kube-apiserver", days * DAY)
    assert bool(node.due()) is is_due
    assert len(node.found().within(SECONDS, days=31)) == 1


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            "/etc/kubernetes/pki/apiserver.crt",
            "renews it when less than a third of its life is left, and says why it cannot. By hand: run `kubeadm certs "
            "renew apiserver` on this node; nothing has to be restarted",
        ),
        ("/etc/kubernetes/pki/etcd/healthcheck-client.crt", "nothing has to be restarted"),
        ("/etc/kubernetes/pki/ca.crt", "it is an authority, and all that it signed ends with it"),
        ("/etc/kubernetes/pki/mine.crt", "whoever put it there"),
        ("/etc/etcd/pki/peer.crt", "have that sign a new one"),
        ("/etc/haproxy/kubernetes-ca.crt", "HAProxy's copy of the cluster's CA"),
        ("/etc/haproxy/ingress.crt", "it is yours: put a new one there, and run `systemctl reload haproxy`"),
        (CURRENT, "the kubelet renews it by itself and has not"),
    ],
)
def test_what_is_said_is_right_for_each_kind(node: Node, path: str, said: str) -> None:
    node.put(path, "it", 30, NOW - timedelta(hours=1))
    (warning,) = node.found().warnings(SECONDS)
    assert warning.startswith(f"{path} (CN=it) ended on 2026-05-31 23:30 UTC: ") and said in warning
    assert warning.endswith(".")


def test_who_reads_its_kubeconfig_once_has_to_be_restarted() -> None:
    said = remedy("/etc/kubernetes/scheduler.conf")
    assert (
        "`kubeadm certs renew scheduler.conf` on this node, and restart the static pod kube-scheduler" in said
    )
    assert "nothing has to be restarted" in remedy("/etc/kubernetes/admin.conf")


def test_the_end_is_told_in_days_and_in_hours(node: Node) -> None:
    node.put("/etc/haproxy/a.crt", "a", 90)
    node.put("/etc/haproxy/b.crt", "b", 12 * DAY)
    hours, days = node.found().warnings(SECONDS)
    assert "ends on 2026-06-01 01:30 UTC, in 1.5 hours: " in hours
    assert "ends on 2026-06-13 00:00 UTC, in 12 days: " in days


@pytest.mark.parametrize(("minutes_gone", "is_due"), [(60, False), (84, False), (93, True), (101, True)])
def test_what_the_kubelet_renews_is_due_only_when_it_did_not(
    node: Node,
    minutes_gone: int,
    is_due: bool,
) -> None:
    """Of 105 minutes, the first five before it was signed; the kubelet begins to renew by the last tenth at latest."""
    node.put(CURRENT, "system:node:cp1", 100, NOW - timedelta(minutes=minutes_gone))
    assert bool(node.due()) is is_due


def test_the_file_that_a_kubeconfig_names_is_read_once_also_behind_the_kubelets_link(node: Node) -> None:
    """The link is absolute, as the kubelet makes it, and means the node's own file below a root."""
    node.kubeconfig("/etc/kubernetes/kubelet.conf", {"client-certificate": CURRENT, "client-key": CURRENT})
    assert node.found().unread == [
        f"{CURRENT} does not tell when certificates end: No such file or directory."
    ]
    node.put("/var/lib/kubelet/pki/kubelet-client-2026.pem", "system:node:cp1", 10)
    (node.root / CURRENT.lstrip("/")).symlink_to("/var/lib/kubelet/pki/kubelet-client-2026.pem")
    found = node.found()
    assert ([one.path for one in found.certificates], found.unread) == ([CURRENT], [])


def test_what_cannot_be_read_is_said_and_the_others_are_told(node: Node) -> None:
    node.put("/etc/kubernetes/pki/apiserver.crt", "kube-apiserver", 10)
    node.write("/etc/kubernetes/pki/ca.crt", "hunter2")
    node.write("/etc/kubernetes/admin.conf", "hunter2: [")
    os.mkfifo(node.root / "etc/kubernetes/pki/pipe.crt")
    (node.root / "etc/kubernetes/pki/out.crt").symlink_to("/../../etc/hostname")
    (node.root / "etc/kubernetes/pki/dangling.crt").symlink_to("nowhere")
    node.write("/etc/haproxy/large.crt", "x" * ((1 << 20) + 1))
    found = node.found()
    assert [one.path for one in found.certificates] == ["/etc/kubernetes/pki/apiserver.crt"]
    said = "\n".join(found.warnings(SECONDS))
    for told in (
        "/etc/kubernetes/pki/ca.crt does not tell when certificates end: it holds no certificate",
        "/etc/kubernetes/pki/pipe.crt does not tell when certificates end: it is no file",
        "/etc/kubernetes/admin.conf does not tell when certificates end: it is no kubeconfig: line ",
        "/etc/haproxy/large.crt does not tell when certificates end: it is larger than 1 MiB",
    ):
        assert told in said
    assert "hunter2" not in said


def test_a_validated_node_shows_what_ends_and_is_refused_nothing(
    minion: Minion, authority: pki.Authority
) -> None:
    node, now = Node(minion.host, authority), pki.utc_now()
    node.put("/etc/kubernetes/pki/apiserver.crt", "kube-apiserver", 30, now)
    node.put("/etc/kubernetes/pki/etcd/peer.crt", "cp1", 30, now - timedelta(days=3))
    node.put("/etc/kubernetes/pki/front-proxy-client.crt", "front-proxy-client", 40 * DAY, now)
    answer = minion.highstate()
    assert answer.code == 0 and not answer.failed, answer.text
    (state,) = (state for state in answer.ours.values() if ": valid." in state["comment"])
    ended, soon = state["warnings"]
    assert ended.startswith("/etc/kubernetes/pki/etcd/peer.crt (CN=cp1) ended on ")
    assert soon.startswith("/etc/kubernetes/pki/apiserver.crt (CN=kube-apiserver) ends on ")
    assert "`kubeadm certs renew apiserver`" in soon
