"""The failover tests of an operator's plan, under its names: control plane, worker nodes, a network partition."""

from __future__ import annotations

import time
from collections.abc import Callable

from lab import pillar as pillars
from lab import replicated_service
from lab.commands import LabError, wait_for
from lab.faults import Fault, stop_static_pod
from lab.lab import Lab
from lab.machine import Machine
from lab.network_faults import Cut
from lab.pillar import API_SECONDS
from lab.replicated_service import TOLERATED_SECONDS, ReplicatedService
from lab.report import Report
from lab.timeline import Timeline
from lab.traffic import Readers
from lab.under_load import Outside, outside_of_a_cluster

# The kubelet of a control-plane node asks this node's own API server, and waits for half a minute each time it is one
# without etcd; meanwhile that API server fails its probes, and is started again after growing pauses.
START_SECONDS = 420.0

# Kubernetes declares a node lost when its lease was not renewed for 50 s (the controller manager's
# `node-monitor-grace-period`), which it looks for every 5 s; then the pod's toleration, then its start.
NODE_LOST_SECONDS = 55.0
RESCHEDULED_SECONDS = NODE_LOST_SECONDS + TOLERATED_SECONDS + 15.0
# A service picks a pod at random for each request, lost ones among them, until their node is declared lost.
SERVICE_SECONDS = 3.0
_STANDS_SECONDS = 20.0
_SERVICE_RATE = 10


def run(lab: Lab) -> None:
    """The scenario."""
    outside = outside_of_a_cluster(lab)
    _control_plane_node_failure(outside)
    service = replicated_service.deploy(outside.kubectl)
    first, *_ = pillars.WORKERS
    _worker_node_failure(outside, service, [first])
    service.spread()
    _worker_node_failure(outside, service, list(pillars.WORKERS))
    _network_partition(outside)
    lab.report.say("storage node failure: the lab has no storage of its own yet, so it is not part of this")


def _control_plane_node_failure(outside: Outside) -> None:
    """One program of the node that holds the address is stopped, then the whole node is shut down."""
    for program in ("etcd", "kube-apiserver"):
        _stop_program(outside, program)
    machine = outside.cluster.machines[outside.holder()]
    outside.meet(
        "control plane node failure: the holder shut down",
        machine.power_off,
        seconds=_STANDS_SECONDS,
        heal=lambda: _switch_on([machine]),
        gap=API_SECONDS,
    )


def _stop_program(outside: Outside, program: str) -> None:
    machine = outside.cluster.machines[outside.holder()]
    what = f"control plane node failure: {program} stopped on the holder"
    stopped: list[Fault] = []

    def heal() -> None:
        began = time.monotonic()
        stopped[0].undo()
        outside.wait_until_whole(START_SECONDS)
        outside.report.measure(f"{what}: started again until all is whole", time.monotonic() - began)

    outside.meet(
        what,
        lambda: stopped.append(stop_static_pod(machine, program)),
        seconds=_STANDS_SECONDS,
        heal=heal,
        gap=API_SECONDS,
    )


def _worker_node_failure(outside: Outside, service: ReplicatedService, lost: list[str]) -> None:
    """Workers lose their power: their pods become ready elsewhere, and the service answers all the time."""
    cluster, report = outside.cluster, outside.report
    what = f"worker node failure: {' and '.join(lost)} without power"
    machines = [cluster.machines[name] for name in lost]
    survivors = set(cluster.nodes) - set(lost)
    marks: list[float] = []

    def lose_power() -> None:
        marks.append(time.monotonic())
        for machine in machines:
            machine.power_loss()

    def heal() -> None:
        service.wait_for_replicas(survivors, 2 * RESCHEDULED_SECONDS)
        told = (
            f"{what}: pods ready elsewhere (up to {NODE_LOST_SECONDS:g} s of it until a node counts as lost)"
        )
        report.measure(told, time.monotonic() - marks[0], limit=RESCHEDULED_SECONDS)
        _switch_on(machines)

    directory = cluster.run.directory / f"service-{len(lost)}"
    directory.mkdir()
    observer = service.asked_from(next(iter(cluster.control_plane)))
    with Readers(directory, observer, service.url, rate=_SERVICE_RATE, name="service") as asked:
        outside.meet(what, lose_power, seconds=0, heal=heal, gap=API_SECONDS)
    _judge_service(report, what, asked.timeline(), marks[0])


def _judge_service(report: Report, what: str, seen: Timeline, lost_at: float) -> None:
    told = f"{what}: longest time without an answer of the service"
    report.measure(told, seen.longest_gap, limit=SERVICE_SECONDS)
    report.measure(f"{what}: requests to the service failed of {seen.count}", seen.failed, unit="")
    last = max((after for after, _reason in seen.failures(lost_at)), default=0.0)
    report.measure(f"{what}: the last of them after", last)


def _network_partition(outside: Outside) -> None:
    """The holder is cut away from all others; joined again, all members of etcd hold the same."""
    name = outside.holder()
    others = [*(set(pillars.NODES) - {name}), "client"]
    cuts: list[Cut] = []
    outside.meet(
        "network partition: the holder cut away from all others",
        lambda: cuts.append(outside.cluster.network.cut_between([name], others)),
        seconds=_STANDS_SECONDS,
        heal=lambda: cuts[0].undo(),
        gap=API_SECONDS,
    )
    began = time.monotonic()
    wait_for(_one_content(outside, name), 30, "all members of etcd hold the same")
    outside.report.measure(
        "network partition: joined again, asked until all members hold the same", time.monotonic() - began
    )


def _one_content(outside: Outside, node: str) -> Callable[[], bool]:
    def same() -> bool:
        try:
            contents = outside.etcd_contents(node)
        except LabError:
            return False
        return len(contents) == len(pillars.CONTROL_PLANE) and len(set(contents.values())) == 1

    return same


def _switch_on(machines: list[Machine]) -> None:
    for machine in machines:
        machine.power_on()
    for machine in machines:
        machine.wait_booted(60)
