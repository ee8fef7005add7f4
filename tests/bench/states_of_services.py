"""The decision of `k8s_ha.activated` on a member of a cluster whose services run with what is on the disk.

The host is live and its gate is the real one. Systemd is stood in for: what its answers cost is not in the figure.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from bench import silence
from bench.figure import Figure
from functional.pillars import three_masters
from functional.test_activation import Systemd
from live_host import LiveHost
from saltext.k8s_ha import Topology
from saltext.k8s_ha.utils import activation, kubernetes
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.guard import Guard
from saltext.k8s_ha.utils.host import Host
from saltext.k8s_ha.utils.identity import OF_NODE
from saltext.k8s_ha.utils.write import Writer

RUNS = 50
NODE = "cp1"
READ_AT_START = "/etc/containerd/config.toml"


def _member_on(host: LiveHost) -> Member:
    """A node whose files are as the pillar has them, each below the directory."""
    topology = Topology(three_masters())
    files = {}
    for file in topology.files(NODE):
        place = host.path(file["path"])
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(file["contents"], encoding="utf-8")
        # What kubeadm brings is there.
        files[file["path"]] = file | {"path": str(place), "needs": []}
    return Member(topology, NODE, files)


def _join(host: LiveHost) -> None:
    OF_NODE.write(host, {"stage": "member"})
    host.path(kubernetes.KUBELET_CONF).touch()


def main(directory: Path) -> None:
    """Measure; then see that the gate is there, by a change that it hears of and cannot ask about."""
    silence.check()
    activation.STAMPS = directory / "stamps"
    host = LiveHost(directory / "host")
    member = _member_on(host)
    systemd = Systemd(active=False)
    # The paths of the files lead below the directory by themselves.
    writer = Writer(Host(), {}, systemd.modules(), False, "", member.topology.drift, member.release)
    guard = Guard(member, host, lambda *_: None)

    def activate() -> Any:
        files = list(member.files.values())
        return activation.activate(files, writer, (), packages_come=False, around=guard.around)

    first = activate()
    assert first["result"], first
    # Until now nobody relied on this host, and no step was gated.
    _join(host)
    took = []
    for _ in range(RUNS):
        start = time.process_time()
        answer = activate()
        took.append(time.process_time() - start)
        assert answer["result"] and not answer["changes"], answer
    done, units = len(systemd.done), len(activation.units(member.files.values(), writer))
    host.path(READ_AT_START).write_text("version = 3\n", encoding="ascii")
    asked = activate()
    assert "no certificates of etcd" in asked["comment"] and len(systemd.done) == done, asked
    silence.tell(Figure.of(f"CPU of the decision about {units} services, no change", took))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
