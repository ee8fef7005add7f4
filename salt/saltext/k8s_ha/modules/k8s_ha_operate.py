"""What an operator does with a host of a running cluster: maintenance, overriding the gate once, reboot.

These functions belong to ``k8s_ha``; see there. The runner ``salt-run k8s_ha`` has most of them by the same names, for
whoever sits at the master; on the host they work when there is none.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import begun, deferred, gate, lock, moment, node_maintenance, observation
from saltext.k8s_ha.utils import maintenance as of_host
from saltext.k8s_ha.utils import override as of_gate
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.loaded import loaded
from saltext.k8s_ha.utils.minion import Minion, commanded

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Action, Lock

__virtualname__ = "k8s_ha"


def __virtual__() -> str | tuple[bool, str]:
    return loaded(__virtualname__)


def maintenance(until: str, reason: str, node: str = "") -> dict[str, Any]:
    """Begin maintenance of a host: Salt touches nothing on it, and the gate counts the node as down.

    It stands on record in etcd; a host that has no certificate of etcd notes it for itself alone,
    and a node of the control plane puts it on record with ``node``. Writing it again changes it.
    It stands on the Node object, too, as annotation ``k8s-ha/maintenance``: workers see it there. ``api_knows`` is
    whether the API has taken that, and ``comment`` says why not.

    until
        A span such as ``2h``, or a moment such as ``2026-11-02T14:00`` (UTC). It ends by itself then.

    reason
        What is done, for whoever meets it.

    node
        Another node, which is put on record from here. Default: this one.

    CLI Example:

    .. code-block:: bash

        salt cp1.prod1.lan k8s_ha.maintenance 2h 'memory is added'
    """
    minion = Minion.of(globals())
    member, host = minion.member(), minion.host()
    now = time.time()
    with commanded(member):
        end = moment.until(until, now)
        if not reason.strip():
            raise HostError("say what is done: reason='...'")
        if node:
            _refuse_stranger(member, node)
            lock.of_etcd(member, host).keep_maintenance(node, end, reason, now)
            seen = node_maintenance.put(member, host, node, end, reason, now)
            return {"node": node, "until": end, "etcd_knows": True, **seen}
        told = _tell_etcd(member, host, lambda kept: kept.keep_maintenance(member.node, end, reason, now))
        of_host.begin(host, end, reason, now)
        seen = node_maintenance.put(member, host, member.node, end, reason, now)
    return {"node": member.node, "until": end, "etcd_knows": told, **seen}


def maintenance_over(node: str = "") -> dict[str, Any]:
    """End maintenance of a host before its time: on record in etcd, and on the Node object.

    node
        Another node, which is taken off the record from here. Default: this one.

    CLI Example:

    .. code-block:: bash

        salt cp1.prod1.lan k8s_ha.maintenance_over
    """
    minion = Minion.of(globals())
    member, host = minion.member(), minion.host()
    with commanded(member):
        if node:
            _refuse_stranger(member, node)
            lock.of_etcd(member, host).end_maintenance(node)
            return {"node": node, "etcd_knows": True, **node_maintenance.take_off(member, host, node)}
        # The record first: should it fail, the next try finds the note here and goes on.
        told = _tell_etcd(member, host, lambda kept: kept.end_maintenance(member.node))
        seen = node_maintenance.take_off(member, host, member.node)
        of_host.end(host)
    return {"node": member.node, "etcd_knows": told, **seen}


def override(
    step: Action, code: str, reason: str, voters_lost: int | None = None, by: str = ""
) -> dict[str, Any]:
    """Let one step on this host pass the gate once within 15 minutes, whatever of this kind stands in its way.

    It is bound to this host, the step and the kind, and stands in ``/var/lib/k8s-ha/overrides.log``. The kind is what
    ``k8s_ha.judge`` tells; a step that others have frozen has ``frozen``.

    step
        ``restart``, ``reboot``, ``drain``, ``remove``, ...

    code
        ``etcd-quorum``, ``etcd-members``, ``services``, ``address``, ``budgets``, ``workers``, ``frozen``.

    reason
        Why it must be.

    voters_lost
        For ``etcd-quorum``: on how many voters etcd could not count while the step lasts, as ``judge`` tells.

    by
        Who says so. Default: root of this host.

    CLI Example:

    .. code-block:: bash

        salt-call k8s_ha.override restart etcd-quorum reason='cp2 and cp3 are gone for good' voters_lost=3
    """
    minion = Minion.of(globals())
    member, host = minion.member(), minion.host()
    word = {"step": step, "code": code, "reason": reason, "voters_lost": voters_lost, "by": by or "root"}
    with commanded(member):
        return of_gate.grant(host, word, time.time())


def unfreeze(node: str = "") -> str:
    """Vouch for a step that has not ended well, so that hosts with the same pillar go on.

    node
        The node on which it was begun, where that is not this one.

    CLI Example:

    .. code-block:: bash

        salt cp1.prod1.lan k8s_ha.unfreeze
        salt cp1.prod1.lan k8s_ha.unfreeze cp3
    """
    minion = Minion.of(globals())
    member, host = minion.member(), minion.host()
    with commanded(member):
        if node and node != member.node:
            _refuse_stranger(member, node)
            lock.of_node(member, host, node).finish(node)
        else:
            begun.end(member, host)
    return f"Nothing of {node or member.node} stops the others."


def reboot(patch: bool = False) -> str:
    """Boot this host when its turn comes: its pods go first, and etcd's leadership; :py:func:`finish` gives it back.

    Until then the node is cordoned, and hosts with the same pillar wait. The next apply gives it back, too.

    patch
        Upgrade the packages of the system first; those of Kubernetes are held.

    CLI Example:

    .. code-block:: bash

        salt w1.prod1.lan k8s_ha.reboot
        salt w1.prod1.lan k8s_ha.reboot patch=True
    """
    from saltext.k8s_ha.utils import reboot as boot

    minion = Minion.of(globals())
    member = minion.member()
    with commanded(member):
        return boot.begin(member, Host(), minion.modules, minion.teller(member), patch=patch)


def finish() -> str:
    """Wait until all that was taken for a step on this host is back, uncordon it, and take the step off the record.

    CLI Example:

    .. code-block:: bash

        salt w1.prod1.lan k8s_ha.finish
    """
    from saltext.k8s_ha.utils import reboot as boot

    minion = Minion.of(globals())
    member = minion.member()
    with commanded(member):
        return boot.finish(member, Host(), minion.teller(member))


def standing() -> dict[str, Any]:
    """What stands on this host: a step that was begun and has not ended, steps that were left for later, maintenance.

    Nobody else is asked.

    CLI Example:

    .. code-block:: bash

        salt '*' k8s_ha.standing
    """
    minion = Minion.of(globals())
    member, host = minion.member(), minion.host()
    with commanded(member):
        step, work = begun.standing(host), of_host.lasting(host, time.time())
        return {
            "node": member.node,
            "begun": step["step"] if step else None,
            "to_boot": bool(step and begun.is_to_boot(step, host)),
            "deferred": deferred.listed(host),
            "maintenance": of_host.sentence(work) if work else None,
        }


def on_record() -> dict[str, Any]:
    """What stands on record in etcd: who has the lock, steps that have not ended well, maintenance.

    CLI Example:

    .. code-block:: bash

        salt cp1.prod1.lan k8s_ha.on_record
    """
    minion = Minion.of(globals())
    member, host = minion.member(), minion.host()
    with commanded(member):
        kept = lock.of_etcd(member, host)
        lasting = [one for one in kept.maintenance() if one["until"] > time.time()]
        return {"lock": kept.holder(), "steps": kept.steps(), "maintenance": lasting}


def _tell_etcd(member: gate.Member, host: Host, put: Callable[[Lock], None]) -> bool:
    """Whether etcd was told; a host without a certificate of etcd cannot."""
    if observation.etcd_credentials(member, host) is None:
        return False
    from saltext.k8s_ha import _core

    try:
        put(lock.of_etcd(member, host))
    except _core.K8sHaError as error:
        raise HostError(
            f"{error}. Nothing was noted; without a quorum nothing is restarted anyway"
        ) from error
    return True


def _refuse_stranger(member: gate.Member, node: str) -> None:
    known = sorted(member.topology.minions.values())
    if node not in known:
        raise HostError(f"the pillar has no node {node}; there is: {', '.join(known)}")
