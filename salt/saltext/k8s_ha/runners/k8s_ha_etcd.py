"""Save snapshots of etcd on the minions that have it.

These functions belong to ``k8s_ha``; see there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils.loaded import loaded
from saltext.k8s_ha.utils.minion_call import through_salt

if TYPE_CHECKING:
    __opts__: dict[str, Any]

__virtualname__ = "k8s_ha"


def __virtual__() -> str | tuple[bool, str]:
    return loaded(__virtualname__)


def snapshot(
    minion: str, folder: str | None = None, keep: int = 7, timeout: int = 60, test: bool = False
) -> dict[str, Any]:
    """Save a snapshot of etcd on a minion, verified by restoring it into a scratch member.

    See the function :py:func:`k8s_ha.snapshot <saltext.k8s_ha.modules.k8s_ha_etcd_life.snapshot>` of the minion for
    what it does. The command fails where the snapshot was not saved, or could not be verified.

    minion
        The id of one minion of the control plane, or of a host of etcd.

    folder
        Where snapshots are kept on it. Default: ``/var/lib/k8s-ha/snapshots``.

    keep
        How many verified ones are kept there, the new one among them.

    timeout
        Seconds after which the minion is asked whether it is still at work; it may be, for as long as it takes.

    test
        Say from which member it would be taken, and do nothing.

    CLI Example:

    .. code-block:: bash

        salt-run k8s_ha.snapshot cp1.prod1.lan
        salt-run k8s_ha.snapshot etcd1.prod1.lan keep=30
    """
    said = through_salt(__opts__, timeout)(minion, "k8s_ha.snapshot", folder=folder, keep=keep, test=test)
    if not said.is_answer:
        error = f"{minion} does not answer: see that it is the id of a minion, and that it runs"
        return {"retcode": 1, "error": error}
    if not said.is_good or not isinstance(said.value, dict):
        return {"retcode": 1, "error": str(said.value)}
    return {"retcode": 0, **said.value}
