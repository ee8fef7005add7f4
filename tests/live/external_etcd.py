"""Hosts of an external etcd on loopback: real members, a real ledger, and a stand-in for systemd."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from live_host import LiveHost
from ports import OWN_NETWORK
from programs.verdict import locate
from saltext.k8s_ha import Topology
from saltext.k8s_ha.utils import creation, etcd_certificates, etcd_host
from saltext.k8s_ha.utils.ask_master import Master
from saltext.k8s_ha.utils.etcd_endpoints import Endpoints
from saltext.k8s_ha.utils.etcd_host import EtcdHost
from saltext.k8s_ha.utils.etcd_join import EtcdMembership
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.ledger import ClusterRecord
from saltext.k8s_ha.utils.master_answer import answer

HOSTS = ("etcd1", "etcd2", "etcd3")
DATA = "/var/lib/etcd"
_READY_SECONDS = 30.0

PILLAR: dict[str, Any] = {
    "cluster": {
        "name": "prod1",
        "kubernetes_version": "v1.36.4",
        "control_plane_endpoint": "api.prod1.lan:8443",
    },
    "targets": {"survive": {"node": 1}, "api_failover": "10s"},
    "networks": {"lan": {"cidr": f"{OWN_NETWORK}.0/24", "gateway": f"{OWN_NETWORK}.1"}},
    "vips": {"api": {"address": f"{OWN_NETWORK}.5", "network": "lan", "virtual_router_id": 61}},
    "etcd": {"topology": "external", "version": "3.6.16"},
    "kubeadm": {"encryption_algorithm": "ECDSA-P256"},
    "gate": {"wait": "25s", "settle": "1s"},
    "nodes": {
        **{
            f"cp{place}": {"roles": ["control_plane"], "ip": f"{OWN_NETWORK}.1{place}"} for place in (1, 2, 3)
        },
        **{f"etcd{place}": {"roles": ["etcd"], "ip": f"{OWN_NETWORK}.3{place}"} for place in (1, 2, 3)},
        **{f"w{place}": {"roles": ["worker"], "ip": f"{OWN_NETWORK}.2{place}"} for place in (1, 2)},
    },
}


class Died(BaseException):
    """The power of a host is gone; nothing of Salt catches it."""


class Site:
    """A master with its ledger, and hosts by name, all blank."""

    def __init__(self, directory: Path, etcd: Mapping[str, Any] | None = None) -> None:
        """`etcd` is added to that section of the pillar."""
        self.directory = directory
        self.pillar = {**PILLAR, "etcd": {**PILLAR["etcd"], **(etcd or {})}}
        self.topology = Topology(self.pillar)
        self.opts = {"k8s_ha": {"ledger": str(directory / "ledger")}}
        self.record = ClusterRecord.of(self.opts, "prod1")
        creation.create(self.record, self.topology, [], {})
        self.machines = {name: Machine(self, name) for name in (*HOSTS, "cp1")}
        self.is_silent = False

    def master(self, node: str) -> Master:
        """The way of a node to the ledger."""

        def send(request: object) -> Any:
            assert not self.is_silent, f"{node} asks: {request}"
            return answer(self.opts, self.topology, node, request, _no_module)

        return Master("prod1", node, send)

    def apply_to_all(self, names: tuple[str, ...] = HOSTS) -> dict[str, Any]:
        """All hosts at once: what each answers, or the error that it raises."""
        said: dict[str, Any] = {}

        def apply(name: str) -> None:
            try:
                said[name] = self.machines[name].apply(wait=90)
            except Exception as error:
                said[name] = error

        threads = [threading.Thread(target=apply, args=(name,)) for name in names]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        return said

    def voters(self) -> list[str]:
        """Names of the members with a vote, as a majority knows them."""
        machine = next(each for each in self.machines.values() if each.is_running)
        return sorted(each["name"] for each in machine.endpoints().members(10) if not each["is_learner"])

    def end(self) -> None:
        """Take the power of all."""
        for machine in self.machines.values():
            machine.power_loss()


class Unit:
    """What stands for the files of a member's unit: whether they have changed since it was started."""

    def __init__(self, started: Callable[[], None]) -> None:
        self.is_outdated = False
        self._started = started

    def needs_restart(self) -> bool:
        return self.is_outdated

    def note_started(self) -> None:
        self.is_outdated = False
        self._started()


class Machine:
    """One host: its disk, its unit of etcd, its way to the master."""

    def __init__(self, site: Site, name: str) -> None:
        self.site, self.name = site, name
        self.host = LiveHost(site.directory / name)
        self.told: list[str] = []
        self.unit = Unit(lambda: self._tell("started", ""))
        self.first_starts = 0
        self.restarted: list[tuple[float, float]] = []
        """From when to when this member was off."""
        self.dies_when: str | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self.install()

    def install(self) -> None:
        """A blank disk with the program and the files that Salt has written."""
        program = self.host.path("/usr/bin/etcd")
        program.parent.mkdir(parents=True, exist_ok=True)
        program.touch(mode=0o755)
        for file in self.site.topology.files(self.name):
            if file["path"] == etcd_host.CONFIGURATION:
                place = self.host.path(file["path"])
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(file["contents"], encoding="utf-8")

    def reinstall(self) -> None:
        """Lose the disk."""
        self.power_loss()
        shutil.rmtree(self.site.directory / self.name)
        self.install()

    @property
    def etcd(self) -> EtcdHost:
        """What there is of etcd on this host, with systemd stood in for."""
        return EtcdHost(self.host, {"cmd.run_all": self._systemctl}, DATA)

    @property
    def is_running(self) -> bool:
        """Whether the member runs."""
        return self._process is not None and self._process.poll() is None

    def apply(self, *, test: bool = False, wait: float = 0.0) -> dict[str, Any]:
        """What the states do, one after the other."""
        master = self.site.master(self.name)
        if not test:
            wanted = [etcd_certificates.OF_MEMBER]
            etcd_certificates.apply(wanted, self.host, self.site.topology, lambda: master, test=False)
        steps = EtcdMembership(
            member=Member(self.site.topology, self.name, {}),
            etcd=self.etcd,
            master=lambda: master,
            tell=self._tell,
            unit=self.unit,  # type: ignore[arg-type]
            wait_seconds=wait,
        )
        return steps.attain(test=test)

    def endpoints(self) -> Endpoints:
        """All members, spoken to with this host's certificate."""
        texts = [
            self.host.path(f"{etcd_certificates.MEMBER}/{name}").read_text(encoding="utf-8")
            for name in ("ca.crt", "server.crt", "server.key")
        ]
        return Endpoints(self.site.topology.external_members(), *texts)

    def signal(self, number: int) -> None:
        """Send a signal to the member."""
        assert self._process
        self._process.send_signal(number)

    def power_loss(self) -> None:
        """End the member at once; what lay in memory is gone."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None
        shutil.rmtree(self.host.path("/run"), ignore_errors=True)

    def boot(self) -> None:
        """What systemd does with the enabled unit."""
        if self.etcd.has_data():
            self._start(self.host.path(etcd_host.CONFIGURATION))

    def _tell(self, phase: str, text: str) -> None:
        self.told.append(f"{phase}: {text}")
        if phase == self.dies_when:
            self.dies_when = None
            self.power_loss()
            raise Died

    def _systemctl(self, command: list[str], **_options: Any) -> dict[str, Any]:
        """The words of systemctl behind those of timeout(1)."""
        verb = command[command.index("systemctl") + 1]
        code = 0
        if verb == "start" and not self.is_running:
            code = self._start_unit()
        elif verb == "stop":
            self._stop()
        elif verb == "restart":
            began = time.monotonic()
            self._stop()
            code = self._start_unit()
            self.restarted.append((began, time.monotonic()))
        return {"retcode": code, "stdout": "", "stderr": ""}

    def _stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(_READY_SECONDS)
            self._process = None

    def _start_unit(self) -> int:
        """As the unit and its drop-in say."""
        if self.host.path(etcd_host.FIRST_START).exists():
            self.first_starts += 1
            return self._start(self.host.path(etcd_host.FIRST_CONFIGURATION))
        if not self.etcd.has_data():
            return 1
        return self._start(self.host.path(etcd_host.CONFIGURATION))

    def _start(self, configuration: Path) -> int:
        """Start the member and wait until it says to systemd that it is ready."""
        local = self.site.directory / f"{self.name}.yaml"
        local.write_text(
            yaml.safe_dump(self._local(yaml.safe_load(configuration.read_text(encoding="utf-8"))))
        )
        self.host.path(DATA).mkdir(mode=0o700, parents=True, exist_ok=True)
        with _notify_socket(self.site.directory / f"{self.name}.notify") as (ready, address):
            environment = {**os.environ, "NOTIFY_SOCKET": address}
            with (self.site.directory / f"{self.name}.log").open("ab") as log:
                self._process = subprocess.Popen(
                    [str(locate("etcd-3.6")), f"--config-file={local}"],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=environment,
                )
            for _ in range(int(_READY_SECONDS / 0.2)):
                with contextlib.suppress(TimeoutError):
                    if b"READY=1" in ready.recv(4096):
                        return 0
                if self._process.poll() is not None:
                    return 1
        self.power_loss()
        return 1

    def _local(self, configuration: Mapping[str, Any]) -> dict[str, Any]:
        """The configuration with its files below the directory, and nothing on addresses that the hosts share."""
        changed = dict(configuration)
        changed["data-dir"] = str(self.host.path(changed["data-dir"]))
        own = self.site.topology.address(self.name)
        changed["listen-client-urls"] = changed["advertise-client-urls"]
        changed["listen-metrics-urls"] = f"http://{own}:2381"
        for section in ("client-transport-security", "peer-transport-security"):
            changed[section] = {
                key: str(self.host.path(value)) if key.endswith("-file") else value
                for key, value in changed[section].items()
            }
        return changed


@contextlib.contextmanager
def _notify_socket(place: Path) -> Iterator[tuple[socket.socket, str]]:
    place.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
        ready.bind(str(place))
        ready.settimeout(0.2)
        yield ready, str(place)


def _no_module(name: str, *_arguments: str) -> None:
    raise KeyError(name)
