"""The lab itself, on two small machines: what it cuts, kills and removes must be exactly that."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from lab import faults, remains, run_record
from lab.artefacts import root_image
from lab.commands import LabError, run, wait_for
from lab.machine import Machine
from lab.network import Network
from lab.processes import every_pid
from lab.run_record import Run
from lab.worker import TESTS
from programs import NotRun

_BOOT_LIMIT_SECONDS = 10.0
_ADDRESSES = {"a": "10.77.0.11", "b": "10.77.0.12"}
_MEMORY_MEGABYTES = 100  # of both machines' disks and processes, at most


@dataclass
class Lab:
    """Two machines that run, and the client."""

    run: Run
    network: Network
    a: Machine
    b: Machine
    boot_seconds: float

    def reaches(self, name: str, address: str) -> bool:
        """Whether a ping from a host is answered within a second."""
        return run(self.network.command(name, "ping", "-c", "1", "-W", "1", address)).ok

    def settles(self, name: str, address: str) -> bool:
        """Whether a ping is answered soon: a neighbour that was not found is asked for again after a second."""
        try:
            return wait_for(lambda: self.reaches(name, address), 10, f"{name} reaches {address}")
        except LabError:
            return False


@pytest.fixture(scope="module")
def root() -> list[Path]:
    if os.geteuid() != 0:
        pytest.skip("machines need namespaces and mounts: run the tests of the lab as root")
    if os.environ.get("CI") != "true" and os.environ.get("K8S_HA_LAB") != "1":
        pytest.skip("the tests of the lab run in CI and where K8S_HA_LAB=1 is set")
    try:
        return [root_image.directory()]
    except NotRun as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def lab(root: list[Path]) -> Iterator[Lab]:
    with Run(memory="2g") as running:
        network = Network(running)
        network.attach_client()
        began = time.monotonic()
        machines = [
            Machine(running, network, name, address, lower=root, files={"/etc/greeting": f"I am {name}\n"})
            for name, address in _ADDRESSES.items()
        ]
        for machine in machines:
            machine.power_on()
        for machine in machines:
            assert machine.wait_booted(_BOOT_LIMIT_SECONDS) == "running", failed_units(machine)
        took = time.monotonic() - began
        print(f"two machines booted in {took:.2f} s")
        yield Lab(running, network, machines[0], machines[1], took)


def failed_units(machine: Machine) -> str:
    return machine.run(["systemctl", "--failed", "--no-legend", "--plain"]).stdout


def test_boot_is_quick_and_small(lab: Lab) -> None:
    assert lab.boot_seconds < _BOOT_LIMIT_SECONDS
    disks = os.statvfs(lab.run.disks)
    used = (disks.f_blocks - disks.f_bfree) * disks.f_frsize / 2**20
    processes = (
        sum(_proportional_kilobytes(pid) for machine in (lab.a, lab.b) for pid in machine.pids()) / 1024
    )
    print(f"disks {used:.0f} MB, processes {processes:.0f} MB")
    assert used + processes < _MEMORY_MEGABYTES


def test_a_machine_is_a_host_of_its_own(lab: Lab) -> None:
    assert lab.a.must(["hostname"]).strip() == "a"
    assert lab.a.must(["cat", "/proc/1/comm"]).strip() == "systemd"
    assert lab.a.must(["cat", "/etc/machine-id"]) != lab.b.must(["cat", "/etc/machine-id"])
    assert lab.a.read_file("/etc/greeting") == b"I am a\n"
    assert lab.a.must(["cat", "/proc/sys/net/ipv4/ip_forward"]).strip() == "1"
    assert "2: " not in lab.a.must(["ip", "-o", "link"]).replace("2: eth0@", "")
    # Its own control groups are the top of each hierarchy for it, and it may make more.
    lab.a.must(["sh", "-c", "for h in /sys/fs/cgroup/*; do mkdir $h/below && rmdir $h/below || exit 1; done"])


def test_the_machines_and_the_client_reach_each_other_and_nobody_else(lab: Lab) -> None:
    assert lab.settles("a", "10.77.0.12")
    assert lab.settles("client", "10.77.0.11")
    outside = run(lab.network.command("a", "ping", "-c", "1", "-W", "1", "192.0.2.1"))
    assert "Net Unreachable" in outside.stdout


def test_commands_are_bounded_and_leave_nothing(lab: Lab) -> None:
    began = time.monotonic()
    with pytest.raises(LabError, match=r"a: sleep 30` did not end within 0.5 s"):
        lab.a.run(["sleep", "30"], timeout=0.5)
    assert time.monotonic() - began < 3
    wait_for(lambda: not lab.a.run(["pgrep", "-x", "sleep"]).ok, 5, "the killed program is gone")
    assert lab.a.run(["sh", "-c", "cat; exit 3"], stdin="said").stdout == "said"
    with pytest.raises(LabError, match="a: `false` exits with 1: no message"):
        lab.a.must(["false"])


def test_a_run_has_the_limits_it_needs(lab: Lab) -> None:
    assert int(Path("/proc/sys/fs/inotify/max_user_instances").read_text()) >= 1024


def test_files_of_a_running_machine(lab: Lab) -> None:
    lab.a.write_file("/var/lib/etcd/deep/x", b"\x00\xff", mode=0o600)
    assert lab.a.must(["stat", "-c", "%a %s", "/var/lib/etcd/deep/x"]).strip() == "600 2"
    with pytest.raises(LabError, match="/etc/absent"):
        lab.a.read_file("/etc/absent")


def test_power_loss_keeps_the_disk_and_nothing_else(lab: Lab) -> None:
    lab.b.write_file("/root/kept", "by the disk")
    lab.b.write_file("/var/lib/etcd/kept", "by the volume")
    lab.b.start(["sleep", "300"])
    group = lab.b.host.namespace
    identifier = lab.b.must(["cat", "/etc/machine-id"])
    lab.b.power_loss()
    assert not lab.b.is_running
    assert group not in remains.namespaces(lab.run.prefix)
    assert not any((path / group).exists() for path in Path("/sys/fs/cgroup").iterdir())
    assert not lab.reaches("a", "10.77.0.12")
    assert lab.b.read_file("/var/lib/etcd/kept") == b"by the volume"
    with pytest.raises(LabError, match="b is off: call power_on"):
        lab.b.run(["true"])
    began = time.monotonic()
    lab.b.power_on()
    assert lab.b.wait_booted(_BOOT_LIMIT_SECONDS) == "running"
    print(f"on again after {time.monotonic() - began:.2f} s")
    assert lab.b.read_file("/root/kept") == b"by the disk"
    assert lab.b.must(["cat", "/etc/machine-id"]) == identifier
    assert lab.settles("a", "10.77.0.12")


def test_orderly_power_off_and_a_new_installation(lab: Lab) -> None:
    lab.b.write_file("/root/kept", "until reinstalled")
    identifier = lab.b.must(["cat", "/etc/machine-id"])
    lab.b.power_off()
    assert lab.b.read_file("/root/kept") == b"until reinstalled"
    lab.b.reinstall()
    lab.b.power_on()
    lab.b.wait_booted(_BOOT_LIMIT_SECONDS)
    assert not lab.b.run(["test", "-e", "/root/kept"]).ok
    assert lab.b.read_file("/etc/greeting") == b"I am b\n"
    assert lab.b.must(["cat", "/etc/machine-id"]) != identifier


def test_a_machine_that_crashed_can_be_switched_on(lab: Lab) -> None:
    os.kill(lab.b.first_process, signal.SIGKILL)
    wait_for(lambda: not lab.b.is_running, 10, "b is off")
    lab.b.power_on()
    assert lab.b.wait_booted(_BOOT_LIMIT_SECONDS) == "running"


def test_processes_are_paused_and_killed_on_one_machine(lab: Lab) -> None:
    for machine in (lab.a, lab.b):
        machine.must(["systemd-run", "--unit=worker", "-pType=exec", "-pRestart=always", "sleep", "1234"])
    before = lab.a.main_pid("worker")
    with faults.pause(lab.a, "sleep"):
        assert state(before) == "T"
        assert state(lab.b.main_pid("worker")) != "T"
    wait_for(lambda: state(before) != "T", 5, "the process goes on")
    faults.kill(lab.a, "sleep")
    wait_for(lambda: lab.a.pids("sleep") not in ([], [before]), 10, "systemd has restarted it")
    with faults.stop_unit(lab.b, "systemd-logind"):
        assert lab.b.run(["systemctl", "is-active", "systemd-logind"]).stdout.strip() == "inactive"
    with pytest.raises(LabError, match="a: no process kube-apiserver runs"):
        faults.kill(lab.a, "kube-apiserver")
    for machine in (lab.a, lab.b):
        machine.must(["systemctl", "stop", "worker"])


def test_a_full_disk_is_full_for_one_directory_and_costs_no_memory(lab: Lab) -> None:
    with faults.fill_disk(lab.a, "/var/lib/etcd"):
        full = lab.a.run(["sh", "-c", "head -c 100000 /dev/zero > /var/lib/etcd/more"])
        assert "No space left on device" in full.stderr
        assert lab.a.run(["sh", "-c", "head -c 100000 /dev/zero > /var/lib/containerd/more"]).ok
        assert lab.b.run(["sh", "-c", "head -c 100000 /dev/zero > /var/lib/etcd/more"]).ok
    assert lab.a.run(["sh", "-c", "head -c 100000 /dev/zero > /var/lib/etcd/more"]).ok
    faults.wipe_directory(lab.a, "/var/lib/etcd")
    assert lab.a.must(["ls", "-A", "/var/lib/etcd"]) == ""
    with pytest.raises(LabError, match="file system that all machines share"):
        faults.fill_disk(lab.a, "/var/log")


def test_two_runs_use_the_same_addresses(lab: Lab) -> None:
    with Run(memory="64m") as second:
        network = Network(second)
        network.attach("a", "10.77.0.11")
        network.attach("c", "10.77.0.13")
        assert run(network.command("a", "ping", "-c", "1", "-W", "1", "10.77.0.13")).ok
        assert not run(network.command("a", "ping", "-c", "1", "-W", "1", "10.77.0.12")).ok
        assert lab.run.id not in run_record.clean_dead_runs()
        directory = second.directory
    assert list(remains.remaining(directory)) == []
    assert not directory.exists()
    assert lab.settles("a", "10.77.0.12")


_DRIVER = """
import sys, time
from pathlib import Path
from lab.run_record import Run
from lab.network import Network
from lab.processes import every_pid
from lab.machine import Machine
with Run(memory="1g") as run:
    network = Network(run)
    network.attach_client()
    machine = Machine(run, network, "x", "10.77.0.31", lower=[Path(word) for word in sys.argv[1:]])
    machine.power_on()
    machine.wait_booted()
    machine.write_file("/root/ballast", b"x" * 200_000_000)
    machine.start(["sleep", "600"])
    print(run.id, flush=True)
    time.sleep(600)
"""


def start_driver(root: list[Path]) -> tuple[subprocess.Popen[str], Path]:
    driver = subprocess.Popen(
        [sys.executable, "-c", _DRIVER, *(str(path) for path in root)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
    )
    assert driver.stdout
    return driver, run_record.RUNS / driver.stdout.readline().strip()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_driver_that_is_told_to_end_leaves_nothing(root: list[Path], number: signal.Signals) -> None:
    driver, directory = start_driver(root)
    with driver:
        driver.send_signal(number)
        # While it cleans up, further signals change nothing.
        driver.send_signal(number)
        try:
            driver.wait(30)
        finally:
            # The `with` block would wait for one that does not end.
            driver.kill()
    assert list(remains.remaining(directory)) == []
    assert not directory.exists()


def test_a_killed_driver_leaves_what_the_next_run_removes(root: list[Path]) -> None:
    driver, directory = start_driver(root)
    with driver:
        driver.kill()
    left = list(remains.remaining(directory))
    assert {word.split()[0] for word in left} == {"process", "mount", "namespace", "control"}
    began = time.monotonic()
    assert directory.name in run_record.clean_dead_runs()
    print(f"{len(left)} things of a killed driver removed in {time.monotonic() - began:.2f} s")
    assert list(remains.remaining(directory)) == []
    assert not directory.exists()
    wait_for(lambda: not _holders(directory), 10, "nobody keeps the memory of the killed run in use")


def state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def _proportional_kilobytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _holders(directory: Path) -> list[int]:
    """The processes in whose mount namespace something of the run is mounted, seen or not."""
    return [pid for pid in every_pid() if f"{directory}/" in _mounts(pid)]


def _mounts(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/mountinfo").read_text()
    except OSError:
        return ""
