"""What is cut at the switch's ports. All cuts in force stand in one list, from which the rules are made anew."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import TracebackType

from lab.commands import must, run
from lab.remains import NAMESPACES

_TABLE = "bridge lab"
_VRRP = ("ether type ip ip protocol 112", "ether type ip6 ip6 nexthdr 112")


class Direction(Enum):
    """Of a frame at the switch's port of a host."""

    TO_HOST = "to"
    FROM_HOST = "from"


@dataclass(eq=False)
class Cut:
    """A cut in force. `undo` lifts this one only, as the end of a `with` block does; doing so twice is fine."""

    what: str
    port: str | None
    down: bool
    rules: Sequence[str]
    lift: Callable[[Cut], None]

    def undo(self) -> None:
        """Lift the cut."""
        self.lift(self)

    def __enter__(self) -> Cut:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.undo()


class Ports:
    """The ports of the switch in the network namespace `switch`."""

    def __init__(self, switch: str) -> None:
        self._switch = switch
        self._cuts: list[Cut] = []
        self._down: set[str] = set()

    def port_down(self, port: str) -> Cut:
        """Take the port down."""
        return self._add(f"port {port} down", port, down=True)

    def drop_at(self, port: str, direction: Direction) -> Cut:
        """Drop every frame of this direction at the port."""
        match = "oifname" if direction is Direction.TO_HOST else "iifname"
        return self._add(f"frames {direction.value} {port}", port, rules=[f'{match} "{port}" drop'])

    def drop_between(self, some: Collection[str], others: Collection[str]) -> Cut:
        """Drop every frame from a port of the one side to one of the other."""
        one, other = _set(some), _set(others)
        rules = [f"iifname {one} oifname {other} drop", f"iifname {other} oifname {one} drop"]
        return self._add(f"frames between {one} and {other}", None, rules=rules if some and others else [])

    def drop_vrrp(self, ports: Collection[str]) -> Cut:
        """Drop VRRP from and to these ports."""
        sides = [f"{side} {_set(ports)} {vrrp} drop" for side in ("iifname", "oifname") for vrrp in _VRRP]
        return self._add(f"VRRP at {_set(ports)}", None, rules=sides if ports else [])

    def heal(self, port: str) -> None:
        """Lift the cuts of this port alone."""
        self._cuts = [cut for cut in self._cuts if cut.port != port]
        self.apply()

    def heal_all(self) -> None:
        """Lift every cut."""
        self._cuts = []
        self.apply()

    def is_down(self, port: str) -> bool:
        """Whether a cut keeps the port down."""
        return port in self._down

    def apply(self) -> None:
        """Make the switch what the list of cuts says, the rules in one step."""
        must(["nsenter", f"--net={Path(NAMESPACES, self._switch)}", "nft", "-f", "-"], stdin=self._ruleset())
        down = {cut.port for cut in self._cuts if cut.down and cut.port}
        for port in down | self._down:
            # The port of a host without power is gone: there is nothing to take down.
            run(["ip", "-n", self._switch, "link", "set", port, "down" if port in down else "up"])
        self._down = down

    def _add(self, what: str, port: str | None, *, down: bool = False, rules: Sequence[str] = ()) -> Cut:
        cut = Cut(what, port, down, rules, self._lift)
        self._cuts.append(cut)
        self.apply()
        return cut

    def _lift(self, cut: Cut) -> None:
        if cut in self._cuts:
            self._cuts.remove(cut)
            self.apply()

    def _ruleset(self) -> str:
        rules = "\n".join(rule for cut in self._cuts for rule in cut.rules)
        # Frames from and to the switch's own address do not pass `forward`.
        chains = "\n".join(
            f"chain {hook} {{\ntype filter hook {hook} priority 0; policy accept;\n{rules}\n}}"
            for hook in ("forward", "input", "output")
        )
        return f"table {_TABLE}\ndelete table {_TABLE}\ntable {_TABLE} {{\n{chains}\n}}\n"


def _set(ports: Collection[str]) -> str:
    return "{ " + ", ".join(f'"{port}"' for port in sorted(ports)) + " }"
