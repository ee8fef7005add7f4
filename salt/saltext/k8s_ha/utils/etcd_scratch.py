"""A scratch member of etcd that has nothing but a snapshot: the proof that the snapshot restores.

It listens on loopback alone, and to nobody but its maker, who has the only client certificate. It syncs nothing to
the disk: it is thrown away, and the real member may have the same disk.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import bounded
from saltext.k8s_ha.utils.etcd_programs import EtcdPrograms
from saltext.k8s_ha.utils.host import HostError

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Etcd

_NAME = "scratch"
_LOOPBACK = "127.0.0.1"
# A socket in its folder: nobody but root comes there.
_PEER = "unix://peer:0"
_START_SECONDS = 60.0
_CALL_SECONDS = 60.0
_POLL_SECONDS = 0.1
_END_SECONDS = 5
# Of coreutils: nothing of it is looked up by a name in whatever PATH there is.
_TIMEOUT = "/usr/bin/timeout"


@dataclass(frozen=True)
class Scratch:
    """A folder of its own, readable by nobody else. ``seconds`` is all the time that the member may run."""

    folder: Path
    programs: EtcdPrograms
    modules: Mapping[str, Callable[..., Any]]
    seconds: float

    @contextmanager
    def made(self) -> Iterator[Scratch]:
        """Make the folder, and remove it with all that is in it, whatever happens."""
        self.folder.mkdir(mode=0o700)
        try:
            yield self
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def restore(self, snapshot: Path) -> None:
        """Restore a snapshot; ``etcdutl`` compares it with its SHA-256. Raises HostError when it does not."""
        words = [
            *("snapshot", "restore", str(snapshot), f"--data-dir={self.folder}/data", f"--name={_NAME}"),
            *(f"--initial-cluster={_NAME}={_PEER}", f"--initial-advertise-peer-urls={_PEER}"),
        ]
        done = bounded.run(self.modules, [self.programs.etcdutl, *words], self.seconds)
        if done.code != 0:
            raise HostError(f"{snapshot.name} cannot be restored: {_last(done.said)}")

    @contextmanager
    def serving(self) -> Iterator[Etcd]:
        """The member on what was restored, once it answers a linearizable read. Raises HostError when it never does."""
        # Here, not above: cryptography takes longer to load than all other states take to run.
        from saltext.k8s_ha import _core
        from saltext.k8s_ha.utils import etcd_scratch_pki

        client = f"https://{_LOOPBACK}:{_free_port()}"
        etcd = _core.Etcd(client, *etcd_scratch_pki.make(self.folder, _LOOPBACK), timeout=_CALL_SECONDS)
        with (self.folder / "etcd.log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 (words of ours)
                # It ends by itself should this process be killed.
                [_TIMEOUT, f"--kill-after={_END_SECONDS}", str(self.seconds), *self._command(client)],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Nothing of ETCD_* that configures another member.
                env={"PATH": os.environ.get("PATH", os.defpath)},
                start_new_session=True,
            )
        try:
            self._wait(process, etcd)
            yield etcd
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _command(self, client: str) -> list[str]:
        return [
            *(
                "/usr/bin/nice",
                "-n",
                "19",
                self.programs.etcd,
                f"--name={_NAME}",
                f"--data-dir={self.folder}/data",
            ),
            *(f"--listen-client-urls={client}", f"--advertise-client-urls={client}"),
            *(f"--listen-peer-urls={_PEER}", f"--initial-advertise-peer-urls={_PEER}"),
            *(f"--initial-cluster={_NAME}={_PEER}", "--client-cert-auth", "--unsafe-no-fsync"),
            *(f"--trusted-ca-file={self.folder}/ca.crt", f"--cert-file={self.folder}/server.crt"),
            *(f"--key-file={self.folder}/server.key", "--log-level=warn"),
        ]

    def _wait(self, process: subprocess.Popen[bytes], etcd: Etcd) -> None:
        from saltext.k8s_ha import _core

        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                etcd.count()
            except _core.K8sHaError as error:
                if process.poll() is not None or time.monotonic() > deadline:
                    log = (self.folder / "etcd.log").read_text(encoding="utf-8", errors="replace")
                    raise HostError(
                        f"a scratch member of etcd does not serve the snapshot ({error}): {_last(log)}"
                    ) from error
                time.sleep(_POLL_SECONDS)
            else:
                return


def _free_port() -> int:
    with socket.socket() as one:
        one.bind((_LOOPBACK, 0))
        port: int = one.getsockname()[1]
        return port


def _last(text: str) -> str:
    """The last line that says something, and no more of it than fits a message."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][-500:] if lines else "it says nothing"
