"""Files that a static pod reads only when it starts, and whether it runs with them as they are.

A digest of them is noted in the manifest, so a changed file is a changed manifest: the kubelet starts the pod anew, and
all can see it. kubeadm knows nothing of the note, and an upgrade writes the manifest without it: a process that was
started after its files were written has read them, whatever is noted.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from saltext.k8s_ha.utils import processes
from saltext.k8s_ha.utils.host import Host
from saltext.k8s_ha.utils.static_pod import (
    API_SERVER,
    CONTROLLER_MANAGER,
    READ_AT_START,
    SCHEDULER,
    StaticPod,
)

# What is not listed is read again by itself: certificates of servers and clients, the encryption and the authentication
# configuration. Source: `staging/src/k8s.io/apiserver/pkg/server/options` of 1.35 to 1.37.
_FLAGS = {
    API_SERVER: (
        "--admission-control-config-file",
        "--audit-policy-file",
        "--audit-webhook-config-file",
        "--authentication-token-webhook-config-file",
        "--authorization-webhook-config-file",
        "--egress-selector-config-file",
        "--tracing-config-file",
    ),
    # Their certificates lie inside of these.
    CONTROLLER_MANAGER: ("--kubeconfig", "--authentication-kubeconfig", "--authorization-kubeconfig"),
    SCHEDULER: (
        "--config",
        "--kubeconfig",
        "--authentication-kubeconfig",
        "--authorization-kubeconfig",
    ),
}
# The kernel tells starts by ticks, and times of files hardly better. No more than that: kubeadm writes kubeconfigs only
# a moment before the pods that read them.
_MARGIN_SECONDS = 0.05


def paths(component: str, pod: StaticPod) -> list[str]:
    """The files that a component reads only when it starts."""
    named = (pod.flag(flag) for flag in _FLAGS.get(component, ()))
    return sorted({path for path in named if path and path.startswith("/")})


@dataclass(frozen=True)
class StartFiles:
    """``texts`` are those of the pillar's files by path: as they are, or in test mode will be.

    ``to_come`` are further files that will be written anew before a real run comes here.
    """

    host: Host
    texts: Mapping[str, str | None]
    to_come: frozenset[str] = field(default_factory=frozenset)

    def digest(self, component: str, pod: StaticPod) -> str | None:
        """What is noted about the files; None for a component that reads none."""
        named = paths(component, pod)
        if not named:
            return None
        digest = hashlib.sha256()
        for path in named:
            digest.update(f"{path}\0{self._meaning(path)}\0".encode(errors="surrogateescape"))
        return digest.hexdigest()

    def unread(self, component: str, present: StaticPod, wanted: StaticPod) -> list[str]:
        """Files that a component that runs has not read as they are."""
        named = paths(component, wanted)
        coming = [path for path in named if path in self.to_come]
        if not coming and present.annotations.get(READ_AT_START) == self.digest(component, wanted):
            return []
        starts = [
            start
            for pid, _ in processes.command_lines(self.host, component)
            if (start := processes.started(self.host, pid)) is not None
        ]
        # One that does not run reads them when it does.
        return [path for path in named if starts and min(starts) <= self._written(path) + _MARGIN_SECONDS]

    def _written(self, path: str) -> float:
        """When a file came to mean what it means."""
        if path in self.to_come or self._meaning(path) != self._meaning_on_disk(path):
            return math.inf
        try:
            return self.host.path(path).stat().st_mtime
        except OSError:
            return -math.inf

    def _meaning(self, path: str) -> str:
        from saltext.k8s_ha import _core

        text = self.texts.get(path)
        return self._meaning_on_disk(path) if text is None else _core.meaning(path, text)

    def _meaning_on_disk(self, path: str) -> str:
        from saltext.k8s_ha import _core

        try:
            return _core.meaning(
                path, self.host.path(path).read_text(encoding="utf-8", errors="surrogateescape")
            )
        except OSError:
            return ""
