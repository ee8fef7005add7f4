"""A machine of the lab: a blank host with systemd as its first process, a disk, and a port on the switch."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from lab import boot_files, cgroups, nspawn, processes
from lab.commands import LabError, Result, communicate, kill_group, last_words, wait_for
from lab.disk import VOLUMES, Disk
from lab.network import Host, Network
from lab.remains import processes_in
from lab.run_record import Run

_SYSTEMD_SOCKET = "run/systemd/private"
_WRITE = 'mkdir -p "$(dirname "$1")" && cat > "$1.lab-new" && chmod "$2" "$1.lab-new" && mv "$1.lab-new" "$1"'


class Machine:
    """A machine, off at first; its disk is blank.

    `lower`: the directories of its root, the uppermost first. `files`: content by path, written before the first
    boot. `binds`: where on the machine each of our files or directories is seen, read-only. `hosts`: address by
    name for /etc/hosts. `routes`: gateway by network. `volumes`: size by directory, see `lab.disk.VOLUMES`.
    """

    def __init__(
        self,
        run: Run,
        network: Network,
        name: str,
        address: str,
        *,
        lower: Sequence[Path],
        files: Mapping[str, str | bytes] | None = None,
        binds: Mapping[Path, str] | None = None,
        hosts: Mapping[str, str] | None = None,
        routes: Mapping[str, str] | None = None,
        volumes: Mapping[str, str] = VOLUMES,
    ) -> None:
        self.name = name
        self.address = address
        self.console = run.directory / f"{name}.console"
        self.disk = Disk(run, name, lower, volumes)
        self._run = run
        self._network = network
        self._files = dict(files or {})
        self._binds = dict(binds or {})
        self._hosts = {name: address, **(hosts or {})}
        self._routes = dict(routes or {})
        self._nspawn: subprocess.Popen[bytes] | None = None
        self._first: int | None = None
        self._commands: list[subprocess.Popen[bytes]] = []
        self._install()

    @property
    def host(self) -> Host:
        """Its place on the switch, while it has power."""
        return self._network.host(self.name)

    @property
    def first_process(self) -> int:
        """Our number of its process 1; LabError when it is off."""
        if self._first is None or not self.is_running:
            raise LabError(f"{self.name} is off: call power_on first")
        return self._first

    @property
    def is_running(self) -> bool:
        """Whether its first process lives."""
        return self._nspawn is not None and self._nspawn.poll() is None

    def power_on(self) -> None:
        """Switch on, with the disk as it was left, and return when its first process runs.

        Whether the machine shut down by itself, crashed or rebooted: it is off then, and this switches it on.
        """
        if self.is_running:
            raise LabError(f"{self.name} is on already: call power_off or power_loss first")
        if self._nspawn is not None:
            self.power_loss()
        host = self._network.attach(self.name, self.address)
        self._nspawn = nspawn.boot(self._run, host, self.disk, self._binds, self.console)
        self._first = nspawn.first_process(self._nspawn, self.console)

    def enter_command(self) -> list[str]:
        """The words before a program that is to run on the machine, for a person at our shell; it must be on."""
        return ["nsenter", f"--target={self._first}", "-m", "-u", "-i", "-n", "-p", "-C", "--"]

    def wait_booted(self, limit: float = 30.0) -> str:
        """Wait until systemd has started everything: `running`, or `degraded` when a unit failed.

        LabError after `limit` seconds or when it is another state.
        """
        socket = Path(f"/proc/{self._first}/root/{_SYSTEMD_SOCKET}")
        wait_for(socket.exists, limit, f"systemd of {self.name} answers")
        asked = ["systemctl", "is-system-running", "--wait"]
        # Its first moments are answered with nothing, or with `offline`.
        state = wait_for(
            lambda: self.run(asked, limit).stdout.strip().replace("offline", ""),
            limit,
            f"{self.name} is booted",
        )
        if state not in ("running", "degraded"):
            raise LabError(f"{self.name} is {state} after its boot: read {self.console}")
        return state

    def run(self, arguments: Sequence[str], timeout: float = 30.0, stdin: str | bytes = b"") -> Result:
        """Run a program on the machine to its end; LabError after `timeout` seconds, when it is killed."""
        process = self._enter(arguments, subprocess.PIPE, subprocess.PIPE)
        try:
            return communicate(process, timeout, stdin, f"{self.name}: {' '.join(arguments[:6])}")
        finally:
            self._commands.remove(process)

    def must(self, arguments: Sequence[str], timeout: float = 30.0, stdin: str | bytes = b"") -> str:
        """As `run`; what the program printed, or LabError when it does not exit with 0."""
        result = self.run(arguments, timeout, stdin)
        if not result.ok:
            command = " ".join(arguments[:8])
            raise LabError(f"{self.name}: `{command}` exits with {result.code}: {last_words(result)}")
        return result.stdout

    def start(self, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
        """Start a program on the machine in the background, at the latest ended with the machine's power.

        Its output goes to a file: `<run's folder>/<machine>.output`.
        """
        with (self._run.directory / f"{self.name}.output").open("ab") as output:
            return self._enter(arguments, subprocess.DEVNULL, output.fileno())

    def read_file(self, path: str) -> bytes:
        """The content of a file; LabError when it is not there. The machine may be off."""
        if self.is_running:
            return self.must(["cat", path]).encode()
        try:
            return self.disk.path(path).read_bytes()
        except OSError as error:
            raise LabError(f"{self.name} is off and {path} cannot be read: {error.strerror}") from error

    def write_file(self, path: str, content: str | bytes, mode: int = 0o644) -> None:
        """Write a file as a whole, its directories included. The machine may be off."""
        if self.is_running:
            self.must(["sh", "-c", _WRITE, "lab", path, f"{mode:o}"], stdin=content)
        else:
            self.disk.write(path, content, mode)

    def main_pid(self, unit: str) -> int:
        """Our number of the main process of a systemd unit; LabError when it has none."""
        inside = int(self.must(["systemctl", "show", "--property=MainPID", "--value", unit]).strip())
        for pid in self.pids():
            if inside and self._number_inside(pid) == inside:
                return pid
        raise LabError(f"{self.name}: {unit} has no main process: start it first")

    def pids(self, program: str | None = None) -> list[int]:
        """Our numbers of the processes of a program, by its name, or of all; those in pods and containers too.

        Programs that were entered from outside, by `run` and `start`, are not among them.
        """
        every = cgroups.processes(self.host.namespace)
        return [pid for pid in every if program is None or processes.is_named(pid, program)]

    def kill_process(self, program: str, number: signal.Signals = signal.SIGKILL) -> list[int]:
        """Send a signal to every process of a program; those it was sent to. LabError when there is none."""
        sent = [
            pid
            for pid in self.pids(program)
            if processes.send(pid, number, lambda pid: self._has(pid) and processes.is_named(pid, program))
        ]
        if not sent:
            raise LabError(f"{self.name}: no process {program} runs: start it, or correct the name")
        return sent

    def kill_unit(self, unit: str, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to every process of a systemd unit."""
        self.must(["systemctl", "kill", f"--signal={number.name}", unit])

    def power_off(self, limit: float = 60.0) -> None:
        """Shut down in order and lose the port; LabError after `limit` seconds, the machine being off then too."""
        process = self._nspawn
        if process is None or not self.is_running:
            raise LabError(f"{self.name} is off already: call power_on first")
        try:
            # The command's connection may be cut by what it asks for.
            self.run(["systemctl", "poweroff", "--no-block"], limit)
            wait_for(lambda: process.poll() is not None, limit, f"{self.name} shuts down")
        finally:
            self.power_loss()

    def power_loss(self) -> None:
        """Lose the power: the port goes down first, then every process at once; the disk stays as it was.

        Nothing remains that could answer for the dead, neither its address nor its control groups.
        """
        if self._nspawn is None:
            raise LabError(f"{self.name} is off already: call power_on first")
        cut = self._network.cut(self.name)
        group = self.host.namespace
        alive = {one for pid in self.pids() if (one := processes.identity(pid))}
        first = processes.identity(self._first) if self._first else None
        if first and self._has(first.pid):
            # The kernel ends with it all the others of its process namespace.
            processes.end([first])
        kill_group(self._nspawn)
        for process in self._commands:
            kill_group(process)
        processes.end([*alive, *processes_in(group)])
        self._network.detach(self.name)
        cut.undo()
        cgroups.remove(group)
        self._nspawn, self._first, self._commands = None, None, []

    def reinstall(self) -> None:
        """Replace the disk of the machine, which is off, by a blank one with the files it was first given."""
        if self._nspawn is not None:
            raise LabError(f"{self.name} is on: call power_off or power_loss before reinstall")
        self.disk.erase()
        self._install()

    def _install(self) -> None:
        self.disk.make()
        boot_files.write(self.disk, self.name, self._hosts, self._routes)
        for path, content in self._files.items():
            self.disk.write(path, content)

    def _enter(self, arguments: Sequence[str], stdin: int, output: int) -> subprocess.Popen[bytes]:
        if not self.is_running:
            raise LabError(f"{self.name} is off: call power_on before `{' '.join(arguments[:6])}`")
        process = subprocess.Popen(
            [*self.enter_command(), *arguments],
            stdin=stdin,
            stdout=output,
            stderr=output,
            env={
                "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "LANG": "C.UTF-8",
                "HOME": "/root",
            },
            start_new_session=True,
        )
        self._commands.append(process)
        return process

    def _has(self, pid: int) -> bool:
        return processes.in_cgroup(pid, self.host.namespace)

    def _number_inside(self, pid: int) -> int:
        """Its number on the machine; 0 for a process in a container's own process namespace."""
        try:
            status = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return 0
        numbers = next((line.split()[1:] for line in status.splitlines() if line.startswith("NSpid:")), [])
        return int(numbers[1]) if len(numbers) == 2 else 0
