"""What operators get wrong, and what breaks on the way: a sentence that names host and remedy, then it goes on."""

from __future__ import annotations

import time

from lab import cluster as clusters
from lab import pillar as pillars
from lab import standing
from lab.cluster import Cluster, failures
from lab.commands import wait_for
from lab.faults import fill_disk
from lab.lab import Lab
from lab.sentences import expect

_WAIT_SECONDS = 15
# kubeadm's own patience with a control plane that does not come up.
_IMPATIENT = {"kubeadm": {"timeouts": {"control_plane_component_health_check": "40s"}}}
_REGISTRY_PORT = 5000
_SILENT_REGISTRY = f"""\
import socket, time
listener = socket.create_server(("0.0.0.0", {_REGISTRY_PORT}))
accepted = [listener.accept() for _ in range(1000)]
"""


def run(lab: Lab) -> None:
    """The scenario."""
    cluster = clusters.build(lab.run, pillar_changes=_IMPATIENT)
    cluster.boot()
    _authority_without_key(lab, cluster)
    _absent_archive(lab, cluster)
    _silent_registry(lab, cluster)
    _absent_host(lab, cluster)
    _taken_port(lab, cluster)
    _full_disk(lab, cluster)
    lab.report.say("everything is mended: the last apply")
    client = standing.converge(cluster, lab.report)
    standing.wait_until_ready(client, set(cluster.nodes))
    standing.nothing_left_to_do(cluster, lab.report)


def _authority_without_key(lab: Lab, cluster: Cluster) -> None:
    cluster.master.write_file("/srv/ca.crt", "-----BEGIN CERTIFICATE-----\n")
    authority = {"security": {"authorities": {"kubernetes": {"certificate": "file:///srv/ca.crt"}}}}
    cluster.set_pillar({**_IMPATIENT, **authority})
    told = cluster.salt_run("k8s_ha.create", pillars.CLUSTER)
    expect(lab.report, "a CA without its key", [str(told.get("error"))], "ca", "without its key", "give both")
    cluster.set_pillar(_IMPATIENT)
    standing.create(cluster)


def _absent_archive(lab: Lab, cluster: Cluster) -> None:
    cluster.set_pillar({**_IMPATIENT, "images": {"archives": ["/srv/images/absent.tar"]}})
    said = failures(cluster.apply("cp1"))
    expect(
        lab.report, "an archive that is not there", said, "cp1", "/srv/images/absent.tar", "images.archives"
    )


def _silent_registry(lab: Lab, cluster: Cluster) -> None:
    registry = f"{pillars.MASTER_ADDRESS}:{_REGISTRY_PORT}"
    cluster.master.start(["python3", "-c", _SILENT_REGISTRY])
    cluster.set_pillar({**_IMPATIENT, "images": {"archives": None, "repository": registry}})
    cluster.salt("cp1", "state.apply", "k8s.ha.control_plane", limit=300)
    began = time.monotonic()
    said = cluster.single("cp1", "k8s_ha.images_present", "pull_seconds=15")
    lab.report.measure("a registry that hangs: refused after", time.monotonic() - began)
    expect(lab.report, "a registry that hangs", said, "cp1", registry, "images.repository")
    cluster.set_pillar(_IMPATIENT)


def _taken_port(lab: Lab, cluster: Cluster) -> None:
    for machine in cluster.control_plane.values():
        machine.start(
            ["python3", "-c", "import socket,time; s = socket.create_server(('', 10259)); time.sleep(600)"]
        )
    said = failures(cluster.apply())
    expect(lab.report, "a port that is taken", said, "10259", "ss -ltnp")
    for machine in cluster.control_plane.values():
        machine.must(["pkill", "-f", "create_server"])


def _absent_host(lab: Lab, cluster: Cluster) -> None:
    cluster.machines["cp3"].power_loss()
    # cp2 is there, and has not asked: kubeadm was not installed on it yet.
    said = cluster.single("cp1", "k8s_ha.joined", f"wait={_WAIT_SECONDS}")
    expect(lab.report, "hosts that do not answer", said, "cp2, cp3 have not answered", "without=cp2,cp3")
    cluster.machines["cp3"].power_on()
    cluster.wait_for_minions(["cp3"])


def _full_disk(lab: Lab, cluster: Cluster) -> None:
    """Etcd's disk fills up in the middle of `init`."""
    granted = cluster.salt_run("k8s_ha.ledger_of", pillars.CLUSTER)["initialisation"]
    victim = cluster.machines[granted["node"]]
    applying = cluster.master.start(
        [
            "sh",
            "-c",
            f"salt {victim.name} state.single k8s_ha.joined name=x --out json --static > /root/full 2>&1",
        ]
    )
    wait_for(lambda: victim.run(["test", "-d", "/var/lib/etcd/member"]).ok, 120, "etcd begins its data")
    fault = fill_disk(victim, "/var/lib/etcd")
    wait_for(lambda: applying.poll() is not None, 300, "the apply on a full disk ends")
    said = cluster.master.read_file("/root/full").decode()
    expect(
        lab.report, "a full disk in the middle of init", [said], victim.name, "/var/lib/etcd has", "free some"
    )
    fault.undo()
