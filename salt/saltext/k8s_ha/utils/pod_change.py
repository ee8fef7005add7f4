"""Changes one static pod of this host: with the lock, and back to what it was where it does not serve."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from saltext.k8s_ha.utils import processes
from saltext.k8s_ha.utils.component_health import is_healthy
from saltext.k8s_ha.utils.disruption import Disruption
from saltext.k8s_ha.utils.etcd_pod import EtcdPod
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.kept import Kept
from saltext.k8s_ha.utils.record import write_durably
from saltext.k8s_ha.utils.static_pod import API_SERVER, ETCD, StaticPod, path_of, place_of
from saltext.k8s_ha.utils.steady import is_steady
from saltext.k8s_ha.utils.tell import Tell

_POLL_SECONDS = 0.5
# An API server ends after its `shutdown-delay-duration` and what it has begun; its start may take a minute.
_RESTART_SECONDS = 180.0
_MODE = 0o600


@dataclass(frozen=True)
class PodChange:
    """``modules`` is Salt's ``__salt__``.

    ``settle_seconds`` is for how long a new pod has to serve before it counts.
    """

    member: Member
    host: Host
    modules: Mapping[str, Callable[..., Any]]
    tell: Tell
    component: str
    settle_seconds: float = 5.0

    def put(self, wanted: StaticPod) -> None:
        """Have the kubelet run another pod, and wait until it serves.

        A run that ended before the pod had proven itself is made good: the pod is waited for.

        :raises HostError: when the lock or the gate's word cannot be had, and when the pod does not serve; the manifest
            of before is back then.
        """
        # Who stops etcd takes the API server of its host with it.
        programs = (ETCD, API_SERVER) if self.component == ETCD else (self.component,)
        step = Disruption(self.member, self.host, "restart", programs, self.tell)
        with step.allowed() as allowed:
            allowed.confirm()
            self._replace(wanted)

    @property
    def _kept(self) -> Kept:
        return Kept(self.host, self.component)

    def _replace(self, wanted: StaticPod) -> None:
        self._kept.keep([path_of(self.component)])
        before = StaticPod.of(self.host, self.component)
        running = {pid for pid, _ in processes.command_lines(self.host, self.component)}
        self.tell("changes", f"{self.component} is started with another manifest")
        if before.text() != wanted.text():
            self._write(wanted.text())
        else:
            # An earlier run wrote it and did not see what came of it.
            running = set()
        try:
            self._wait(wanted, running)
        except HostError as error:
            raise HostError(f"{error}. {self._put_back()}") from error
        self._kept.forget()

    def _put_back(self) -> str:
        """Have the kubelet run the pod of before; a sentence about what came of it."""
        path = path_of(self.component)
        text = self._kept.text(path)
        if text is None:
            return "There is no manifest of before"
        old = StaticPod.parse(text, path)
        running = {pid for pid, _ in processes.command_lines(self.host, self.component)}
        self.tell("reverts", f"{self.component} is started with the manifest of before")
        self._write(text)
        self._kept.forget()
        try:
            self._wait(old, running)
        except HostError:
            return "The manifest of before was put back, and the pod does not serve with that either"
        return "The manifest of before was put back, and the pod serves with it"

    def _write(self, text: str) -> None:
        # The kubelet passes over names that begin with a dot, as that of the temporary file does.
        if self.component != ETCD:
            write_durably(place_of(self.host, self.component), text, _MODE)
            return
        pod = EtcdPod(self.host, self.modules)
        try:
            pod.stop()
            write_durably(place_of(self.host, self.component), text, _MODE)
        finally:
            pod.start()

    def _wait(self, wanted: StaticPod, before: set[int]) -> None:
        """Until a process that was not there before runs as wanted and serves, for a while without a break."""

        def serving() -> frozenset[int]:
            running = self._running(wanted)
            is_new = bool(running) and not running & before
            good = is_new and is_healthy(self.member, self.host, self.component, wanted)
            return frozenset(running if good else ())

        if not is_steady(serving, self.settle_seconds, _RESTART_SECONDS, _POLL_SECONDS):
            raise HostError(
                f"{self.component} of this host does not {self._lacks(self._running(wanted), before)}"
            )

    def _lacks(self, running: set[int], before: set[int]) -> str:
        serve = "serve" if running - before else "run"
        return (
            f"{serve} {_RESTART_SECONDS:.0f} s after {path_of(self.component)} was changed: "
            "`crictl ps -a` and its log say why"
        )

    def _running(self, wanted: StaticPod) -> set[int]:
        """Processes of the program with the wanted arguments."""
        arguments = wanted.command[1:]
        return {
            pid
            for pid, words in processes.command_lines(self.host, self.component)
            if _same(arguments, [word for word in words if word])
        }


def _same(wanted: list[str], given: list[str]) -> bool:
    """Whether a process has the arguments of a manifest; what the kubelet fills in for `$(NAME)` may be anything."""
    pairs = zip(wanted, given, strict=False)
    return len(wanted) == len(given) and all(ours == theirs or "$(" in ours for ours, theirs in pairs)
