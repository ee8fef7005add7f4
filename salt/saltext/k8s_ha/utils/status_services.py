"""Whether the services of a node run with what is on the disk, and whether it holds the address that moves."""

from __future__ import annotations

import json

from saltext.k8s_ha.utils import activation
from saltext.k8s_ha.utils.host import HostError
from saltext.k8s_ha.utils.status_node import Node, Told
from saltext.k8s_ha.utils.unit import Running, Wanted, action
from saltext.k8s_ha.utils.write import Writer

_SECONDS = 2.0
_PROPERTIES = ("LoadState", "UnitFileState", "ActiveState", "ActiveEnterTimestampMonotonic")
# As `systemctl is-enabled` judges.
_ENABLED = frozenset({"enabled", "enabled-runtime", "static", "alias", "indirect", "generated", "transient"})
_ACTIVE = frozenset({"active", "reloading"})


def services(node: Node) -> Told:
    """Each unit that should run, in the order in which they are activated."""
    wanted = activation.units(node.member.files.values(), _reader(node))
    if not wanted:
        return "No service has a file here yet.", []
    running = _look(node, wanted)
    told, attention = {}, []
    for unit in wanted:
        told[unit.name], wrong = _judge(unit, running[unit.name])
        if wrong:
            attention.append(f"{unit.name} {wrong}")
    return told, attention


def _judge(unit: Wanted, running: Running) -> tuple[str, str | None]:
    """How a unit is, and what is wrong with it."""
    if not running.installed:
        return "not installed", "is not installed: see the state that installs packages"
    state = f"{'enabled' if running.enabled else 'disabled'}, {'running' if running.active else 'stopped'}"
    if waits := activation.missing(unit):
        return f"{state}, waits for {', '.join(waits)}", f"waits for {', '.join(waits)}"
    if not running.active:
        return state, f"does not run: `journalctl -u {unit.name}` says why"
    todo = action(unit, running)
    if todo != "none":
        changed = f"runs with earlier files: the next apply would {todo} it"
        return f"{state} with earlier files", changed
    return state, None if running.enabled else "is not enabled, and stays away after a boot: apply again"


def _look(node: Node, wanted: list[Wanted]) -> dict[str, Running]:
    """All units at once, without what Salt's service module does besides: it may reload systemd."""
    names = [unit.name for unit in wanted]
    properties = f"--property={','.join(_PROPERTIES)}"
    done = node.asker.run(["systemctl", "show", properties, "--", *names], _SECONDS)
    blocks = [block for block in done.stdout.strip().split("\n\n") if block]
    if done.code != 0 or len(blocks) != len(names):
        raise HostError(f"systemd does not tell: {done.said.splitlines()[0] if done.said else 'no answer'}")
    return {name: _running(name, block) for name, block in zip(names, blocks, strict=True)}


def _running(name: str, block: str) -> Running:
    shown = dict(line.split("=", 1) for line in block.splitlines() if "=" in line)
    return Running(
        installed=shown.get("LoadState") != "not-found",
        enabled=shown.get("UnitFileState") in _ENABLED,
        active=shown.get("ActiveState") in _ACTIVE,
        started=activation.started(shown.get("ActiveEnterTimestampMonotonic")),
        stamp=activation.Services({}, activation.STAMPS).ran_with(name),
    )


def address(node: Node) -> Told:
    """Whether this host holds the address of the API that moves."""
    vip = node.member.topology.api_vip
    if vip is None:
        return "No address moves in this cluster.", []
    done = node.asker.run(["ip", "-json", "address", "show", "to", vip], _SECONDS)
    try:
        held = [link["ifname"] for link in json.loads(done.stdout or "[]") if link.get("addr_info")]
    except (ValueError, TypeError, KeyError) as error:
        raise HostError(f"`ip` gives an answer that cannot be read: {done.said[:200]}") from error
    return {"address": vip, "held": bool(held), **({"interface": held[0]} if held else {})}, []


def _reader(node: Node) -> Writer:
    topology, asker = node.member.topology, node.asker
    return Writer(asker.host, {}, asker.modules, False, "", topology.drift, node.member.release)
