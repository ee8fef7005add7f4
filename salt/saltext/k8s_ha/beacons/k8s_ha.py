"""Raise an event when a cluster survives less than before, or as much again.

The beacon looks at the cluster from a node of its control plane, or a host of its etcd, and asks the failure model what
is survived with what is down now. On other minions it has nothing to look with, and raises nothing. The event is
``salt/beacon/<minion>/k8s_ha/tolerance`` with ``dropped`` and ``returned`` (service, kind, from how many losses to how
many) and ``down``.

.. code-block:: yaml

    beacons:
      k8s_ha:
        - interval: 30
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import gate, tolerance_watch
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.loaded import loaded

if TYPE_CHECKING:
    __opts__: dict[str, Any]
    __pillar__: dict[str, Any]
    __context__: dict[str, Any]

__virtualname__ = "k8s_ha"

log = logging.getLogger(__name__)


def __virtual__() -> str | tuple[bool, str]:
    return loaded(__virtualname__)


def validate(config: object) -> tuple[bool, str]:
    """The configuration has nothing of its own."""
    if not isinstance(config, list):
        return False, "the configuration of the beacon k8s_ha must be a list, such as [{interval: 30}]"
    return True, "valid"


def beacon(_config: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Look once; an event where what is survived has changed since the last look."""
    verdict = gate.examine(__opts__["id"], __pillar__, __context__)
    if verdict.member is None:
        return []
    try:
        host = Host.of(__opts__)
        changed = tolerance_watch.look(verdict.member, host)
    except (HostError, OSError) as error:
        log.warning("what the cluster survives cannot be told: %s", error)
        return []
    return [{"tag": "tolerance", **changed}] if changed else []
