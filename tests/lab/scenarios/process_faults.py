"""Each process that the API depends on is killed, and hung, on the host that holds the address."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass

from lab.faults import kill
from lab.lab import Lab
from lab.machine import Machine
from lab.under_load import outside_of_a_cluster

RESTART_SECONDS = 2.0
HANG_SECONDS = 3.0


@dataclass(frozen=True)
class ProcessFault:
    """A program, what is done to it, how long reads may fail, and for how long the fault is left to heal."""

    program: str
    signal: signal.Signals
    gap: float
    seconds: float = 10.0

    @property
    def what(self) -> str:
        """For the table."""
        return f"{self.signal.name} of {self.program} on the holder"


FAULTS = (
    ProcessFault("haproxy", signal.SIGKILL, RESTART_SECONDS),
    ProcessFault("haproxy", signal.SIGSTOP, HANG_SECONDS, 20),
    ProcessFault("keepalived", signal.SIGKILL, RESTART_SECONDS),
    ProcessFault("keepalived", signal.SIGSTOP, RESTART_SECONDS, 20),
    ProcessFault("kube-apiserver", signal.SIGKILL, RESTART_SECONDS),
    ProcessFault("kube-apiserver", signal.SIGSTOP, HANG_SECONDS, 45),
    ProcessFault("etcd", signal.SIGKILL, RESTART_SECONDS),
    ProcessFault("etcd", signal.SIGSTOP, HANG_SECONDS, 45),
    ProcessFault("kubelet", signal.SIGKILL, RESTART_SECONDS),
    ProcessFault("kubelet", signal.SIGSTOP, RESTART_SECONDS, 30),
    ProcessFault("containerd", signal.SIGKILL, RESTART_SECONDS),
    ProcessFault("containerd", signal.SIGSTOP, RESTART_SECONDS, 60),
)


def run(lab: Lab) -> None:
    """The scenario."""
    outside = outside_of_a_cluster(lab)
    for fault in FAULTS:
        holder = outside.cluster.machines[outside.holder()]
        outside.meet(
            fault.what, _does(fault, holder), seconds=fault.seconds, gap=fault.gap, heal=lambda: None
        )
        outside.wait_until_whole()


def _does(fault: ProcessFault, machine: Machine) -> Callable[[], object]:
    if fault.signal is signal.SIGKILL:
        return lambda: kill(machine, fault.program)
    return lambda: machine.kill_process(fault.program, fault.signal)
