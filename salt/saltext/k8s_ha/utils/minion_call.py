"""Calls of functions on minions, from the master; an answer that does not come is an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from saltext.k8s_ha.utils.cluster_minions import accepted

_SECONDS = 15.0


@dataclass(frozen=True)
class Said:
    """What a minion answered."""

    is_answer: bool
    """Whether it answered at all."""
    is_good: bool
    """Whether the function did what it was asked for."""
    value: Any
    """What it gave; a sentence where it failed."""

    @property
    def sentence(self) -> str:
        """Why it failed."""
        return str(self.value).removeprefix("ERROR: ")


class Call(Protocol):
    """Calls a function on one minion."""

    def __call__(self, minion: str, function: str, *arguments: object, **named: object) -> Said:
        """What the minion answers."""


def through_salt(opts: Mapping[str, Any], seconds: float = _SECONDS) -> Call:
    """Calls by this master's own client. A job that still runs is waited for; a minion that is gone gives no answer.

    :param seconds: after so many a minion is asked whether it still works.
    """

    def call(minion: str, function: str, *arguments: object, **named: object) -> Said:
        return _answers(opts, [minion], function, arguments, named, seconds)[minion]

    return call


def all_at_once(
    opts: Mapping[str, Any], minions: list[str], function: str, *arguments: object, **named: object
) -> dict[str, Said]:
    """What each of several minions answers to the same call."""
    return _answers(opts, minions, function, arguments, named, _SECONDS)


def first_to_tell(
    call: Call, minions: Iterable[str], function: str, *arguments: object, **named: object
) -> tuple[str | None, Said]:
    """The first of several minions that does what it is asked for, and its answer.

    Where none does: None, and no answer, with why of each.
    """
    refused = []
    for minion in minions:
        said = call(minion, function, *arguments, **named)
        if said.is_good:
            return minion, said
        refused.append(said.sentence if minion in said.sentence else f"{minion}: {said.sentence}")
    return None, Said(False, False, "; ".join(refused) or "there is nobody to ask")


def _answers(
    opts: Mapping[str, Any],
    minions: list[str],
    function: str,
    arguments: tuple[object, ...],
    named: Mapping[str, object],
    seconds: float,
) -> dict[str, Said]:
    import salt.client

    # Of one that it has no key of, Salt says so on standard output, where the answer of a runner is read.
    known = minions if opts.get("order_masters") else sorted(set(minions) & set(accepted(opts)))
    if not known:
        return {minion: said_of(minion, None) for minion in minions}
    with salt.client.get_local_client(mopts=dict(opts)) as client:
        answered = client.cmd(
            known,
            function,
            list(arguments),
            timeout=seconds,
            tgt_type="list",
            kwarg=dict(named) or None,
            full_return=True,
        )
    found = answered if isinstance(answered, dict) else {}
    return {minion: said_of(minion, found.get(minion)) for minion in minions}


def said_of(minion: str, found: object) -> Said:
    """One answer as Salt's client hands it over, with its return code; a sentence of Salt's own is none."""
    if not isinstance(found, dict) or "ret" not in found or found.get("out") == "no_return":
        return Said(False, False, f"{minion} gives no answer")
    return Said(True, found.get("retcode", 0) == 0, found["ret"])
