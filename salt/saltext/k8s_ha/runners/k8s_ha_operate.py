"""What an operator does from the master with hosts of a running cluster.

These functions belong to ``k8s_ha``; see there. Each calls functions of ``k8s_ha`` on the minions.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils.cluster_minions import ClusterMinions, NoClusterError
from saltext.k8s_ha.utils.host import HostError
from saltext.k8s_ha.utils.loaded import loaded
from saltext.k8s_ha.utils.minion import listed
from saltext.k8s_ha.utils.minion_call import Said, all_at_once, first_to_tell, through_salt

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Action

    __salt__: dict[str, Callable[..., Any]]
    __opts__: dict[str, Any]

__virtualname__ = "k8s_ha"


def __virtual__() -> str | tuple[bool, str]:
    return loaded(__virtualname__)


def roll(cluster: str, action: str = "apply", nodes: str = "", patch: bool = False) -> dict[str, Any]:
    """One node after the other: the states, or a boot. The first failure ends it; run again, it goes on there.

    Control plane before workers, by failure domain, followers of etcd before the leader. The gate on each host decides
    when it goes. Before the first boot etcd is saved, and the snapshot verified. What came of each node stands beside
    the ledger, in ``rolls``.

    cluster
        ``cluster.name`` of the pillar.

    action
        ``apply`` (the states ``k8s.ha``) or ``reboot``.

    nodes
        Some nodes, separated by commas. Default: all.

    patch
        With ``reboot``: upgrade the packages of the system first; those of Kubernetes are held.

    CLI Example:

    .. code-block:: bash

        salt-run k8s_ha.roll prod1
        salt-run k8s_ha.roll prod1 action=reboot patch=True
    """
    from saltext.k8s_ha.utils.roll import Roll
    from saltext.k8s_ha.utils.roll_record import Rolls

    try:
        of = _cluster(cluster)
        rolls = Rolls(of.directory / "rolls")
        steps = Roll(of.topology, of.by_node, rolls, through_salt(__opts__), _progress)
        return steps.run(action, _operator(), listed(nodes), patch=patch)
    except (NoClusterError, HostError, OSError) as error:
        return _refused(str(error))


def status(cluster: str) -> dict[str, Any]:
    """How a cluster is: what every node says of itself, and what stands on record.

    ``attention`` has what somebody should look at; a node that gives no answer is one of them. Where the pillar
    says how Proxmox VE is asked, ``machines`` has where each one runs; one that is elsewhere wants attention.

    cluster
        ``cluster.name`` of the pillar.

    CLI Example:

    .. code-block:: bash

        salt-run k8s_ha.status prod1
    """
    from saltext.k8s_ha.utils import cluster_status, machines

    placed = partial(machines.tell, opts=__opts__, execute=__salt__["salt.cmd"])
    try:
        of = _cluster(cluster)
        return cluster_status.tell(of, through_salt(__opts__), partial(all_at_once, __opts__), placed)
    except (NoClusterError, HostError, OSError) as error:
        return _refused(str(error))


def judge(
    cluster: str, step: Action = "restart", nodes: str = "", hypervisors: str = "", programs: str = ""
) -> dict[str, Any]:
    """Whether a step may be done now, to all of these at once: the gate's word. Its exit code is 0 where it may.

    Where the pillar says how Proxmox VE is asked, the machines of a hypervisor are those that run there now.

    cluster
        ``cluster.name`` of the pillar.

    step
        ``stop``, ``restart``, ``reboot``, ``drain``, ``remove``, ``add`` or ``promote``.

    nodes
        Nodes, separated by commas.

    hypervisors
        Hypervisors, separated by commas: all nodes on them.

    programs
        The programs on them that it takes, such as ``etcd`` or ``haproxy``. Default: the whole node.

    CLI Example:

    .. code-block:: bash

        salt-run k8s_ha.judge prod1 stop hypervisors=pve1
    """
    from saltext.k8s_ha.utils import cluster_step, machines

    look = partial(machines.look, opts=__opts__, execute=__salt__["salt.cmd"])
    try:
        of = _cluster(cluster)
        taken = cluster_step.taken(of.topology, listed(nodes), listed(hypervisors), look)
        said = cluster_step.judge(of, through_salt(__opts__), step, taken, programs)
    except (NoClusterError, HostError, OSError) as error:
        return _refused(str(error))
    return {"retcode": 0 if said["verdict"] == "go" else 1, **said}


def maintenance(minion: str, until: str, reason: str) -> dict[str, Any]:
    """Begin maintenance of a host: Salt touches nothing on it, and the gate counts its node as down, until then.

    minion
        The id of the minion. It may be away: a node of the control plane has it on record then.

    until
        A span such as ``2h``, or a moment such as ``2026-11-02T14:00`` (UTC).

    reason
        What is done, for whoever meets it.

    CLI Example:

    .. code-block:: bash

        salt-run k8s_ha.maintenance cp2.prod1.lan until=2h reason='memory is added'
    """
    return _on_host_and_record(minion, "k8s_ha.maintenance", until, reason)


def maintenance_over(minion: str) -> dict[str, Any]:
    """End maintenance of a host before its time.

    minion
        The id of the minion.

    CLI Example:

    .. code-block:: bash

        salt-run k8s_ha.maintenance_over cp2.prod1.lan
    """
    return _on_host_and_record(minion, "k8s_ha.maintenance_over")


def override(
    minion: str, step: str, code: str, reason: str, voters_lost: int | None = None
) -> dict[str, Any]:
    """Let one step on a host pass the gate once within 15 minutes. It is bound to host, step and kind, and on record.

    minion
        The id of the minion.

    step
        ``restart``, ``reboot``, ``drain``, ...

    code
        What may stand in its way: ``etcd-quorum``, ``services``, ``frozen``, ...; ``k8s_ha.judge`` tells it.

    reason
        Why it must be.

    voters_lost
        For ``etcd-quorum``: on how many voters etcd could not count meanwhile, as ``judge`` tells.

    CLI Example:

    .. code-block:: bash

        salt-run k8s_ha.override cp2.prod1.lan restart frozen reason='cp1 is gone for good'
    """
    named = {"reason": reason, "voters_lost": voters_lost, "by": _operator()}
    return _answer(through_salt(__opts__)(minion, "k8s_ha.override", step, code, **named))


def unfreeze(minion: str) -> dict[str, Any]:
    """Vouch for a step that has not ended well on a host, so that hosts with the same pillar go on.

    minion
        The id of the minion. It may be away: a node of the control plane takes the step off the record then.

    CLI Example:

    .. code-block:: bash

        salt-run k8s_ha.unfreeze cp1.prod1.lan
    """
    return _on_host_and_record(minion, "k8s_ha.unfreeze")


def _on_host_and_record(minion: str, function: str, *arguments: str) -> dict[str, Any]:
    """A function on a host; and on a host of etcd, for one that is away, or that has nothing to show to etcd."""
    try:
        of = ClusterMinions.of_minion(minion, __opts__, __salt__["pillar.show_pillar"])
    except NoClusterError as error:
        return _refused(str(error))
    call = through_salt(__opts__)
    said = call(minion, function, *arguments)
    if said.is_answer and (not said.is_good or _is_known(said)):
        return _answer(said)
    hosts = of.of_etcd(besides=minion)
    _, by_record = first_to_tell(call, hosts, function, *arguments, node=of.node_of(minion))
    if by_record.is_good:
        return {**_answer(by_record), "host": "told" if said.is_answer else f"{minion} gives no answer"}
    return _refused(f"{said.sentence}; on record: {by_record.sentence}")


def _is_known(said: Said) -> bool:
    """Whether all know of it who have to; a worker has nothing to show to etcd."""
    return not isinstance(said.value, dict) or bool(said.value.get("etcd_knows", True))


def _cluster(cluster: str) -> ClusterMinions:
    return ClusterMinions.of_cluster(cluster, __opts__, __salt__["pillar.show_pillar"])


def _answer(said: Said) -> dict[str, Any]:
    if not said.is_good:
        return _refused(said.sentence)
    return {"retcode": 0, **(said.value if isinstance(said.value, dict) else {"told": said.value})}


def _refused(sentence: str) -> dict[str, Any]:
    return {"retcode": 1, "error": sentence}


def _progress(sentence: str) -> None:
    event = globals().get("__jid_event__")
    if event:
        event.fire_event({"message": sentence}, "progress")


def _operator() -> str:
    import salt.utils.user

    return str(salt.utils.user.get_specific_user())
