"""A reboot whose process died after the cordon: the next one takes it up, and the node is given back after the boot."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
import urllib.error
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from live.control_plane import ControlPlane
from live.workers import Workers
from live_host import LiveHost
from ports import wait_until
from saltext.k8s_ha import Topology
from saltext.k8s_ha._core import Api, LiveError
from saltext.k8s_ha.utils import begun, disruption, lock, reboot
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import HostError

BY = "k8s_ha: rebooting w1"
BOOT = "/proc/sys/kernel/random/boot_id"
FINALIZER = "example.org/slow"


class Site:
    """w1 with a pod that does not end, before a real API server; systemd-run is stood in."""

    def __init__(self, workers: Workers) -> None:
        self.workers = workers
        self.host: LiveHost = workers.host("w1")
        self.member = Member(Topology({**workers.pillar, "gate": {"wait": "20s", "settle": "0s"}}), "w1", {})
        self.ran: list[list[str]] = []
        self.boots("first")
        self.pod = workers.add_pod("web-1", "w1", finalizers=[FINALIZER])

    def boots(self, boot_id: str) -> None:
        """The host runs since another boot."""
        place = self.host.path(BOOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(boot_id + "\n")

    def let_pod_end(self) -> None:
        """What it waits for is done."""
        patch = {"metadata": {"finalizers": None}}
        self.workers.control_plane.request("PATCH", self.pod, patch, "application/merge-patch+json")

    def reboot(self, tell: Callable[..., None] = lambda *_: None) -> str:
        """As ``k8s_ha.reboot`` does it."""
        return reboot.begin(self.member, self.host, {"cmd.run_all": self._run}, tell, patch=False)

    def finish(self) -> str:
        """As ``k8s_ha.finish`` does it."""
        return reboot.finish(self.member, self.host, lambda *_: None)

    def die_after_the_cordon(self) -> None:
        """The process that reboots is killed while it waits for the pod."""
        context = multiprocessing.get_context("fork")
        waits = context.Event()

        def tell(phase: str, _text: str) -> None:
            if phase == "drains":
                waits.set()

        process = context.Process(target=self.reboot, args=(tell,))
        process.start()
        assert waits.wait(30) and process.pid
        os.kill(process.pid, signal.SIGKILL)
        process.join()

    @property
    def cordon(self) -> tuple[bool, str | None]:
        """Whether the node is cordoned, and by whom."""
        found = self.workers.node("w1")
        by = found["metadata"].get("annotations", {}).get("k8s-ha/cordoned-by")
        return found["spec"].get("unschedulable", False), by

    @property
    def on_record(self) -> list[str]:
        """Nodes whose step has not ended well."""
        return [each["node"] for each in self.workers.slot("w2").steps()]

    def _run(self, command: list[str], **_options: Any) -> dict[str, Any]:
        self.ran.append(command)
        return {"retcode": 0, "stdout": "", "stderr": ""}


@pytest.fixture
def site(control_plane: ControlPlane, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(lock, "LEASE_SECONDS", 3)
    monkeypatch.setattr(disruption, "ACT_SECONDS", 1.0)
    workers = Workers(control_plane, tmp_path)
    workers.permit()
    workers.remove_nodes()
    workers.forget_slots()
    for name in ("cp1", "cp2", "cp3", "w1", "w2", "w3", "w4"):
        workers.add_node(name)

    def may() -> bool:
        try:
            api = Api(workers.kubeconfig("w1"))
            return bool(api.cordon("w1", "test") and api.uncordon("w1", "test"))
        except LiveError:
            return False

    wait_until(may, "a worker may do it", 20)
    one = Site(workers)
    yield one
    with suppress(urllib.error.HTTPError):
        one.let_pod_end()


def test_the_next_reboot_takes_up_the_cordon_of_one_that_died(site: Site) -> None:
    site.die_after_the_cordon()
    assert site.cordon == (True, BY) and site.on_record == ["w1"] and site.ran == []
    step = begun.standing(site.host)
    assert step and begun.is_to_boot(step, site.host)
    with pytest.raises(HostError, match="it has not booted: boot it"):
        site.finish()
    assert site.cordon == (True, BY), "nothing was given back"
    site.let_pod_end()
    asked = time.monotonic()
    assert site.reboot() == "first"
    assert time.monotonic() - asked < 15, "the lock of the dead ends with its lease"
    assert [command[0] for command in site.ran] == ["systemd-run"]
    assert site.cordon == (True, BY) and site.workers.pods() == [] and site.on_record == ["w1"]
    site.boots("second")
    assert site.finish() == "Rebooting w1 has ended well."
    assert site.cordon == (False, None) and site.on_record == [] and begun.standing(site.host) is None


def test_after_a_boot_by_hand_it_is_finished(site: Site) -> None:
    site.die_after_the_cordon()
    site.let_pod_end()
    site.boots("second")
    with pytest.raises(HostError, match=r"run `k8s_ha\.finish` first"):
        site.reboot()
    assert site.finish() == "Rebooting w1 has ended well."
    assert site.cordon == (False, None) and site.on_record == [] and site.ran == []
    assert "Nothing was begun" in site.finish()
