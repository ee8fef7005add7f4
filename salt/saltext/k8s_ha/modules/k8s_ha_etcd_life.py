"""Keep etcd small and writable, and save snapshots of it.

These functions belong to ``k8s_ha``; see there.
"""

from __future__ import annotations

from typing import Any

from saltext.k8s_ha.utils.loaded import loaded
from saltext.k8s_ha.utils.minion import Minion, commanded, failed

__virtualname__ = "k8s_ha"


def __virtual__() -> str | tuple[bool, str]:
    return loaded(__virtualname__)


def etcd_maintain(wait: float = 900.0, test: bool = False) -> dict[str, Any]:
    """Defragment this host's member of etcd in its turn, and clear ``NOSPACE`` when that is safe.

    The same as the state :py:func:`k8s_ha.etcd_maintained <saltext.k8s_ha.states.k8s_ha_etcd_life.etcd_maintained>`:
    ``changes`` and ``comment``.

    wait
        Seconds for which it waits for its turn.

    test
        Say what would be done, and do nothing.

    CLI Example:

    .. code-block:: bash

        salt cp1.prod1.lan k8s_ha.etcd_maintain test=True
        salt '*' k8s_ha.etcd_maintain
    """
    from saltext.k8s_ha.utils.etcd_maintenance import Maintenance

    minion = Minion.of(globals())
    member = minion.member()
    with commanded(member):
        steps = Maintenance(
            member=member, host=minion.host(), tell=minion.teller(member), wait_seconds=float(wait)
        )
        answer = steps.attain(test=test)
    return {"changes": answer["changes"], "comment": answer["comment"]}


def snapshot(folder: str | None = None, keep: int = 7, test: bool = False) -> dict[str, Any]:
    """Save a snapshot of etcd on this host, and verify it by restoring it into a scratch member.

    It is taken from a follower where one is healthy, and its restored contents are compared with the source's by
    etcd's own digest. One that could not be verified is named ``.unverified`` and does not count. Encryption and a copy
    elsewhere are not part of this: the files hold every Secret, and lie on this host alone.

    folder
        Where snapshots are kept, below 0700. Default: ``/var/lib/k8s-ha/snapshots``.

    keep
        How many verified ones are kept, the new one among them; at least 1.

    test
        Say from which member it would be taken, and do nothing.

    CLI Example:

    .. code-block:: bash

        salt cp1.prod1.lan k8s_ha.snapshot
        salt etcd1.prod1.lan k8s_ha.snapshot folder=/srv/snapshots keep=30
    """
    from saltext.k8s_ha.utils.etcd_snapshot import FOLDER
    from saltext.k8s_ha.utils.etcd_snapshot_taken import Taking

    minion = Minion.of(globals())
    member = minion.member()
    try:
        kept = int(keep)
    except (TypeError, ValueError):
        raise failed(f"keep is {keep!r}: write a whole number of snapshots, 1 or more") from None
    with commanded(member):
        taking = Taking(
            member=member,
            host=minion.host(),
            modules=minion.modules,
            tell=minion.teller(member),
            folder=folder or FOLDER,
            keep=kept,
        )
        return taking.would() if test else taking.take()
