"""A change by which etcd and the API server of every control-plane host start anew: each number is another one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from lab.cluster import Cluster, failures
from lab.commands import LabError, wait_for
from lab.under_load import Outside

HOSTS = ("cp1", "cp2", "cp3")
SHORT, LONG = "15s", "10m"
"""`gate.wait`: long enough to meet what is in the way; long enough for three hosts, one after the other."""

QUOTA = "96MiB"

_BASE = 20_000
_STEP = "/var/lib/k8s-ha/step.json"
_DEFERRED = "/var/lib/k8s-ha/deferred.json"
# By the option of Salt: an apply to a host that dies comes back without it.
_APPLY_SECONDS = 420.0


def numbered(number: int, wait: str = SHORT) -> dict[str, Any]:
    """What the pillar says for it. The quota of etcd is one that can be filled in a minute."""
    return {
        "gate": {"wait": wait},
        "etcd": {"snapshot_count": _BASE + number, "quota_backend_bytes": QUOTA},
    }


def runs(cluster: Cluster, host: str, number: int) -> bool:
    """Whether etcd of a host runs with it."""
    return (
        f"--snapshot-count={_BASE + number}"
        in cluster.machines[host].run(["pgrep", "-a", "-x", "etcd"]).stdout
    )


def applying(cluster: Cluster) -> threading.Thread:
    """An apply to the control plane that goes on beside."""

    def apply() -> None:
        # A host that dies gives no answer, and a master that dies none at all.
        try:
            cluster.apply(",".join(HOSTS), limit=_APPLY_SECONDS)
        except (LabError, ValueError):
            return

    return beside(apply)


def beside(act: Callable[[], object]) -> threading.Thread:
    """Something that goes on meanwhile."""
    thread = threading.Thread(target=act, daemon=True)
    thread.start()
    return thread


def first_begun(cluster: Cluster) -> str:
    """The first host that has begun its step."""
    found: list[str] = []

    def look() -> bool:
        found.extend(name for name in HOSTS if cluster.machines[name].run(["test", "-e", _STEP]).ok)
        return bool(found)

    wait_for(look, 180, "a host has begun")
    return found[0]


def deferred(cluster: Cluster, hosts: list[str]) -> bool:
    """Whether each of these hosts has its step on record as deferred."""
    return all(cluster.machines[name].run(["test", "-e", _DEFERRED]).ok for name in hosts)


def idle(cluster: Cluster) -> bool:
    """Whether nobody applies any more."""
    answers = cluster.salt(",".join(HOSTS), "saltutil.is_running", "state.apply")
    return set(answers) == set(HOSTS) and not any(answers.values())


def converges(outside: Outside, what: str, number: int, gap: float) -> None:
    """An apply to all hosts at once; then each runs with what the pillar says."""
    cluster, report = outside.cluster, outside.report
    outside.wait_until_whole()
    cluster.wait_for_minions(cluster.nodes)

    def apply() -> None:
        began = time.monotonic()
        for line in failures(cluster.apply("*")):
            report.complain(f"{what}: {line}")
        report.measure(f"{what}: state.apply on all hosts", time.monotonic() - began)

    cluster.set_pillar(numbered(number, LONG))
    outside.meet(what, apply, seconds=2, gap=gap)
    is_changed(outside, what, number)


def is_changed(outside: Outside, what: str, number: int) -> None:
    """Complain about each host that does not run with it."""
    for name in HOSTS:
        outside.report.require(runs(outside.cluster, name, number), f"{what}: {name} runs without the change")
