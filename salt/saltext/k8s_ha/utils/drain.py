"""A node without pods while something is done to it: cordoned, drained, and given back once it is ready again.

Only what the same hand has cordoned is uncordoned: ``by`` stands on the node. Where something fails in between, the
node keeps its cordon, so that it stays out of service and the gate counts it as away.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from saltext.k8s_ha.utils import begun
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.observation import kubernetes_credentials
from saltext.k8s_ha.utils.tell import Tell

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Api, Cordon, Eviction

_CALL_SECONDS = 15.0
# kubectl asks again every 5 seconds where a budget holds a pod.
_PAUSES = (0.25, 5.0)
# What a later try does not mend.
_FINAL = frozenset(
    {"access", "argument", "certificate", "client_certificate", "unauthorized", "forbidden", "not_found"}
)

T = TypeVar("T")


@dataclass
class Drained:
    """``with Drained(member, host, by, tell): ...``: inside, no pods run on this node that could run elsewhere."""

    member: Member
    host: Host
    by: str
    """Who, and why: ``w1: rebooting the host, digest 4f5e``. A later run with the same words takes the cordon up."""
    tell: Tell
    drain_seconds: float = 600.0
    """For so long at most pods are waited for."""
    ready_seconds: float = 300.0
    """For so long at most the node is waited for afterwards."""
    also_unmanaged: bool = False
    """Whether pods go that nobody makes anew."""
    evicted: list[str] = field(default_factory=list)
    """Pods that were evicted, as ``namespace/name``."""

    def __enter__(self) -> Drained:
        """Cordon and drain.

        :raises HostError: for pods that do not go: within the time, or because nobody makes them anew.
        """
        self.leave()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait until the node is ready, and uncordon it; after a failure it is left as it is."""
        if kind is not None:
            self.tell("cordoned", self._stays("the step on it has failed"))
            return
        self.come_back()

    def leave(self) -> None:
        """Cordon this node, and drain it. Raises HostError as :meth:`__enter__`."""
        found = self._insist(lambda api: api.cordon(self._node, self.by), _CALL_SECONDS, "it is not cordoned")
        if found["standing"] == "foreign":
            self.tell("cordoned", self._foreign(found))
        deadline = time.monotonic() + self.drain_seconds
        pause, told = _PAUSES[0], ""
        while True:
            left = max(deadline - time.monotonic(), 0.0)
            seen = self._insist(self._evict, left, self._stays("its pods were not evicted"))
            self._refuse_unmanaged(seen, found)
            self.evicted += seen["evicted"]
            waits = _waits(seen)
            if not waits:
                return
            if time.monotonic() > deadline:
                raise HostError(
                    self._stays(f"its pods have not gone within {self.drain_seconds:.0f} s: {waits}")
                )
            if waits != told:
                self.tell("drains", f"{self._node}: {waits}")
                told, pause = waits, _PAUSES[0]
            time.sleep(pause * random.uniform(0.8, 1.0))  # noqa: S311 (no secret: it keeps hosts apart)
            pause = min(2 * pause, _PAUSES[1])

    def come_back(self) -> None:
        """Wait until this node is ready, and uncordon it where that is ours to do.

        :raises HostError: when it is not ready in time; it stays cordoned.
        """
        deadline = time.monotonic() + self.ready_seconds
        while not self._is_ready(deadline):
            if time.monotonic() > deadline:
                raise HostError(self._stays(f"it is not ready after {self.ready_seconds:.0f} s"))
            time.sleep(_PAUSES[0] * 4)
        self._uncordon()

    def _uncordon(self) -> None:
        found = self._insist(
            lambda api: api.uncordon(self._node, self.by), _CALL_SECONDS, self._stays("it is not uncordoned")
        )
        if found["standing"] == "foreign":
            self.tell("cordoned", self._foreign(found))

    def _evict(self, api: Api) -> Eviction:
        return api.evict(self._node, also_unmanaged=self.also_unmanaged)

    def _refuse_unmanaged(self, seen: Eviction, found: Cordon) -> None:
        """Pods that nobody makes anew are not taken; where none has gone yet, the node is as it was before."""
        if not seen["unmanaged"] or self.also_unmanaged:
            return
        why = f"nobody makes these pods anew when they go: {', '.join(seen['unmanaged'])}"
        remedy = "Move or delete them, or say that they may go"
        if self.evicted or not found["changed"]:
            raise HostError(f"{self._stays(why)}. {remedy}")
        self._uncordon()
        raise HostError(f"{self._node} is not drained, nothing was changed: {why}. {remedy}")

    def _is_ready(self, deadline: float) -> bool:
        left = max(deadline - time.monotonic(), 0.0)
        node = self._insist(
            lambda api: api.node(self._node), left, self._stays("nobody says whether it is ready")
        )
        # What the kubelet said before a boot stands there until the new one reports.
        return node["ready"] is True and node["boot_id"] in ("", begun.boot_id(self.host))

    def _insist(self, ask: Callable[[Api], T], seconds: float, otherwise: str) -> T:
        """What the API says; it is asked again for so long where it says nothing, but once at least."""
        from saltext.k8s_ha import _core

        deadline = time.monotonic() + seconds
        while True:
            try:
                return ask(self._api())
            except _core.LiveError as error:
                if error.kind in _FINAL or time.monotonic() > deadline:
                    raise HostError(f"{otherwise}: {error}") from error
            time.sleep(_PAUSES[0] * 4)

    def _api(self) -> Api:
        from saltext.k8s_ha import _core

        kubeconfig = kubernetes_credentials(self.member, self.host)
        if kubeconfig is None:
            raise HostError(f"{self._node} has no credentials for the API: apply k8s.ha, which brings them")
        return _core.Api(kubeconfig, timeout=_CALL_SECONDS)

    @property
    def _node(self) -> str:
        return self.member.node

    def _stays(self, why: str) -> str:
        return f"{self._node} stays cordoned ({self.by}): {why}"

    def _foreign(self, found: Cordon) -> str:
        who = found["by"] or "somebody who did not say so"
        return f"{self._node} was cordoned by {who}, and stays so"


def _waits(seen: Eviction) -> str:
    """What is waited for, in a sentence; empty when nothing is."""
    held = [f"{each['pod']} is held ({each['because']})" for each in seen["held"]]
    going = [f"{pod} ends" for pod in (*seen["evicted"], *seen["ending"])]
    return "; ".join([*held, *going])
