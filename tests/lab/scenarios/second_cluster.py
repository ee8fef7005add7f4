"""Everything by which operators get a second cluster: each is refused with a sentence, and the first one goes on."""

from __future__ import annotations

import time
from collections.abc import Callable

from lab import pillar as pillars
from lab import standing
from lab.cluster import Cluster, failures
from lab.commands import LabError, wait_for
from lab.lab import Lab
from lab.machine import Machine
from lab.report import Report
from lab.sentences import expect
from lab.under_load import Outside, outside_of_a_cluster
from programs import pki

IDENTITY = "/var/lib/k8s-ha/identity.json"
LEDGER = f"/var/lib/k8s-ha/clusters/{pillars.CLUSTER}"
MANIFEST = "/etc/kubernetes/manifests/kube-apiserver.yaml"
HAPROXY = "/etc/haproxy/haproxy.cfg"
_REQUESTS = 40
_STRANGER = """\
import http.server, ssl
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.send_header("Content-Length", "2"); self.end_headers(); self.wfile.write(b"ok")
server = http.server.ThreadingHTTPServer(("", 6443), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("/root/stranger.crt", "/root/stranger.key")
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
"""


def run(lab: Lab) -> None:
    """The scenario."""
    outside = outside_of_a_cluster(lab)
    cluster, report = outside.cluster, lab.report
    uid = _uid(outside)
    for step in (
        _without_a_master,
        _renamed,
        _another_address,
        _a_clone,
        _a_master_without_its_ledger,
        _a_damaged_ledger,
        _pinned_wrongly,
        _mended,
        _reinstalled_and_cut_off,
        _reinstalled,
    ):
        step(outside)
        report.require(_uid(outside) == uid, f"{step.__name__}: the address serves another cluster")
    outside.wait_until_whole()
    initialisation = cluster.salt_run("k8s_ha.ledger_of", pillars.CLUSTER)["initialisation"]
    report.require(initialisation["kube_system_uid"] == uid, f"the ledger says {initialisation}")
    _a_stranger(outside, report)
    _all_gone(outside)


def _uid(outside: Outside) -> str:
    uid: str = outside.kubectl.get("namespace", "kube-system")["metadata"]["uid"]
    return uid


def _refused(outside: Outside, what: str, act: Callable[[], list[str]], *parts: str) -> None:
    """What is done is refused with a sentence that has these parts; how long that took."""
    began = time.monotonic()
    expect(outside.report, what, act(), *parts)
    outside.report.measure(f"{what}: refused after", time.monotonic() - began)


def _without_a_master(outside: Outside) -> None:
    """A blank host applies without its master, as salt-ssh does."""
    cluster = outside.cluster
    (blank,) = pillars.LATER
    machine = cluster.machines[blank]
    cluster.pillar["nodes"][blank] = pillars.worker(blank)
    cluster.write_pillar()
    cluster.boot([blank])
    roots = f"--file-root={_formula(cluster)}"
    machine.write_file("/srv/pillar/top.sls", '{"base": {"*": ["cluster"]}}')
    machine.write_file("/srv/pillar/cluster.sls", cluster.master.read_file("/srv/pillar/cluster.sls"))
    command = [
        "salt-call",
        "--local",
        roots,
        "--pillar-root=/srv/pillar",
        "state.single",
        "k8s_ha.joined",
        "name=it",
    ]
    _refused(
        outside,
        "without a master",
        lambda: machine.run(command, 90).stdout.splitlines(),
        "has no master",
        "masterless",
    )


def _formula(cluster: Cluster) -> str:
    told: str = cluster.salt_run("k8s_ha.formula_path")
    return told


def _renamed(outside: Outside) -> None:
    with outside.cluster.with_pillar({"cluster": {"name": "renamed"}}):
        _refused(
            outside,
            "the cluster is renamed in the pillar",
            lambda: failures(outside.cluster.apply("cp1")),
            "cluster.name is renamed in the pillar, and lab since",
        )


def _another_address(outside: Outside) -> None:
    with outside.cluster.with_pillar({"nodes": {"w2": {"ip": f"{pillars.NETWORK}.99"}}}):
        _refused(
            outside,
            "a node's name is used with another address",
            lambda: failures(outside.cluster.apply("w2")),
            f"ip is {pillars.NETWORK}.99 in the pillar, and {pillars.WORKERS['w2']} since",
        )


def _a_clone(outside: Outside) -> None:
    """A machine that was cloned from w1 is declared as another node."""
    cluster = outside.cluster
    (blank,) = pillars.LATER
    clone, model = cluster.machines[blank], cluster.machines["w1"]
    for path in (IDENTITY, "/etc/kubernetes/kubelet.conf"):
        clone.write_file(path, model.read_file(path))
    _refused(
        outside,
        "a clone of w1",
        lambda: failures(cluster.apply(blank)),
        f"nodes is {blank} in the pillar, and w1 since this node joined",
    )
    cluster.reinstall([blank])


def _a_master_without_its_ledger(outside: Outside) -> None:
    """The master is rebuilt without it, or is a second, hot master that does not share it."""
    cluster = outside.cluster
    (blank,) = pillars.LATER
    master = cluster.master
    master.must(["mv", LEDGER, f"{LEDGER}.kept"])
    what = "a master without the ledger"
    _refused(outside, what, lambda: failures(cluster.apply(blank)), "never created on this master", "restore")
    # The operator creates it again, which is wrong: the members are not blank, and nobody initialises.
    standing.create(cluster)
    said = failures(cluster.apply("cp1"))
    outside.report.require(not said, f"a member asks the new ledger: {said}")
    _refused(
        outside,
        "a blank host beside a ledger that was created anew",
        lambda: cluster.single(blank, "k8s_ha.joined", "wait=5"),
        "no control-plane node has initialised the cluster yet",
        "Nothing was changed",
    )
    master.must(["rm", "-r", LEDGER])
    master.must(["mv", f"{LEDGER}.kept", LEDGER])


def _a_damaged_ledger(outside: Outside) -> None:
    cluster = outside.cluster
    (blank,) = pillars.LATER
    master, place = cluster.master, f"{LEDGER}/ledger.json"
    whole = master.read_file(place)
    for what, text, mode, parts in (
        ("a ledger that is half written", whole[: len(whole) // 2], 0o600, ("is not whole", "backup")),
        (
            "a ledger of another version",
            whole.replace(b'"version": 1', b'"version": 9'),
            0o600,
            ("version 9",),
        ),
        ("a ledger that others may write", whole, 0o666, ("mode 0666", "chmod")),
    ):
        master.write_file(place, text, mode)
        _refused(outside, what, lambda: cluster.single(blank, "k8s_ha.joined", "wait=5"), *parts)
    master.write_file(place, whole, 0o600)


def _pinned_wrongly(outside: Outside) -> None:
    (blank,) = pillars.LATER
    pinned = {"cluster": {"identity": {"kube_system_uid": "00000000-0000-4000-8000-000000000000"}}}
    with outside.cluster.with_pillar(pinned):
        _refused(
            outside,
            "an identity that is pinned wrongly",
            lambda: outside.cluster.single(blank, "k8s_ha.joined", "wait=5"),
            "pins cluster.identity.kube_system_uid 00000000-",
        )


def _mended(outside: Outside) -> None:
    """Everything is as it was, and the blank host joins."""
    (blank,) = pillars.LATER
    for line in failures(outside.cluster.apply(blank)):
        outside.report.complain(line)


def _reinstalled_and_cut_off(outside: Outside) -> None:
    """The node that initialised the cluster is reinstalled blank, and can reach nobody but its master."""
    cluster = outside.cluster
    first = _initialised(outside)
    cluster.reinstall([first.name])
    others = [*(name for name in cluster.nodes if name != first.name), "client"]
    with cluster.network.cut_between([first.name], others):
        _refused(
            outside,
            f"{first.name}, which initialised the cluster, is blank and reaches nobody",
            lambda: _apply_and_wait_briefly(cluster, first.name),
            "does not answer at",
            "never granted again",
        )


def _reinstalled(outside: Outside) -> None:
    """It reaches the others again: it joins what it once initialised."""
    cluster = outside.cluster
    first = _initialised(outside)
    began = time.monotonic()
    for line in failures(cluster.apply(first.name)):
        outside.report.complain(line)
    outside.wait_until_whole()
    outside.report.measure(f"{first.name}, blank, is a member again", time.monotonic() - began)
    voters = outside.etcd_voters()
    outside.report.require(voters == set(cluster.control_plane), f"voters of etcd: {sorted(voters)}")


def _apply_and_wait_briefly(cluster: Cluster, name: str) -> list[str]:
    """Packages and files, then the state that joins, with less patience than it has by itself."""
    cluster.salt(name, "state.apply", "k8s.ha.control_plane", timeout=300, limit=300)
    return cluster.single(name, "k8s_ha.joined", "wait=10")


def _initialised(outside: Outside) -> Machine:
    ledger = outside.cluster.salt_run("k8s_ha.ledger_of", pillars.CLUSTER)
    return outside.cluster.machines[ledger["initialisation"]["node"]]


def _a_stranger(outside: Outside, report: Report) -> None:
    """A server of another CA answers at a node's address: no request ever reaches it."""
    name = next(name for name in outside.cluster.control_plane if name != outside.holder())
    machine = outside.cluster.machines[name]
    certificate, key = pki.Authority("another cluster").issue("kube-apiserver", [machine.address])
    machine.write_file("/root/stranger.crt", certificate)
    machine.write_file("/root/stranger.key", key)
    machine.must(["mv", MANIFEST, "/root"])
    wait_for(lambda: not machine.pids("kube-apiserver"), 60, f"the API server of {name} is stopped")
    machine.start(["python3", "-c", _STRANGER])
    report.say(f"a server of another cluster answers at {name}")
    report.measure("requests that reached it", _strangers(outside), unit="", limit=0)
    report.say("the protection is switched off: HAProxy verifies no certificate")
    for balancer in outside.cluster.control_plane.values():
        balancer.must(["sed", "-i", "s/verify required ca-file [^ ]*/verify none/", HAPROXY])
        balancer.must(["systemctl", "reload", "haproxy"])
    wait_for(lambda: _strangers(outside) > 0, 60, "the lab sees requests that reach another cluster")
    machine.must(["pkill", "-f", "stranger.crt"])
    machine.must(["mv", "/root/kube-apiserver.yaml", MANIFEST])
    outside.wait_until_whole()
    with outside.cluster.with_pillar({"drift": "enforce"}):
        for line in failures(outside.cluster.apply("cp*")):
            report.complain(line)
    outside.wait_until_whole()


def _strangers(outside: Outside) -> int:
    """How many requests through the address were answered by what is not of the cluster's CA."""
    failed = 0
    for _ in range(_REQUESTS):
        try:
            outside.kubectl("get", "--raw", "/readyz", timeout=3)
        except LabError as error:
            failed += "certificate" in str(error)
    return failed


def _all_gone(outside: Outside) -> None:
    """Every control-plane node is blank: a snapshot is restored by a person, and nothing is initialised."""
    cluster = outside.cluster
    cluster.reinstall(cluster.control_plane)
    _refused(
        outside,
        "all control-plane nodes are blank",
        lambda: _apply_and_wait_briefly(cluster, "cp1"),
        "restore a snapshot of etcd",
    )
    for name, machine in cluster.control_plane.items():
        ran = machine.run(["test", "-e", "/etc/kubernetes/manifests/etcd.yaml"]).ok
        outside.report.require(not ran, f"{name} has made an etcd of its own")
