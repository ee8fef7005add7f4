"""Save snapshots of etcd on the minions that have it.

These functions belong to ``k8s_ha``; see there.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    __salt__: dict[str, Callable[..., Any]]

__virtualname__ = "k8s_ha"


def __virtual__() -> str | tuple[bool, str]:
    if importlib.util.find_spec("saltext.k8s_ha._core") is None:
        return False, "the compiled core of saltext.k8s-ha is not installed"
    return __virtualname__


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
    wanted = {"folder": folder, "keep": keep, "test": test}
    answers = __salt__["salt.execute"](
        minion, "k8s_ha.snapshot", kwarg=wanted, tgt_type="list", timeout=timeout, full_return=True
    )
    answer = answers.get(minion)
    if not isinstance(answer, dict):
        return {
            "retcode": 1,
            "error": f"{minion} does not answer: see that it is the id of a minion, and that it runs",
        }
    told = answer.get("ret")
    if answer.get("retcode") or not isinstance(told, dict):
        return {"retcode": 1, "error": str(told)}
    return {"retcode": 0, **told}
