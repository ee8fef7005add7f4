"""Where the virtual machines of a cluster run, asked of Proxmox VE by the master, which alone resolves the token."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils.host import HostError
from saltext.k8s_ha.utils.secret import SecretError, secret

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Topology


def tell(
    topology: Topology, opts: Mapping[str, Any], execute: Callable[..., Any]
) -> tuple[list[dict[str, Any]] | None, list[str]]:
    """Where each machine is, and what is not as the pillar says, with what it costs.

    :param execute: runs an execution module of Salt on the master, where the token is kept elsewhere.
    :return: None for the machines where nobody can say: Proxmox VE does not answer, or the pillar has no way to ask it.
    """
    from saltext.k8s_ha import _core

    try:
        seen = look(topology, opts, execute)
    except HostError as error:
        return None, [str(error)]
    if seen is None:
        return None, []
    machines: list[dict[str, Any]] = json.loads(seen)
    return machines, _core.misplaced(topology, seen)


def look(topology: Topology, opts: Mapping[str, Any], execute: Callable[..., Any]) -> str | None:
    """Where each machine is, as JSON; None where the pillar has no way to ask.

    :param execute: runs an execution module of Salt on the master, where the token is kept elsewhere.
    :raises HostError: when Proxmox VE does not answer, or not us.
    """
    from saltext.k8s_ha import _core

    reference = _core.proxmox_token(topology)
    if reference is None:
        return None
    try:
        return _core.machines(topology, secret(reference, opts, execute))
    except (SecretError, _core.LiveError) as error:
        raise HostError(f"where the machines run is not known: {error}") from error
