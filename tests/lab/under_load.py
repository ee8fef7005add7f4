"""One fault under load: what an outside client saw of it, and what is checked of every fault."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import yaml

from lab import cluster as clusters
from lab import standing
from lab.cluster import Cluster
from lab.commands import LabError, wait_for
from lab.holders import HolderWatch, Holding
from lab.kubectl import Kubectl
from lab.lab import Lab
from lab.machine import Machine
from lab.report import Report
from lab.timeline import Timeline
from lab.traffic import Readers, Writers
from lab.worker import Client

QUIET_SECONDS = 2.0
HEAL_SECONDS = 180.0


def outside_of_a_cluster(lab: Lab) -> Outside:
    """The outside client of a cluster that was made from nothing and is whole."""
    return outside_of(lab, clusters.build(lab.run))


def outside_of(lab: Lab, cluster: Cluster) -> Outside:
    """Make a cluster of blank machines; its outside client, when it is whole."""
    outside = Outside(cluster, standing.stand_up(cluster, lab.report), lab.report)
    outside.wait_until_whole()
    return outside


@dataclass(frozen=True)
class Seen:
    """What the outside client saw of one fault; `holding` is None where no address moves."""

    reads: Timeline
    writes: Timeline
    holding: Holding | None


@dataclass
class Outside:
    """The outside client of a cluster that stands: its load, its watch of the address, its verdict."""

    cluster: Cluster
    kubectl: Kubectl
    report: Report
    faults: int = 0

    def meet(
        self,
        what: str,
        fault: Callable[[], object],
        *,
        seconds: float,
        heal: Callable[[], object] | None = None,
        gap: float | None,
        two_holders: float | None = 2.0,
        lost: int | None = 0,
    ) -> Seen:
        """Let a fault happen under load and stand for `seconds`, heal it, and judge what was seen.

        `gap`: the longest time for which no read may succeed; `two_holders`: for how long two hosts may serve the
        address at once; `lost`: how many acknowledged writes may be missing at any API server afterwards. None:
        it is measured, and not judged.
        """
        self.faults += 1
        directory = self.cluster.run.directory / f"load-{self.faults}"
        directory.mkdir()
        name = f"load-{self.faults}"
        self.report.say(what)
        client = self.client(directory)
        url = self.cluster.way.url
        writers = Writers(directory, client, url, name=name)
        hosts = [machine.host for machine in self.cluster.control_plane.values() if machine.is_running]
        vip = self.cluster.vip
        watch = HolderWatch(directory, client, hosts, vip) if vip else None
        with Readers(directory, client, f"{url}/readyz") as readers, writers, watch or nullcontext():
            time.sleep(QUIET_SECONDS)
            fault()
            time.sleep(seconds)
            if heal:
                heal()
            self.wait_until_whole()
        holding = watch.holding() if watch else None
        seen = Seen(readers.timeline(), writers.timeline(), holding)
        report = self.report
        report.measure(f"{what}: longest gap of reads", seen.reads.longest_gap, limit=gap)
        report.measure(f"{what}: reads failed of {seen.reads.count}", seen.reads.failed, unit="")
        report.measure(f"{what}: longest gap of writes", seen.writes.longest_gap)
        if holding:
            several = sum(span for holders, span in holding.seconds_by_serving().items() if holders > 1)
            report.measure(f"{what}: two hosts serve the address", several, limit=two_holders)
        self._look_for_lost_writes(what, writers, lost)
        return seen

    def wait_until_whole(self, limit: float = HEAL_SECONDS) -> None:
        """Wait until every node is ready, every API server answers and one host holds the address, if one moves."""
        names = self.cluster.kubernetes_nodes
        wait_for(lambda: self.kubectl.ready_nodes() == names, limit, "every node is ready again")
        wait_for(self._all_serve, limit, "every API server is ready again")
        if self.cluster.vip:
            wait_for(lambda: len(self.holders()) == 1, 30, "one host holds the address")

    def holders(self) -> list[str]:
        """Names of the hosts that hold the address now."""
        found = []
        for name, machine in self.cluster.control_plane.items():
            if machine.is_running and f" {self.cluster.vip}/" in machine.run(["ip", "-o", "addr"]).stdout:
                found.append(name)
        return found

    def holder(self) -> str:
        """The one host that holds the address; LabError when it is not one."""
        holders = self.holders()
        if len(holders) != 1:
            raise LabError(f"{holders or 'no host'} hold the address, one should")
        return holders[0]

    def etcd_leader(self) -> str:
        """The node whose member leads etcd; LabError when none says that it does."""
        for name, machine in self.cluster.etcd_hosts.items():
            if machine.is_running and _leads(machine):
                return name
        raise LabError("no member of etcd says that it leads")

    def etcd_voters(self) -> set[str]:
        """Names of etcd's members that have a vote, by whichever of them answers."""
        leader = self.etcd_leader()
        members = json.loads(self.etcdctl(leader, "member", "list", "-w", "json"))["members"]
        return {member["name"] for member in members if not member.get("isLearner")}

    def move_etcd_leader(self, leader: str, to: str) -> None:
        """Have the leading member of etcd hand its leadership over to the member of another node."""
        members = self.etcdctl(leader, "member", "list", "-w", "json")
        ids = {member["name"]: member["ID"] for member in json.loads(members)["members"]}
        self.etcdctl(leader, "move-leader", f"{ids[to]:x}")

    def etcd_contents(self, node: str) -> dict[str, int]:
        """A hash over all that each member of etcd holds at one revision, by the member's address.

        The member of `node` is asked who they are.
        """
        asked = ("endpoint", "status", "--cluster", "-w", "json")
        states = json.loads(self.etcdctl(node, *asked))
        revision = min(each["Status"]["header"]["revision"] for each in states)
        asked = ("endpoint", "hashkv", "--cluster", f"--rev={revision}", "-w", "json")
        return {each["Endpoint"]: each["HashKV"]["hash"] for each in json.loads(self.etcdctl(node, *asked))}

    def etcdctl(self, node: str, *arguments: str) -> str:
        """What etcdctl prints in the pod of a node's member."""
        pki = "/etc/kubernetes/pki/etcd"
        files = ("--cacert", f"{pki}/ca.crt", "--cert", f"{pki}/server.crt", "--key", f"{pki}/server.key")
        command = ["etcdctl", "--endpoints=https://127.0.0.1:2379", *files, *arguments]
        return self.kubectl("-n", "kube-system", "exec", f"etcd-{node}", "--", *command)

    def _all_serve(self) -> bool:
        for url in self._api_servers().values():
            try:
                self.kubectl(f"--server={url}", "get", "--raw", "/readyz", timeout=3)
            except LabError:
                return False
        return True

    def _api_servers(self) -> dict[str, str]:
        """URL of each API server itself, past any balancer, by its node."""
        machines = self.cluster.control_plane.items()
        return {name: f"https://{machine.address}:6443" for name, machine in machines}

    def _look_for_lost_writes(self, what: str, writers: Writers, limit: int | None) -> None:
        """Ask every API server by itself for each write that was acknowledged."""
        lost = {name for names in writers.verify_acknowledged(self._api_servers()).values() for name in names}
        acknowledged = len(writers.acknowledged())
        told = f"{what}: acknowledged writes lost of {acknowledged}"
        self.report.measure(told, len(lost), unit="", limit=limit)
        self.report.require(acknowledged > 0, f"{what}: no write was acknowledged at all")

    def client(self, directory: Path) -> Client:
        """The files of an administrator, from the kubeconfig."""
        written = yaml.safe_load(self.kubectl.kubeconfig.read_text())
        user, server = written["users"][0]["user"], written["clusters"][0]["cluster"]
        parts = {
            "ca": server["certificate-authority-data"],
            "certificate": user["client-certificate-data"],
            "key": user["client-key-data"],
        }
        for name, text in parts.items():
            (directory / name).write_bytes(base64.b64decode(text))
            (directory / name).chmod(0o600)
        return Client(
            directory / "ca",
            directory / "certificate",
            directory / "key",
            self.cluster.network.command(self.cluster.way.host),
        )


def _leads(machine: Machine) -> bool:
    """Whether the member of etcd on this machine says that it leads."""
    asked = "curl -s --max-time 2 http://127.0.0.1:2381/metrics | grep -q '^etcd_server_is_leader 1'"
    return machine.run(["sh", "-c", asked]).ok
