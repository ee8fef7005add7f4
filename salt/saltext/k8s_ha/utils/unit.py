"""One systemd unit: what it runs with, and what has to happen."""

from __future__ import annotations

from dataclasses import dataclass, field

# From the mildest to the strongest.
_STRENGTH = {"none": 0, "reload": 1, "restart": 2}
# A clock that was set between start and write must not hide a change.
_MARGIN_SECONDS = 2.0


@dataclass(frozen=True)
class Wanted:
    """The files of a unit."""

    name: str
    digests: dict[str, str] = field(default_factory=dict)
    actions: dict[str, str] = field(default_factory=dict)
    """``reload`` or ``restart`` by path."""
    newest: float = 0.0
    """When the newest of the files was written, in seconds since the epoch."""
    needs: tuple[str, ...] = ()
    """Paths without which it cannot start, and which somebody else brings."""


@dataclass(frozen=True)
class Running:
    """What is known about the unit."""

    installed: bool
    enabled: bool = False
    active: bool = False
    started: float | None = None
    """When it was started last, in seconds since the epoch."""
    stamp: dict[str, str] | None = None
    """Digests of the files that it runs with; None after a boot, or before the first activation."""


def action(wanted: Wanted, running: Running) -> str:
    """What has to happen: ``none``, ``start``, ``reload`` or ``restart``.

    A unit without a stamp that was started after its files were written runs with them: the host was booted.
    """
    if not running.active:
        return "start"
    stamp = running.stamp
    if stamp is None:
        is_newer = running.started is not None and running.started > wanted.newest + _MARGIN_SECONDS
        stamp = wanted.digests if is_newer else {}
    changed = [path for path, digest in wanted.digests.items() if stamp.get(path) != digest]
    return max((wanted.actions[path] for path in changed), key=_STRENGTH.__getitem__, default="none")
