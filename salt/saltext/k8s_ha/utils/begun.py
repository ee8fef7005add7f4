"""The step that was begun on this host and has not ended well yet: kept on its disk, so that no boot loses it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import deferred, lock, observation
from saltext.k8s_ha.utils.answer import Answer
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.identity import Identity

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Action
    from saltext.k8s_ha.utils.gate import Member

OF_STEP = Identity("/var/lib/k8s-ha/step.json", "which step was begun here")


def note(host: Host, action: Action, words: str, programs: tuple[str, ...], now: float) -> None:
    """Note a step before it is done."""
    OF_STEP.write(
        host,
        {"action": action, "step": words, "programs": list(programs), "since": now, "boot": boot_id(host)},
    )


def forget(host: Host) -> None:
    """It was not done, or has ended well."""
    host.path(OF_STEP.path).unlink(missing_ok=True)


def standing(host: Host) -> dict[str, Any] | None:
    """What was begun and has not ended well."""
    return OF_STEP.read(host)


def end(member: Member, host: Host) -> None:
    """Take the step off the record, in etcd and here; in this order, so that a crash in between leaves the note here.

    :raises HostError: when etcd cannot be told.
    """
    from saltext.k8s_ha import _core

    try:
        lock.of(member, host).finish(member.node)
    except _core.K8sHaError as error:
        raise HostError(f"what was begun here cannot be taken off the record: {error}") from error
    forget(host)


def end_earlier_life(member: Member, host: Host) -> None:
    """A host that has become a member anew has nothing left of a step that an earlier life of it has begun.

    Where that cannot be said now, ``k8s_ha.unfreeze`` says it.
    """
    from saltext.k8s_ha import _core

    with suppress(HostError, _core.K8sHaError):
        end(member, host)


def made_good(
    answer: Answer, member: Member, host: Host, give_back: Callable[[Mapping[str, Any]], None]
) -> Answer:
    """An answer about this host, after which a step that was begun here earlier is over when all that it took is back.

    Where nothing was begun, which is nearly always, nobody is asked. What was left to a later apply is forgotten when
    there was nothing left to do.

    :param give_back: gives the node back what was taken for a step that has ended well.
    """
    if answer["result"]:
        deferred.forget(host)
    kept = standing(host)
    if kept is None:
        return answer
    lacking = lacking_of(kept, member, host)
    if lacking is None:
        give_back(kept)
        end(member, host)
        return answer
    told = (
        f"{kept['step'].capitalize()} was begun here and has not ended well: {lacking}. Hosts with the same pillar "
        "wait. Mend it and apply again, or run `salt-run k8s_ha.unfreeze`"
    )
    return {**answer, "result": False, "comment": f"{answer['comment']}\n{told}"}


def lacking_of(kept: Mapping[str, Any], member: Member, host: Host) -> str | None:
    """What of a step that was begun here is not back."""
    from saltext.k8s_ha import _core

    if is_to_boot(kept, host):
        return "it has not booted"
    seen = observation.look(member, host)
    return _core.unsettled(member.topology, seen, kept["action"], [member.node], kept["programs"])


def is_to_boot(kept: Mapping[str, Any], host: Host) -> bool:
    """Whether what was begun is a boot that has not come yet."""
    return bool(kept["action"] == "reboot" and kept["boot"] == boot_id(host))


def boot_id(host: Host) -> str:
    """Another one after each boot."""
    try:
        return host.path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""
