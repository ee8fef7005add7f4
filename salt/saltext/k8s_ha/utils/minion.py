"""What Salt gives a module about its minion, and the gate that each state passes before it acts."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from saltext.k8s_ha.utils import gate, maintenance, standing
from saltext.k8s_ha.utils.answer import Answer
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.tell import Tell, teller
from saltext.k8s_ha.utils.write import Writer

if TYPE_CHECKING:
    from saltext.k8s_ha.utils.ask_master import Master

_FAILED = "k8s_ha.failed"


class Steps(Protocol):
    """Something that a host is brought to."""

    def attain(self, *, test: bool) -> Answer:
        """Bring it there, or find that it is."""


@dataclass(frozen=True)
class Minion:
    """The names that Salt puts into the module of a state, by these names without underscores."""

    opts: dict[str, Any]
    pillar: dict[str, Any]
    context: dict[str, Any]
    grains: dict[str, Any]
    modules: Mapping[str, Callable[..., Any]]
    states: Mapping[str, Callable[..., Any]]

    @classmethod
    def of(cls, names: Mapping[str, Any]) -> Minion:
        """From ``globals()`` of a module; only one of states has states."""
        return cls(
            *(
                names.get(f"__{name}__", {})
                for name in ("opts", "pillar", "context", "grains", "salt", "states")
            )
        )

    @property
    def test(self) -> bool:
        """Whether the run only says what it would do."""
        return bool(self.opts["test"])

    @property
    def failed(self) -> set[str]:
        """Paths of files that could not be written in this run."""
        failed: set[str] = self.context.setdefault(_FAILED, set())
        return failed

    def host(self, root: str | None = None) -> Host:
        """The host, or the directory that stands for it."""
        return Host.of(self.opts, root)

    def writer(self, member: gate.Member, root: str | None = None) -> Writer:
        """What writes the files of this node."""
        return Writer(
            host=self.host(root),
            states=self.states,
            modules=self.modules,
            test=self.test,
            cachedir=self.opts["cachedir"],
            drift=member.topology.drift,
            release=member.release,
        )

    def has_master(self) -> bool:
        """Whether there is a master who could be asked."""
        from saltext.k8s_ha.utils import ask_master

        return ask_master.has_master(self.opts)

    def master(self, member: gate.Member) -> Callable[[], Master]:
        """The way to the master; it is taken only where something is to be asked."""

        def way() -> Master:
            # Here, not above: cryptography takes longer to load than all other states take to run.
            from saltext.k8s_ha.utils import ask_master

            return ask_master.master_of(member, self.opts, self.grains)

        return way

    def teller(self, member: gate.Member) -> Tell:
        """What says on Salt's event bus how far a step is."""
        return teller(member, self.modules)

    def do(self, name: str, act: Callable[[gate.Member], Answer], root: str | None = None) -> Answer:
        """Refuse with all findings, leave a minion of no cluster alone, and only then act."""
        verdict = self.verdict()
        if verdict.member is None:
            return {"name": name, "result": not verdict.refusal, "changes": {}, "comment": verdict.comment}
        try:
            host = self.host(root)
            standing.refuse_changed(verdict.member, host, self.context)
            work = maintenance.lasting(host, time.time())
            if work is None or self.test:
                return {"name": name, **act(verdict.member)}
            told = f"Nothing is touched: {maintenance.sentence(work)}. `test=True` says what would be done."
            return {"name": name, "result": True, "changes": {}, "comment": told, "warnings": [told]}
        except (HostError, OSError) as error:
            return {"name": name, "result": False, "changes": {}, "comment": str(error)}

    def verdict(self) -> gate.Verdict:
        """What the pillar of this minion allows."""
        return gate.examine(self.opts["id"], self.pillar, self.context)

    def member(self) -> gate.Member:
        """The place of this minion in a cluster. Raises what makes a command fail where it has none."""
        verdict = self.verdict()
        if verdict.member is None:
            raise failed(verdict.comment)
        return verdict.member

    def attain(self, member: gate.Member, steps: Steps) -> Answer:
        """What the steps come to; a refusal names the node."""
        try:
            return steps.attain(test=self.test)
        except HostError as error:
            raise HostError(f"Node {member.node}: {error}") from error

    def refuse_after_failure(self) -> None:
        """Raise HostError where a file could not be written in this run."""
        if self.failed:
            listed = ", ".join(sorted(self.failed))
            raise HostError(f"Nothing is joined while something before it has failed: {listed}.")


@contextmanager
def commanded(member: gate.Member) -> Iterator[None]:
    """What is done for a command on this node: what goes wrong makes it fail with a sentence that names the node."""
    from saltext.k8s_ha import _core

    try:
        yield
    except (HostError, OSError, _core.K8sHaError) as error:
        raise failed(f"Node {member.node}: {error}") from error


def failed(sentence: str) -> Exception:
    """What makes Salt's commands fail with a sentence instead of a traceback."""
    from salt.exceptions import CommandExecutionError

    failure: Exception = CommandExecutionError(sentence)
    return failure


def listed(names: str) -> list[str]:
    """Names that a command got separated by commas."""
    return [name.strip() for name in names.split(",") if name.strip()]
