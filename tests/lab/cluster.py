"""A Salt master and the blank hosts of a cluster on one switch, and what a person would type to make them one."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab import pillar as pillars
from lab import salt_files
from lab.artefacts import images, packages, root_image, wheel
from lab.commands import LabError, wait_for
from lab.machine import Machine
from lab.network import CLIENT, Network, network_of
from lab.run_record import Run

BOOT_SECONDS = 60.0
APPLY_SECONDS = 900.0
# For so long Salt takes a minion at its word that it works, before it asks again.
APPLY_TIMEOUT = 300
CALL_SECONDS = 90.0

Results = Mapping[str, Mapping[Any, dict[str, Any]]]
"""What states came to: by minion, then by state id."""


@dataclass(frozen=True)
class Way:
    """From which host's network the API is asked, and at which URL."""

    host: str
    url: str


@dataclass
class Cluster:
    """The machines of one run: a master, the nodes, and an outside client in a namespace of its own.

    `artefact_seconds`: for how long root, images and packages were made, or found in the cache.
    """

    run: Run
    network: Network
    machines: dict[str, Machine]
    minor: str
    pillar: dict[str, Any]
    artefact_seconds: float

    @property
    def master(self) -> Machine:
        """The machine with the Salt master."""
        return self.machines[pillars.MASTER]

    @property
    def nodes(self) -> dict[str, Machine]:
        """The machines that the pillar names."""
        return {name: machine for name, machine in self.machines.items() if name in self.pillar["nodes"]}

    @property
    def kubernetes_nodes(self) -> set[str]:
        """Names of the nodes that run a kubelet."""
        return set(self.nodes) - set(pillars.ETCD)

    @property
    def etcd_hosts(self) -> dict[str, Machine]:
        """The machines with a member of etcd: the control plane, or hosts that etcd has to itself."""
        own = {name: self.machines[name] for name in pillars.ETCD if name in self.nodes}
        return own or self.control_plane

    @property
    def control_plane(self) -> dict[str, Machine]:
        """The control-plane nodes."""
        return {name: machine for name, machine in self.nodes.items() if name in pillars.CONTROL_PLANE}

    @property
    def vip(self) -> str | None:
        """The address that keepalived moves; None where nothing is moved."""
        address: str | None = self.pillar.get("vips", {}).get("api", {}).get("address")
        return address

    @property
    def way(self) -> Way:
        """How the API is asked.

        With a balancer on each node there is no address of the whole API: whoever asks it asks the balancer of the
        host it is on, as the kubelets do, so the observer sits on the last worker.
        """
        endpoint: str = self.pillar["cluster"]["control_plane_endpoint"]
        if self.pillar.get("load_balancer", {}).get("type") != "local":
            return Way(CLIENT, f"https://{endpoint}")
        workers = [name for name in self.nodes if name not in pillars.CONTROL_PLANE]
        return Way(workers[-1], f"https://127.0.0.1:{endpoint.rpartition(':')[2]}")

    def boot(self, names: Iterable[str] | None = None) -> None:
        """Switch machines on and wait until systemd has started everything, and Salt answers of each minion."""
        booted = [self.machines[name] for name in names or (pillars.MASTER, *self.nodes)]
        for machine in booted:
            machine.power_on()
        for machine in booted:
            machine.wait_booted(BOOT_SECONDS)
        minions = [machine.name for machine in booted if machine is not self.master]
        self.wait_for_minions(minions)

    def wait_for_minions(self, names: Iterable[str], limit: float = BOOT_SECONDS) -> None:
        """Wait until each of these minions answers the master."""
        wanted = {name: self.machines[name].address for name in sorted(names)}

        def listening() -> bool:
            connected = self.master.run(["ss", "-Htn", "state", "established", "sport", "=", ":4505"]).stdout
            return all(f"{address}:" in connected for address in wanted.values())

        def answered() -> bool:
            answers = self.salt(",".join(wanted), "test.ping", timeout=10)
            return all(answers.get(name) is True for name in wanted)

        # A call to a minion that does not listen yet would wait for its answer for long.
        wait_for(listening, limit, f"{', '.join(wanted)} listen to the master")
        wait_for(answered, limit + CALL_SECONDS, f"{', '.join(wanted)} answer the master")

    def add(self, name: str) -> None:
        """Declare a node that the pillar did not name, switch its machine on, and wait for its minion."""
        self.pillar["nodes"][name] = pillars.worker(name)
        self.write_pillar()
        self.boot([name])

    def reinstall(self, names: Iterable[str]) -> None:
        """Give machines blank disks, have the master forget their keys, as an operator does, and boot them."""
        machines = [self.machines[name] for name in names]
        for machine in machines:
            if machine.is_running:
                machine.power_loss()
            machine.reinstall()
            enable(machine)
            self.master.must(["salt-key", "--yes", "--delete", machine.name])
        self.boot(machine.name for machine in machines)

    def write_pillar(self) -> None:
        """Put the pillar on the master."""
        self.master.write_file(salt_files.PILLAR, json.dumps({"k8s_ha": self.pillar}, indent=1))

    def set_pillar(self, changes: Mapping[str, Any]) -> None:
        """Change the pillar on the master, as an editor would."""
        self.pillar = pillars.pillar(self.minor, changes)
        self.write_pillar()

    @contextmanager
    def with_pillar(self, changes: Mapping[str, Any]) -> Iterator[None]:
        """Lay changes over the pillar on the master, and put it back as it was."""
        before = self.pillar
        self.pillar = pillars.laid_over(before, changes)
        self.write_pillar()
        try:
            yield
        finally:
            self.pillar = before
            self.write_pillar()

    def salt(
        self, target: str, *arguments: str, timeout: int = 30, limit: float = CALL_SECONDS
    ) -> dict[str, Any]:
        """``salt TARGET FUNCTION ...``: what each minion answers; a silent one is missing."""
        kind = ["-L"] if "," in target else []
        command = ["salt", "--out", "json", "--static", "-t", str(timeout), *kind, target, *arguments]
        said = self.master.run(command, limit)
        nobody = not said.stdout.strip() or "No minions matched" in said.stdout
        return {} if nobody else _json(said.stdout, said.stderr)

    def salt_run(self, *arguments: str, limit: float = CALL_SECONDS) -> Any:
        """``salt-run FUNCTION ...`` on the master."""
        said = self.master.run(["salt-run", "--out", "json", *arguments], limit)
        return _json(said.stdout, said.stderr)

    def apply(self, target: str = "*", *arguments: str, limit: float = APPLY_SECONDS) -> Results:
        """``salt TARGET state.apply k8s.ha``; LabError when a minion refuses to run states at all."""
        answers = self.salt(target, "state.apply", "k8s.ha", *arguments, timeout=APPLY_TIMEOUT, limit=limit)
        results: dict[str, dict[str, dict[str, Any]]] = {}
        for minion, states in answers.items():
            if not isinstance(states, dict):
                raise LabError(f"{minion} ran no states: {states}")
            results[minion] = {state["__id__"]: state for state in states.values()}
        return results

    def single(self, target: str, function: str, *arguments: str, limit: float = APPLY_SECONDS) -> list[str]:
        """``salt TARGET state.single FUNCTION``: a line for each state that failed."""
        answers = self.salt(
            target, "state.single", function, "name=it", *arguments, timeout=APPLY_TIMEOUT, limit=limit
        )
        return failures({name: dict(enumerate(said.values())) for name, said in answers.items()})


def failures(results: Results) -> list[str]:
    """A line for each state that failed."""
    return [
        f"{minion}: {name}: {state['comment']}"
        for minion, states in sorted(results.items())
        for name, state in states.items()
        if state["result"] is False
    ]


def changes(results: Results) -> list[str]:
    """A line for each state that changed something, or would."""
    return [
        f"{minion}: {name}: {json.dumps(state['changes'])[:300]}"
        for minion, states in sorted(results.items())
        for name, state in states.items()
        if state["changes"]
    ]


def build(
    run: Run,
    *,
    minor: str = "1.36",
    pillar_changes: Mapping[str, Any] | None = None,
    binds: Mapping[Path, str] | None = None,
    addresses: Mapping[str, str] | None = None,
) -> Cluster:
    """The machines of a cluster, off and blank.

    `binds`: where on each node our files are seen, read-only. `addresses`: of each machine but the master; by default
    all nodes of Kubernetes, and one more that the pillar does not name yet.
    """
    began = time.monotonic()
    lower = root_image.with_salt(wheel.build())
    archive, mirror = images.archive(minor), packages.repository((minor,))
    artefact_seconds = time.monotonic() - began
    network = Network(run)
    network.attach_client()
    written = pillars.pillar(minor, pillar_changes)
    declared = {name: node["ip"] for name, node in written["nodes"].items()}
    addresses = dict(addresses or {**pillars.NODES, **pillars.LATER, **declared})
    hosts = {pillars.MASTER: pillars.MASTER_ADDRESS, **addresses}
    machines = {
        pillars.MASTER: Machine(
            run,
            network,
            pillars.MASTER,
            pillars.MASTER_ADDRESS,
            lower=lower,
            files=salt_files.master(lower, written),
            binds={mirror: pillars.MIRROR},
            hosts=hosts,
        )
    }
    for place, (name, address) in enumerate(addresses.items(), start=1):
        machines[name] = Machine(
            run,
            network,
            name,
            address,
            lower=lower,
            files={
                **salt_files.minion(name),
                **(salt_files.etcd_host() if name in pillars.ETCD else salt_files.pod_network(place)),
            },
            binds={archive: pillars.archive(minor), **(binds or {})},
            hosts=hosts,
            routes=salt_files.pod_routes(place, list(addresses.values())),
        )
    for machine in machines.values():
        enable(machine)
    places = list(addresses.values())
    if len(set(map(network_of, places))) > 1:
        for subnet, address in salt_files.router_routes(places).items():
            network.route(subnet, address)
    return Cluster(run, network, machines, minor, written, artefact_seconds)


def enable(machine: Machine) -> None:
    """Have Salt, and on the master the mirror of packages, start at boot; also after `reinstall`."""
    units = ("salt-master", "lab-mirror") if machine.name == pillars.MASTER else ("salt-minion",)
    for unit in units:
        machine.disk.link(
            f"/etc/systemd/system/multi-user.target.wants/{unit}.service",
            f"/etc/systemd/system/{unit}.service",
        )


def _json(text: str, errors: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise LabError(f"Salt gave no JSON: {text.strip()[-400:]} {errors.strip()[-400:]}") from error


def kubeconfig(cluster: Cluster) -> Path:
    """An administrator's kubeconfig for the outside client, from a control-plane node."""
    place = cluster.run.directory / "admin.conf"
    for machine in cluster.control_plane.values():
        if machine.is_running and machine.run(["test", "-f", "/etc/kubernetes/admin.conf"]).ok:
            place.write_bytes(machine.read_file("/etc/kubernetes/admin.conf"))
            place.chmod(0o600)
            return place
    raise LabError("no control-plane node has an admin.conf")
