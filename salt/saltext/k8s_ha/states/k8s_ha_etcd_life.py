"""Keep the member of etcd on a host small and writable.

These states belong to ``k8s_ha``; see there.
"""

from __future__ import annotations

from saltext.k8s_ha.utils import gate
from saltext.k8s_ha.utils.answer import Answer
from saltext.k8s_ha.utils.loaded import loaded
from saltext.k8s_ha.utils.minion import Minion

__virtualname__ = "k8s_ha"


def __virtual__() -> str | tuple[bool, str]:
    return loaded(__virtualname__)


def etcd_maintained(name: str, wait: float = 900.0) -> Answer:
    """Defragment this host's member of etcd when its database has holes that are worth it, and clear ``NOSPACE``.

    One member at a time, with the lock and the gate's word, followers before the leader, none again within a day.
    Where ``NOSPACE`` is raised, history is compacted if it is what fills the quota, each member is defragmented, and
    the alarm is cleared only when every database is below 90 % of its quota. With nothing to do, nothing but this
    host's own member is asked.

    name
        Anything; it identifies the state.

    wait
        Seconds for which it waits for its turn before it gives up without having changed anything.

    .. code-block:: yaml

        etcd stays small and writable:
          k8s_ha.etcd_maintained
    """
    minion = Minion.of(globals())

    def maintain(member: gate.Member) -> Answer:
        from saltext.k8s_ha.utils.etcd_maintenance import Maintenance

        steps = Maintenance(
            member=member, host=minion.host(), tell=minion.teller(member), wait_seconds=float(wait)
        )
        return minion.attain(member, steps)

    return minion.do(name, maintain)
