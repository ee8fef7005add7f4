"""Progress on Salt's event bus: how far a step is, in words."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from saltext.k8s_ha.utils.gate import Member

log = logging.getLogger(__name__)

Tell = Callable[[str, str], None]
"""Progress: a phase in one word, and a sentence."""


def teller(member: Member, modules: Mapping[str, Callable[..., Any]]) -> Tell:
    """What tells progress on the event bus, by a phase and a sentence; a bus that does not answer stops nothing."""

    def tell(phase: str, text: str) -> None:
        tag = f"salt/k8s-ha/{member.topology.cluster}/{member.node}/{phase}"
        try:
            modules["event.send"](tag, {"text": text})
        except Exception:
            log.warning("no event could be sent: %s %s", tag, text)

    return tell
