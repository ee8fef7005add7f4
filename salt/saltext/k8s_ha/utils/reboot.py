"""A host boots: with its turn, without pods, without etcd's leadership; and is given back when all is there again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import begun, leadership
from saltext.k8s_ha.utils.disruption import Disruption
from saltext.k8s_ha.utils.drain import Drained
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.tell import Tell

if TYPE_CHECKING:
    from saltext.k8s_ha.utils.gate import Member

# Salt's answer has to be on its way before the host goes.
_DELAY_SECONDS = 3
_COMMAND = (
    "systemd-run",
    f"--on-active={_DELAY_SECONDS}",
    "--timer-property=AccuracySec=100ms",
    "systemctl",
    "reboot",
)
_BACK_SECONDS = 300.0


def begin(
    member: Member,
    host: Host,
    modules: Mapping[str, Callable[..., Any]],
    tell: Tell,
    *,
    patch: bool,
) -> str:
    """Wait for this host's turn, take its pods away, and have it boot in some seconds.

    The step stays on record until :func:`finish`. Where nothing was begun, nothing has changed.

    :param patch: whether the packages of the system are upgraded first; those of Kubernetes are held.
    :returns: the id of the boot that ends.
    :raises HostError: when it is refused or deferred, when pods do not go, and when systemd does not do it.
    """
    standing = begun.standing(host)
    if standing and not begun.is_to_boot(standing, host):
        raise HostError(f"{standing['step']} was begun here and has not ended: run `k8s_ha.finish` first")
    step = Disruption(member, host, "reboot", (), tell)
    with step.allowed() as allowed:
        allowed.confirm()
        if _runs_pods(member):
            _drained(member, host, tell).leave()
        if patch:
            _upgrade(modules, tell)
        leadership.hand_over(member, host, allowed.judgement["move_leader_to"])
        allowed.insist()
        tell("boots", f"{member.node} boots")
        done = modules["cmd.run_all"](list(_COMMAND), python_shell=False, ignore_retcode=True)
        if done["retcode"] != 0:
            raise HostError(f"systemd does not boot this host: {done['stderr'] or done['stdout']}")
        allowed.goes_on = True
    return begun.boot_id(host)


def _upgrade(modules: Mapping[str, Callable[..., Any]], tell: Tell) -> None:
    from salt.exceptions import CommandExecutionError

    tell("patches", "the packages of the system are upgraded")
    try:
        done = modules["pkg.upgrade"]()
    except CommandExecutionError as error:
        raise HostError(f"the packages are not upgraded: {error}") from error
    if isinstance(done, dict) and done.get("result") is False:
        raise HostError(f"the packages are not upgraded: {done.get('comment')}")


def finish(member: Member, host: Host, tell: Tell) -> str:
    """Wait until all that was taken is back, give the node its pods again, and take the step off the record.

    :raises HostError: when it is not; the node then stays cordoned, and hosts with the same pillar wait.
    """
    standing = begun.standing(host)
    if standing is None:
        return "Nothing was begun here that has not ended."
    if begun.is_to_boot(standing, host):
        raise HostError(
            f"{standing['step']} was begun here, and it has not booted: boot it, or run `k8s_ha.unfreeze`"
        )
    step = Disruption(member, host, standing["action"], tuple(standing["programs"]), tell)
    step.until_back(member.topology.gate_seconds[1], _BACK_SECONDS)
    give_back(member, host, standing, tell)
    begun.end(member, host)
    return f"{standing['step'].capitalize()} has ended well."


def give_back(member: Member, host: Host, standing: Mapping[str, Any], tell: Tell) -> None:
    """Uncordon what was cordoned for the step."""
    if standing["action"] in ("reboot", "drain") and _runs_pods(member):
        _drained(member, host, tell).come_back()


def _runs_pods(member: Member) -> bool:
    return bool({"control_plane", "worker"} & set(member.roles))


def _drained(member: Member, host: Host, tell: Tell) -> Drained:
    # The same words before and after the boot: only what they have cordoned is uncordoned.
    return Drained(member, host, f"k8s_ha: rebooting {member.node}", tell)
