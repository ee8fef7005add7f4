"""Makes services run with what is on the disk: the one place of this extension that takes a service away."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils.host import HostError
from saltext.k8s_ha.utils.record import sha256, write_durably
from saltext.k8s_ha.utils.unit import Running, Wanted, action

if TYPE_CHECKING:
    from saltext.k8s_ha._core import File
    from saltext.k8s_ha.utils.write import Writer

# Empty after a boot, as it must be: what is started then reads its files anew.
STAMPS = Path("/run/k8s-ha")


Around = Callable[[str, str], AbstractContextManager[None]]
"""The gate around a step on a unit."""


def ungated(_unit: str, _step: str) -> AbstractContextManager[None]:
    """No gate: nobody relies on this host."""
    return nullcontext()


def activate(
    files: Iterable[File],
    writer: Writer,
    failed: Iterable[str],
    *,
    packages_come: bool,
    around: Around = ungated,
) -> dict[str, Any]:
    """Bring every unit of a node to run with its files, in the order in which the files appear.

    :param failed: paths that could not be written in this run; their units are left alone.
    :param packages_come: whether a real run would have installed the packages of units that are missing.
    :param around: the gate; it raises HostError where a step may not be done.
    """
    wanted = units(files, writer)
    if not writer.host.is_live:
        named = ", ".join(unit.name for unit in wanted) or "none"
        comment = f"Below {writer.host.root} no service is touched; units of this node: {named}."
        return {"result": True, "changes": {}, "comment": comment}
    services = Services(writer.modules, STAMPS, around)
    answer: dict[str, Any] = {"result": True, "changes": {}, "comment": ""}
    told = []
    for unit in wanted:
        broken = sorted(set(failed) & set(unit.digests))
        sentence: str | None
        if broken:
            sentence = f"{unit.name} is left as it runs: {', '.join(broken)} could not be written."
        else:
            sentence = _one(unit, services, answer, test=writer.test, packages_come=packages_come)
        if sentence:
            told.append(sentence)
            answer["result"] = False
            # What comes later may need what failed.
            break
    if writer.test and answer["changes"] and answer["result"]:
        answer["result"] = None
    done = [f"{name}: {change['new']}." for name, change in answer["changes"].items()]
    waiting = [f"{unit.name} waits for {', '.join(paths)}." for unit in wanted if (paths := missing(unit))]
    answer["comment"] = "\n".join([*done, *told, *waiting]) or "Everything runs with what is on the disk."
    return answer


def units(files: Iterable[File], writer: Writer) -> list[Wanted]:
    """The units of a node with the files they read, as these are on the disk, or in test mode will be.

    A digest is one of what the file means: a release that writes other comments restarts nothing.
    """
    from saltext.k8s_ha import _core

    files = list(files)
    ours = {file["path"] for file in files if file["managed"] == "yes"}
    found: dict[str, Wanted] = {}
    for file in files:
        name = file["activation"]["unit"]
        text = writer.text_of(file) if file["managed"] == "yes" else None
        if name is None or text is None:
            continue
        before = found.get(name, Wanted(name))
        place = writer.host.path(file["path"])
        written = place.stat().st_mtime if place.exists() else time.time()
        found[name] = Wanted(
            name,
            {**before.digests, file["path"]: sha256(_core.meaning(file["path"], text))},
            {**before.actions, file["path"]: file["activation"]["action"]},
            max(before.newest, written),
            # What is ours is written before, or will be.
            (*before.needs, *(path for path in file["needs"] if path not in ours)),
        )
    return list(found.values())


# Whose restart takes a vote away: it is left to the state that gives one host a turn after the other.
IN_TURN = frozenset({"etcd.service"})


@dataclass(frozen=True)
class InTurn:
    """One of these units: whether it has to be restarted, and that it was started with its files as they are."""

    name: str
    files: Iterable[File]
    writer: Writer

    def needs_restart(self) -> bool:
        """Whether it runs with other files than those that are on the disk, or in test mode will be."""
        services = Services(self.writer.modules, STAMPS)
        running = services.look(self.name)
        return running.active and any(action(unit, running) == "restart" for unit in self._units())

    def note_started(self) -> None:
        """Remember what it runs with."""
        for unit in self._units():
            _sync(unit.digests)
            Services(self.writer.modules, STAMPS).stamp(unit)

    def _units(self) -> list[Wanted]:
        return [unit for unit in units(self.files, self.writer) if unit.name == self.name]


def _one(
    unit: Wanted, services: Services, answer: dict[str, Any], *, test: bool, packages_come: bool
) -> str | None:
    """Bring one unit to run with its files; the sentence says why that failed."""
    running = services.look(unit.name)
    if not running.installed and test and packages_come:
        answer["changes"][unit.name] = {"old": "not installed", "new": "enabled"}
        return None
    if not running.installed:
        return f"{unit.name} is not installed; install its package and run again."
    waits = bool(missing(unit)) or (running.active and unit.name in IN_TURN)
    todo = "none" if waits else action(unit, running)
    steps = [*([] if running.enabled else ["enable"]), *([] if todo == "none" else [todo])]
    if steps:
        done = " and ".join(_DONE[step] for step in steps)
        answer["changes"][unit.name] = {"old": _state(running, todo), "new": done}
    if test:
        return None
    if todo != "none":
        _sync(unit.digests)
    for step in steps:
        try:
            with services.around(unit.name, step):
                services.do(step, unit.name)
        except HostError as error:
            del answer["changes"][unit.name]
            return str(error)
    if running.stamp != unit.digests and not waits:
        services.stamp(unit)
    return None


_DONE = {"enable": "enabled", "start": "started", "reload": "reloaded", "restart": "restarted"}


def missing(unit: Wanted) -> list[str]:
    """What is not there without which the unit cannot run, and which somebody else brings."""
    return [path for path in unit.needs if not Path(path).exists()]


def _state(running: Running, todo: str) -> str:
    runs = "running" if running.active else "stopped"
    earlier = " with earlier files" if todo in ("reload", "restart") else ""
    return f"{'enabled' if running.enabled else 'disabled'}, {runs}{earlier}"


def _sync(paths: Iterable[str]) -> None:
    """Salt does not wait for the disk; what a service begins to rely on must survive a power loss."""
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@dataclass(frozen=True)
class Services:
    """systemd, through Salt's service module, and the stamps of what was activated."""

    modules: Mapping[str, Callable[..., Any]]
    stamps: Path
    around: Around = ungated

    def look(self, unit: str) -> Running:
        """What is known about a unit."""
        if not self.modules["service.available"](unit):
            return Running(installed=False)
        return Running(
            installed=True,
            enabled=bool(self.modules["service.enabled"](unit)),
            active=bool(self.modules["service.status"](unit)),
            started=self._started(unit),
            stamp=self.ran_with(unit),
        )

    def do(self, step: str, unit: str) -> None:
        """Enable, start, reload or restart. Raises HostError when the unit does not do it."""
        done = self.modules[f"service.{step}"](unit)
        if done and (step == "enable" or self.modules["service.status"](unit)):
            return
        raise HostError(f"{unit} could not be {_DONE[step]}; `journalctl -u {unit}` says why.")

    def stamp(self, unit: Wanted) -> None:
        """Remember what a unit runs with."""
        self.stamps.mkdir(mode=0o755, parents=True, exist_ok=True)
        write_durably(self.stamps / unit.name, json.dumps(unit.digests, indent=1, sort_keys=True) + "\n")

    def ran_with(self, unit: str) -> dict[str, str] | None:
        """Digests of the files with which a unit was activated; None where it was not since the boot."""
        try:
            stamp: dict[str, str] = json.loads((self.stamps / unit).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        return stamp

    def _started(self, unit: str) -> float | None:
        shown = self.modules["service.show"](unit)
        return started(shown.get("ActiveEnterTimestampMonotonic") if isinstance(shown, Mapping) else None)


def started(active_enter: object) -> float | None:
    """When a unit was started, in seconds since the epoch, from systemd's ``ActiveEnterTimestampMonotonic``.

    None for one that was not, or where systemd says nothing that can be read.
    """
    try:
        since_boot = int(str(active_enter)) / 1e6
    except ValueError:
        return None
    return time.time() - (time.clock_gettime(time.CLOCK_MONOTONIC) - since_boot) if since_boot else None
