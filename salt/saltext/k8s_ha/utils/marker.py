"""What the external pillar says: kept, so that the many minions of one cluster cost one judgement."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import findings as texts
from saltext.k8s_ha.utils import gate

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Finding

SCHEMA = 1
# Under it stands a node's request among what Salt hands over from the minion.
REQUEST_KEY = "k8s_ha_request"
_MOST = 4


@dataclass(frozen=True)
class Judgement:
    """The verdict on a pillar, without the pillar."""

    digest: str
    valid: bool
    minions: dict[str, str]
    resolved: bool
    findings: list[Finding]


# One for each process of the master; the digest covers the pillar, and accepted risks expire.
_KEPT: OrderedDict[tuple[str, str, str], Judgement] = OrderedDict()


def judge(written: object) -> Judgement:
    """The judgement on the value of ``k8s_ha``."""
    from saltext.k8s_ha import _core

    try:
        key = (_core.digest(written), _core.version(), gate.today())
        if key not in _KEPT:
            _KEPT[key] = _judge(_core.Topology(written, key[2]))
            if len(_KEPT) > _MOST:
                _KEPT.popitem(last=False)
        _KEPT.move_to_end(key)
        return _KEPT[key]
    except (TypeError, _core.K8sHaError) as error:
        return Judgement("", False, {}, False, [texts.unreadable(str(error))])


def _judge(topology: Any) -> Judgement:  # noqa: ANN401 (loaded when it is needed)
    return Judgement(
        topology.digest, topology.valid, topology.minions, topology.cluster is not None, topology.findings
    )


def setup_findings(opts: Mapping[str, Any]) -> list[Finding]:
    """How the master is set up, where that takes the meaning from what is judged here."""
    found = []
    if opts.get("ext_pillar_first"):
        found.append(
            texts.setup(
                "SALT-002",
                "ext-pillar-first",
                "warn",
                "ext_pillar_first is true, so the external pillar k8s_ha sees no pillar",
                why="Nothing is judged on the master; each state still judges before it changes anything.",
                remedy="set ext_pillar_first: False",
            )
        )
    entries = [next(iter(entry), "") for entry in opts.get("ext_pillar") or [] if isinstance(entry, Mapping)]
    later = entries[entries.index("k8s_ha") + 1 :] if "k8s_ha" in entries else []
    if later:
        found.append(
            texts.setup(
                "SALT-003",
                "ext-pillar-not-last",
                "warn",
                f"ext_pillar has entries after k8s_ha: {', '.join(later)}",
                why="They may change the pillar after it was judged.",
                remedy="make k8s_ha the last entry of ext_pillar",
            )
        )
    return found
