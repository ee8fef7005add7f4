"""The member of etcd of this host as a static pod: stopped and started by way of the kubelet.

A kubelet waits for half a minute and longer for what it asks an API server that has just lost its etcd: to delete the
old pod's mirror, or after a start for its node. So the API server of this host is ended too, and refuses at once; it
would also go on to answer from what it remembers.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from saltext.k8s_ha.utils import bounded, processes
from saltext.k8s_ha.utils.host import Host, HostError

_UNIT = "kubelet.service"
_UNIT_SECONDS = 60
_END_SECONDS = 20.0
_POLL_SECONDS = 0.05

ETCD, API_SERVER = "etcd", "kube-apiserver"


@dataclass(frozen=True)
class EtcdPod:
    """``modules`` is Salt's ``__salt__``."""

    host: Host
    modules: Mapping[str, Callable[..., Any]]

    def stop(self) -> None:
        """Stop the kubelet, the API server, and etcd in order: a leader hands its leadership over. Nothing starts them.

        The API server is killed: it would end after its `shutdown-delay-duration`, and HAProxy goes to another one.

        :raises HostError: when one of them does not end.
        """
        self._systemctl("stop")
        self._end(API_SERVER, signal.SIGKILL)
        self._end(ETCD, signal.SIGTERM, signal.SIGKILL)

    def start(self) -> None:
        """Start the kubelet, which starts etcd. Raises HostError when it cannot be started."""
        self._systemctl("start")

    def _end(self, program: str, *signals: signal.Signals) -> None:
        for number in signals:
            processes.send(self.host, program, number)
            deadline = time.monotonic() + _END_SECONDS
            while any(processes.command_lines(self.host, program)):
                if time.monotonic() > deadline:
                    break
                time.sleep(_POLL_SECONDS)
            else:
                return
        raise HostError(f"{program} of this host does not end; see `ps`, and start the kubelet again")

    def _systemctl(self, verb: str) -> None:
        done = bounded.run(self.modules, ["systemctl", verb, _UNIT], _UNIT_SECONDS)
        if done.code != 0:
            raise HostError(f"`systemctl {verb} {_UNIT}` fails: {done.said or 'no word of it'}")
