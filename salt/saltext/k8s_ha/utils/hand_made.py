"""Whether something that kubeadm wrote was changed by hand since it was last in order, and what then is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from saltext.k8s_ha.utils.decision import Decision, decide
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.record import Record, sha256

if TYPE_CHECKING:
    from saltext.k8s_ha._core import File


@dataclass(frozen=True)
class Meaning:
    """What a file of kubeadm's means, and what it should: texts in which only differences that matter differ."""

    path: str
    present: str
    wanted: str

    def decision(self, host: Host, drift: Literal["report", "enforce"]) -> Decision:
        """What is done with it, by the same rules as with a file of ours.

        :raises HostError: when it was changed by hand and the pillar wants something else now.
        """
        file = cast("File", {"contents": self.wanted, "managed": "yes"})
        found = decide(file, self.present, Record(host).known(self.path), drift)
        if found is Decision.CONFLICT:
            raise HostError(
                f"{self.path} is left as it is: {found.value}. Move the change into the pillar, or set `drift: enforce`"
            )
        return found

    def begin(self, host: Host) -> None:
        """It is about to be written; the run may end before or after."""
        record = Record(host)
        record.keep(self.path, [*record.known(self.path), sha256(self.present), sha256(self.wanted)])

    def end(self, host: Host) -> None:
        """It is as wanted."""
        Record(host).keep(self.path, [sha256(self.wanted)])
