"""A master with its real ledger, and hosts that join: their kubeadm only leaves what the real one leaves."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from functional.pillars import three_masters
from live_host import LiveHost
from saltext.k8s_ha import Topology
from saltext.k8s_ha.utils import membership
from saltext.k8s_ha.utils.ask_master import Master
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import HostError
from saltext.k8s_ha.utils.ledger import ClusterRecord
from saltext.k8s_ha.utils.master_answer import answer

UID = "0000-1111"
NODES = ("cp1", "cp2", "cp3", "w1", "w2")


def no_module(name: str, *_arguments: str) -> None:
    raise KeyError(name)


class Machine:
    """One host: its disk, its kubeadm, its way to the master."""

    def __init__(self, site: Site, name: str) -> None:
        self.site, self.name = site, name
        self.host = LiveHost(site.directory / name)
        self.told: list[str] = []
        self.ran: list[str] = []
        self.fails: dict[str, str] = {}
        self.dies_in: str | None = None
        for program in ("kubeadm", "kubelet"):
            place = self.host.path(f"/usr/bin/{program}")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.touch(mode=0o755)

    # The part of kubeadm that later runs look at.
    def init(self) -> None:
        self._kubeadm("init", ["manifests/etcd.yaml", "admin.conf", "kubelet.conf"])

    def join(self) -> None:
        assert self.host.path("/etc/kubernetes/kubeadm/discovery.conf").exists()
        self._kubeadm("join", ["kubelet.conf"])

    def remove_unfinished(self, etcd_data: str) -> None:
        del etcd_data
        self.ran.append("reset")
        for place in self.host.path("/etc/kubernetes").rglob("*.conf"):
            place.unlink()

    def _kubeadm(self, what: str, leaves: list[str]) -> None:
        self.ran.append(what)
        if self.dies_in == what:
            self.dies_in = None
            raise KeyboardInterrupt
        if what in self.fails:
            raise HostError(self.fails.pop(what))
        for name in leaves:
            place = self.host.path(f"/etc/kubernetes/{name}")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.touch()

    def apply(self, *, test: bool = False, wait: float = 0.0) -> dict[str, Any]:
        member = Member(self.site.topology, self.name, {})
        steps = Steps(
            member=member,
            host=self.host,
            master=lambda: Master("prod1", self.name, self.site.ask(self.name)),
            kubeadm=self,  # type: ignore[arg-type]
            tell=lambda phase, text: self.told.append(f"{phase}: {text}"),
            fails_on_swap=False,
            wait_seconds=wait,
        )
        return steps.attain(test=test)


class Steps(membership.Membership):
    """Without an API server to ask."""

    def _own_uid(self) -> str:
        return UID

    def _wait_for_endpoint(self, answered: object) -> None:
        del answered

    def _forget_old_member(self, answered: object) -> None:
        del answered
        self.tell("cleans", "asks etcd")


class Site:
    """A master with its ledger, and machines."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.topology = Topology(three_masters())
        self.opts = {"k8s_ha": {"ledger": str(directory / "ledger")}}
        self.machines = {name: Machine(self, name) for name in NODES}
        self.minions = {node: minion for minion, node in self.topology.minions.items()}
        self.clock = 0.0
        self.is_silent = False

    def create(self) -> None:
        from saltext.k8s_ha.utils import creation

        creation.create(ClusterRecord.of(self.opts, "prod1"), self.topology, [], {})

    def ask(self, node: str) -> Callable[..., Any]:
        def send(request: object) -> Any:
            if self.is_silent:
                raise HostError("The master does not answer")
            said = answer(self.opts, self.topology, self.minions[node], request, no_module)
            return {**said, "time": time.time() + self.clock}

        return send

    def everybody_asks(self) -> None:
        """All control-plane nodes say that they are blank, the last of them being granted `init` is not used."""
        for name in ("cp1", "cp2"):
            with pytest.raises(HostError, match="Nothing was changed; run again"):
                self.machines[name].apply()
