"""A node of the control plane that has become a member: with the real kubeadm, a directory that stands for it, and what
a kubelet does with manifests.

The lock, the gate and the API server are stood in for; the real ones are in the lab.
"""

from __future__ import annotations

import copy
import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from functional.needs import installed
from functional.pillars import three_masters
from programs import kubeadm
from programs.verdict import locate

saltext = installed("saltext.k8s_ha")

from live_host import LiveHost  # noqa: E402 (after the check)
from saltext.k8s_ha import _core  # noqa: E402
from saltext.k8s_ha.utils import cluster_configuration, control_plane_pods, pod_change  # noqa: E402
from saltext.k8s_ha.utils.control_plane_pods import ControlPlanePods  # noqa: E402
from saltext.k8s_ha.utils.disruption import RefusedError  # noqa: E402
from saltext.k8s_ha.utils.gate import Member  # noqa: E402
from saltext.k8s_ha.utils.kubeadm_dry_run import DryRun  # noqa: E402
from saltext.k8s_ha.utils.node_files import NodeFiles  # noqa: E402
from saltext.k8s_ha.utils.record import Record, sha256  # noqa: E402
from saltext.k8s_ha.utils.write import Writer  # noqa: E402

MANIFESTS = "/etc/kubernetes/manifests"
# Above the highest that Linux gives: nothing that runs here is meant.
_FIRST_PID = 5_000_000


class Kubelet:
    """Runs the pods of the manifests: a process in the host's ``/proc`` for each, another one for another manifest."""

    def __init__(self, host: LiveHost) -> None:
        self.host = host
        self.broken: set[str] = set()
        """Arguments with which a program does not start."""
        self.started: list[str] = []
        self.looks_every = 0.02
        self._runs: dict[str, tuple[str, int]] = {}
        self._pid = _FIRST_PID
        self._ended = threading.Event()
        self._one_look = threading.Lock()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def look(self) -> None:
        """One look at the manifests; one that is only half there is passed over."""
        with self._one_look:
            for place in sorted(self.host.path(MANIFESTS).glob("[!.]*.yaml")):
                with suppress(OSError, yaml.YAMLError, TypeError, KeyError):
                    text = place.read_text()
                    self._run(place.stem, text, yaml.safe_load(text)["spec"]["containers"][0]["command"])

    def _run(self, component: str, text: str, words: list[str]) -> None:
        runs = self._runs.get(component)
        if runs and runs[0] == text:
            return
        if runs:
            self._end(runs[1])
        self._pid += 1
        self._runs[component] = (text, self._pid)
        self._begin(component, words)

    def _begin(self, component: str, words: list[str]) -> None:
        if self.broken & set(words):
            return
        self.started.append(component)
        place = self.host.path(f"/proc/{self._pid}")
        place.mkdir(parents=True)
        ticks = int(time.clock_gettime(time.CLOCK_BOOTTIME) * os.sysconf("SC_CLK_TCK"))
        (place / "stat").write_text(f"{self._pid} (a name) S " + "0 " * 18 + f"{ticks} 0 0\n")
        (place / "cmdline").write_text("\0".join([f"/usr/local/bin/{words[0]}", *words[1:], ""]))

    def _end(self, pid: int) -> None:
        place = self.host.path(f"/proc/{pid}")
        for name in ("cmdline", "stat"):
            (place / name).unlink(missing_ok=True)
        if place.exists():
            place.rmdir()

    def _work(self) -> None:
        while not self._ended.wait(self.looks_every):
            self.look()

    @contextmanager
    def running(self) -> Iterator[Kubelet]:
        self.look()
        self._thread.start()
        yield self
        self._ended.set()
        self._thread.join(5)


class Site:
    """The node, and what its steps ask of others."""

    def __init__(self, directory: Path, minor: str = "1.36", node: str = "cp1") -> None:
        self.host = LiveHost(directory)
        self.node = node
        self.release = kubeadm.version(minor)
        self.pillar: dict[str, Any] = {}
        self.asked: list[str] = []
        self.ran: list[str] = []
        self.refusal = ""
        self.healthy = True
        self.api_is_away = False
        self.records: dict[str, dict[str, str]] = {}
        self.record_changes: list[str] = []
        self.want()
        program = directory / "usr/bin/kubeadm"
        program.parent.mkdir(parents=True)
        program.symlink_to(locate(f"kubeadm-{minor}"))
        self.put("/etc/kubernetes/kubelet.conf", "")
        self.put("/var/lib/k8s-ha/identity.json", json.dumps({"stage": "member"}))
        self.write_files()
        if node == "cp1":
            self.age("/etc/kubernetes/kube-apiserver", -60)
            self.init()
        self.kubelet = Kubelet(self.host)

    def want(self, **changes: Any) -> None:
        """Change the pillar: sections over those of three masters."""
        changes = copy.deepcopy(changes)
        cluster = {"kubernetes_version": self.release} | changes.pop("cluster", {})
        security = {"audit": {"enabled": True}} | changes.pop("security", {})
        self.pillar = three_masters(cluster=cluster, security=security, **changes)

    def put(self, path: str, text: str) -> Path:
        place = self.host.path(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        return place

    def age(self, path: str, seconds: float) -> None:
        """Have a file, or those of a directory, be written some seconds from now."""
        place = self.host.path(path)
        for each in place.iterdir() if place.is_dir() else [place]:
            os.utime(each, (time.time() + seconds,) * 2)

    def manifest(self, component: str) -> dict[str, Any]:
        document: dict[str, Any] = yaml.safe_load(self.host.path(f"{MANIFESTS}/{component}.yaml").read_text())
        return document

    def command(self, component: str) -> list[str]:
        words: list[str] = self.manifest(component)["spec"]["containers"][0]["command"]
        return words

    def manifests(self) -> dict[str, str]:
        return {place.name: place.read_text() for place in self.host.path(MANIFESTS).iterdir()}

    def member(self) -> Member:
        topology = saltext.Topology(self.pillar)
        assert topology.valid, topology.findings
        return Member(topology, self.node, {file["path"]: file for file in topology.files(self.node)})

    def writer(self, *, test: bool) -> Writer:
        drift = self.member().topology.drift
        return Writer(self.host, {}, self.modules, test, "", drift, self.release)

    @property
    def modules(self) -> dict[str, Any]:
        return {"cmd.run_all": self.run}

    def run(self, command: list[str], **_: Any) -> dict[str, Any]:
        """As Salt's ``cmd.run_all``."""
        words = command[3:] if command[0] == "timeout" else command
        self.ran.append(" ".join(Path(word).name if "/" in word else word for word in words))
        if words[0] == "systemctl":
            return {"retcode": 0, "stdout": "", "stderr": ""}
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        return {"retcode": done.returncode, "stdout": done.stdout, "stderr": done.stderr}

    def write_files(self) -> None:
        """As the states that write files do, with times that say when their meaning changed."""
        for path, file in self.member().files.items():
            place = self.host.path(path)
            if path.startswith("/etc/kubernetes/") and (
                not place.exists() or place.read_text() != file["contents"]
            ):
                self.put(path, file["contents"])
                Record(self.host).keep(path, [sha256(file["contents"])])

    def dry_run(self) -> DryRun:
        files = NodeFiles(self.member(), self.writer(test=False))
        return DryRun(self.host, self.modules, files.init(), files.patches)

    def init(self) -> None:
        """What `kubeadm init` leaves."""
        dry = self.dry_run()
        for component, pod in dry.static_pods(etcd=True).items():
            self.put(f"{MANIFESTS}/{component}.yaml", pod.text())
        text = dry.cluster_configuration()
        recorded = cluster_configuration.with_existing(text) or text
        self.records["kubeadm-config"] = {"ClusterConfiguration": recorded}
        self.ran.clear()

    # What the gate, the lock and the API server do for this test.
    def disruption(self, _member: Member, _host: Any, action: str, programs: Any, _tell: Any) -> Site:
        self.asked.append(f"{action} {', '.join(programs)}")
        return self

    @contextmanager
    def allowed(self, _wait_seconds: float | None = None) -> Iterator[Site]:
        if self.refusal:
            raise RefusedError(self.refusal)
        yield self
        self.asked.append("given back")

    def confirm(self) -> None:
        self.asked.append("confirmed")

    def config_map(self, _namespace: str, name: str) -> dict[str, str]:
        if self.api_is_away:
            raise _core.K8sHaError("cannot connect")
        return self.records[name]

    def patch_config_map(self, _namespace: str, name: str, key: str, text: str, _: str, *, seen: str) -> bool:
        assert seen == self.records[name][key]
        self.records[name][key] = text
        self.record_changes.append(name)
        return True

    def apply(self, *, test: bool = False, **more: Any) -> dict[str, Any]:
        """One run of the states up to the static pods."""
        if not test:
            self.write_files()
        return ControlPlanePods(
            self.member(),
            self.host,
            self.modules,
            lambda *_: None,
            self.writer(test=test),
            settle_seconds=0.05,
            **more,
        ).attain(test=test)


@contextmanager
def site_at(directory: Path, monkeypatch: pytest.MonkeyPatch, minor: str = "1.36") -> Iterator[Site]:
    """A member, and its kubelet at work."""
    one = Site(directory, minor)
    monkeypatch.setattr(control_plane_pods, "own_api", lambda *_: one)
    monkeypatch.setattr(pod_change, "Disruption", one.disruption)
    monkeypatch.setattr(pod_change, "is_healthy", lambda *_: one.healthy)
    monkeypatch.setattr(pod_change, "_RESTART_SECONDS", 1.0)
    monkeypatch.setattr(pod_change, "_POLL_SECONDS", 0.02)
    for verb in ("start", "stop"):
        noted = f"kubelet: {verb}"
        monkeypatch.setattr(pod_change.EtcdPod, verb, lambda _, noted=noted: one.ran.append(noted))
    with one.kubelet.running():
        yield one
