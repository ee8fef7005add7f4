"""Judges the pillar of each minion on the master, and says so in the pillar.

.. code-block:: yaml

    ext_pillar:
      - git: ...
      - k8s_ha: {}          # the last entry

It adds the key ``_k8s_ha`` and nothing else: ``schema``, ``version``, ``digest``, ``member``, ``findings``.
With ``on_error: refuse_all`` it also makes Salt refuse *every* state run, of whatever formula, on the nodes
of a cluster whose pillar is not valid. Without that, only the states of this extension refuse.

It asks nobody: no network, no cluster, no file, so that a pillar compiles when everything else is down. Only
when a node sends a request on purpose (to initialise or join its cluster) is the master's ledger asked, and
the answer stands in ``_k8s_ha``, with what is secret in it sealed to a key of that request.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import findings as texts
from saltext.k8s_ha.utils import gate, marker
from saltext.k8s_ha.utils.loaded import loaded

if TYPE_CHECKING:
    __opts__: dict[str, Any]
    __salt__: dict[str, Callable[..., Any]]

log = logging.getLogger(__name__)

__virtualname__ = "k8s_ha"

_CHOICES = ("report", "refuse_all")


def __virtual__() -> str | tuple[bool, str]:
    return loaded(__virtualname__)


def ext_pillar(
    minion_id: str,
    pillar: Mapping[str, Any],
    *_: object,
    on_error: str = "report",
    extra_minion_data: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """What is said about the pillar of a minion.

    on_error
        ``report``: findings stand in ``_k8s_ha``, and each state refuses by itself. ``refuse_all``: Salt
        refuses every state run of the cluster's minions.

    extra_minion_data
        What Salt hands over from the minion; a request of a node is in it.
    """
    from saltext.k8s_ha import __version__

    said: dict[str, Any] = {"schema": marker.SCHEMA, "version": __version__}
    setup = marker.setup_findings(__opts__)
    if on_error not in _CHOICES:
        # A misspelt choice must not be the weaker one.
        log.error("ext_pillar k8s_ha: on_error is %r; write one of %s", on_error, ", ".join(_CHOICES))
        on_error = "refuse_all"
    for finding in setup:
        log.warning("ext_pillar k8s_ha: %s", texts.line(finding))
    written = pillar.get(gate.ROOT_KEY)
    if written is None:
        # With ext_pillar_first nobody knows: the pillar comes later.
        member = None if __opts__.get("ext_pillar_first") else False
        return {"_k8s_ha": {**said, "member": member, **({"findings": setup} if setup else {})}}
    judged = marker.judge(written)
    is_stranger = judged.resolved and minion_id not in judged.minions
    if is_stranger:
        return {"_k8s_ha": {**said, "member": False, "digest": judged.digest}}
    answer: dict[str, Any] = {
        "_k8s_ha": {**said, "member": True, "digest": judged.digest, "findings": [*setup, *judged.findings]}
    }
    request = (extra_minion_data or {}).get(marker.REQUEST_KEY)
    if request is not None:
        answer["_k8s_ha"]["answer"] = _answer_request(minion_id, written, request)
    if on_error == "refuse_all" and not judged.valid:
        # A list: Salt takes a text apart into letters.
        blocking = [finding for finding in judged.findings if finding["blocks"]]
        answer["_errors"] = [f"k8s_ha: {line}" for line in texts.lines(blocking)]
    return answer


def _answer_request(minion_id: str, written: object, request: object) -> dict[str, Any]:
    from saltext.k8s_ha import Topology
    from saltext.k8s_ha.utils import master_answer

    def execute(function: str, *arguments: str) -> object:
        return __salt__[function](*arguments)

    return master_answer.answer(__opts__, Topology(written, gate.today()), minion_id, request, execute)
