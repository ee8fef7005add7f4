"""A real salt-master and its minions: plain processes on loopback, in a directory of their own.

Everything is bounded in time, and ended by the process groups that were started here.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ports import free_ports

START_SECONDS = 120
CALL_SECONDS = 120
STOP_SECONDS = 6


@dataclass
class SaltCluster:
    """A master and minions with their directories."""

    directory: Path
    minions: Sequence[str]
    master_environment: Mapping[str, str] = field(default_factory=dict)
    processes: list[subprocess.Popen] = field(default_factory=list)

    @property
    def ledgers(self) -> Path:
        """Where the master keeps its clusters."""
        return self.directory / "clusters"

    def host(self, minion: str) -> Path:
        """The directory that stands for the host of a minion."""
        return self.directory / minion / "host"

    def set_pillar(self, pillar: object) -> None:
        """Give every minion a pillar: the value of ``k8s_ha``."""
        self._write("pillar/k8s.sls", {"k8s_ha": pillar})

    def set_states(self, name: str, text: str) -> None:
        """Put an SLS beside the ones of the extension."""
        (self.directory / "states" / f"{name}.sls").write_text(text)

    def salt(self, *arguments: str, timeout: int = 60) -> dict[str, Any]:
        """Run a function on minions; answers by minion."""
        command = ["salt", *self._common(), "--out", "json", "--static", "-t", str(timeout), *arguments]
        return self._json(self._run(command))

    def runner(self, *arguments: str) -> Any:
        """Run a runner function on the master."""
        return self._json(self._run(["salt-run", *self._common(), "--out", "json", *arguments]))

    def log(self) -> str:
        """What the daemons logged."""
        return "\n".join(path.read_text() for path in sorted(self.directory.glob("*.log")))

    def start(self) -> None:
        """Start all daemons and wait until every minion answers."""
        from saltext.k8s_ha import formula_path

        publish, request = free_ports(2)
        for name in ("pillar", "states", "conf"):
            (self.directory / name).mkdir()
        self._write("pillar/top.sls", {"base": {"*": ["k8s"]}})
        self.set_pillar({})
        master = {
            "interface": "127.0.0.1",
            "publish_port": publish,
            "ret_port": request,
            "root_dir": str(self.directory / "master"),
            "sock_dir": str(self.directory / "ms"),
            "auto_accept": True,
            "worker_threads": 3,
            "file_roots": {"base": [str(self.directory / "states"), formula_path()]},
            "pillar_roots": {"base": [str(self.directory / "pillar")]},
            "ext_pillar": [{"k8s_ha": {}}],
            "k8s_ha": {"ledger": str(self.ledgers)},
            "log_level_logfile": "quiet",
            "enable_fqdns_grains": False,
        }
        self._write("conf/master", master)
        self._spawn("master", ["salt-master", *self._common()], self.master_environment)
        for place, minion in enumerate(self.minions):
            (self.directory / minion / "conf").mkdir(parents=True)
            settings = {
                "id": minion,
                "master": "127.0.0.1",
                "publish_port": publish,
                "master_port": request,
                "root_dir": str(self.directory / minion),
                "sock_dir": str(self.directory / f"s{place}"),
                "k8s_ha": {"root": str(self.host(minion))},
                "log_level_logfile": "quiet",
                "enable_fqdns_grains": False,
                "acceptance_wait_time": 1,
                "random_startup_delay": 0,
            }
            self._write(f"{minion}/conf/minion", settings)
            conf = str(self.directory / minion / "conf")
            self._spawn(minion, ["salt-minion", "-c", conf], {})
        self._wait()

    def stop(self) -> None:
        """End every process that was started here, gently at first."""
        for process in self.processes:
            _signal(process, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in self.processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            # Children may outlive their parent.
            _signal(process, signal.SIGKILL)
            process.wait(STOP_SECONDS)

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            ended = [process.args for process in self.processes if process.poll() is not None]
            if ended:
                raise RuntimeError(f"{ended} ended:\n{self.log()}")
            try:
                answers = self.salt("*", "test.ping", timeout=5)
            except ValueError:
                # The master does not listen yet.
                time.sleep(0.5)
                continue
            if all(answers.get(minion) is True for minion in self.minions):
                return
        raise RuntimeError(f"the minions did not answer within {START_SECONDS} s:\n{self.log()}")

    def _common(self) -> list[str]:
        return ["-c", str(self.directory / "conf")]

    def _spawn(self, name: str, command: list[str], environment: Mapping[str, str]) -> None:
        log = (self.directory / f"{name}.log").open("w")
        process = subprocess.Popen(
            self._program(command),
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, **environment},
        )
        log.close()
        self.processes.append(process)

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self._program(command), capture_output=True, text=True, timeout=CALL_SECONDS, check=False
        )

    def _json(self, run: subprocess.CompletedProcess[str]) -> Any:
        try:
            return json.loads(run.stdout)
        except ValueError as error:
            raise ValueError(f"no JSON: {run.stdout}{run.stderr}") from error

    def _program(self, command: list[str]) -> list[str]:
        return [sys.executable, str(Path(sys.executable).with_name(command[0])), *command[1:]]

    def _write(self, name: str, data: object) -> None:
        (self.directory / name).write_text(json.dumps(data, indent=1))


def _signal(process: subprocess.Popen, number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


@contextmanager
def salt_cluster(
    minions: Sequence[str], master_environment: Mapping[str, str] | None = None
) -> Iterator[SaltCluster]:
    """A running master with minions, gone afterwards."""
    # Paths of sockets are short: a directory of pytest's own would be too long.
    directory = Path(tempfile.mkdtemp(prefix="k8s-ha-"))
    cluster = SaltCluster(directory, minions, master_environment or {})
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(directory, ignore_errors=True)
