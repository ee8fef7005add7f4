"""The master's answer to a request of a node, given inside the external pillar.

Only a request that a node sends on purpose comes here; the ordinary pillar asks nobody and changes nothing.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import ledger, pki, sealed

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Topology

REQUEST_KEY = "k8s_ha_request"
_MOST_BYTES = 64 * 1024

Answer = dict[str, Any]


def answer(opts: Mapping[str, Any], topology: Topology, minion: str, request: object) -> Answer:
    """Answer a request: a dict with ``nonce``, ``outcome``, the master's ``time`` and, sealed, what is given.

    :param minion: the id that Salt has authenticated.
    """
    try:
        return _answer(opts, topology, minion, request)
    except (ledger.RecordError, pki.PkiError, sealed.SealError, ValueError, OSError) as error:
        return {"nonce": _text(request, "nonce"), "outcome": "refuse", "reason": str(error), "attempt": ""}


def _answer(opts: Mapping[str, Any], topology: Topology, minion: str, request: object) -> Answer:
    if not topology.valid:
        raise ValueError("the pillar is not valid")
    node = topology.minions.get(minion)
    cluster = topology.cluster or ""
    if node is None:
        raise ValueError(f"cluster {cluster} names no node with the minion id {minion}")
    record = ledger.ClusterRecord.of(opts, cluster)
    if not record.exists:
        raise ledger.RecordError(
            f"cluster {cluster} was never created on this master. If it never existed: salt-run k8s_ha.create"
            f" {cluster}. If it did: restore {record.directory} from the backup of the master that created it"
        )
    body = _text(request, "body")
    if len(body) > _MOST_BYTES:
        raise ValueError(f"the request is longer than {_MOST_BYTES} bytes")
    with record.locked():
        kept = record.read()
        before = kept.write()
        decided: Answer = kept.decide(topology, node, body, secrets.token_hex(8), time.time())
        # On the disk before the answer leaves: a master that dies now has granted nothing it does not know.
        if kept.write() != before:
            record.write(kept)
    nonce = _text(request, "nonce")
    given = _given(decided["outcome"], topology, node, record, _text(request, "signing_request"))
    if given:
        context = seal_context(cluster, node, nonce)
        decided["sealed"] = sealed.seal(json.dumps(given), _text(request, "receiver"), context)
    return {**decided, "nonce": nonce, "ca_fingerprint": kept.ca_fingerprint, "time": time.time()}


def seal_context(cluster: str, node: str, nonce: str) -> str:
    """What a sealed answer is bound to."""
    return f"k8s-ha {cluster} {node} {nonce}"


def _given(
    outcome: str, topology: Topology, node: str, record: ledger.ClusterRecord, signing_request: str
) -> dict[str, Any]:
    """What goes with the outcome: authorities for the control plane, a certificate to join by for all."""
    if outcome not in ("authorities", "initialise", "join"):
        return {}
    files = record.read_pki()
    is_control_plane = "control_plane" in topology.roles(node)
    if outcome == "authorities":
        return {"files": {name: files[name] for name in ledger.CERTIFICATES}}
    given: dict[str, Any] = {"files": files if is_control_plane else {"ca.crt": files["ca.crt"]}}
    if outcome == "join":
        authority = pki.Authority(files["ca.crt"], files["ca.key"])
        given["certificate"] = authority.sign_join(signing_request, node, pki.utc_now())
    return given


def _text(request: object, key: str) -> str:
    value = request.get(key) if isinstance(request, Mapping) else None
    return value if isinstance(value, str) else ""
