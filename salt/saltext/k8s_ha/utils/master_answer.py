"""The master's answer to a request of a node, given inside the external pillar.

Only a request that a node sends on purpose comes here; the ordinary pillar asks nobody and changes nothing.
"""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import etcd_pki, gate_certificate, ledger, pki, sealed
from saltext.k8s_ha.utils.encryption import configuration
from saltext.k8s_ha.utils.secret import SecretError, secret

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Topology

log = logging.getLogger(__name__)

_MOST_BYTES = 64 * 1024

Answer = dict[str, Any]


def answer(
    opts: Mapping[str, Any], topology: Topology, minion: str, request: object, execute: Callable[..., Any]
) -> Answer:
    """Answer a request: a dict with ``nonce``, ``outcome``, the master's ``time`` and, sealed, what is given.

    :param minion: the id that Salt has authenticated.
    :param execute: runs an execution module of Salt on the master, where a secret is kept elsewhere.
    """
    try:
        return _answer(opts, topology, minion, request, execute)
    except (ledger.RecordError, pki.PkiError, sealed.SealError, SecretError, ValueError, OSError) as error:
        reason = str(error)
    except Exception as error:  # a node that waits is told, whatever it is
        log.exception("a request of %s could not be answered", minion)
        reason = f"the master cannot answer ({type(error).__name__}); its log says why"
    return {"nonce": _text(request, "nonce"), "outcome": "refuse", "reason": reason, "attempt": ""}


def _answer(
    opts: Mapping[str, Any], topology: Topology, minion: str, request: object, execute: Callable[..., Any]
) -> Answer:
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
    nonce = _text(request, "nonce")
    with record.locked():
        kept = record.read()
        before = kept.write()
        decided: Answer = kept.decide(topology, node, body, secrets.token_hex(8), time.time())
        # Whoever cannot be given all is granted nothing: what cannot be resolved or signed raises here.
        given = _given(decided["outcome"], topology, node, record, request)
        if decided["outcome"] in ("initialise", "join"):
            given["encryption"] = _encryption(topology, node, opts, execute)
        if given:
            bound_to = sealed.context(cluster, node, nonce)
            decided["sealed"] = sealed.seal(json.dumps(given), _text(request, "receiver"), bound_to)
        # On the disk before the answer leaves: a master that dies now has granted nothing it does not know.
        if kept.write() != before:
            record.write(kept)
    return {**decided, "nonce": nonce, "ca_fingerprint": kept.ca_fingerprint, "time": time.time()}


def _encryption(topology: Topology, node: str, opts: Mapping[str, Any], execute: Callable[..., Any]) -> str:
    """The encryption configuration for a control-plane node, with its key; empty where there is none."""
    wanted = topology.encryption()
    if wanted is None or "control_plane" not in topology.roles(node):
        return ""
    provider, reference = wanted
    return configuration(provider, reference, secret(reference, opts, execute))


def _given(
    outcome: str, topology: Topology, node: str, record: ledger.ClusterRecord, request: object
) -> dict[str, Any]:
    """What goes with the outcome: authorities for the control plane, a certificate to join by for all."""
    if outcome not in ("authorities", "initialise", "join", "etcd_certificates", "gate_certificate"):
        return {}
    files = record.read_pki()
    if outcome == "etcd_certificates":
        return _of_etcd(topology, node, files, request)
    if outcome == "gate_certificate":
        return _of_gate(topology, node, files, request)
    if topology.external_members():
        # The control plane is a client of etcd and signs nothing for it.
        files = {name: text for name, text in files.items() if name != f"{etcd_pki.AUTHORITY}.key"}
    is_control_plane = "control_plane" in topology.roles(node)
    if outcome == "authorities":
        return {"files": {name: files[name] for name in ledger.CERTIFICATES}}
    given: dict[str, Any] = {"files": files if is_control_plane else {"ca.crt": files["ca.crt"]}}
    if outcome == "join":
        authority = pki.Authority(files["ca.crt"], files["ca.key"])
        given["certificate"] = authority.sign_join(_text(request, "signing_request"), node, pki.utc_now())
    return given


def _of_etcd(topology: Topology, node: str, files: Mapping[str, str], request: object) -> dict[str, Any]:
    """Certificates of an external etcd for what the node asks to be signed, and the one of its authority."""
    text = _text(request, "certificates")
    if len(text) > _MOST_BYTES:
        raise ValueError(f"the signing requests are longer than {_MOST_BYTES} bytes")
    asked = json.loads(text or "{}")
    if not isinstance(asked, dict) or not all(isinstance(each, str) for each in asked.values()):
        raise ValueError("the signing requests are no texts by name")
    name = f"{etcd_pki.AUTHORITY}.crt"
    authority = pki.Authority(files[name], files[f"{etcd_pki.AUTHORITY}.key"])
    signed = etcd_pki.sign(topology, node, authority, asked, pki.utc_now())
    return {"files": {name: files[name]}, "certificates": signed}


def _of_gate(topology: Topology, node: str, files: Mapping[str, str], request: object) -> dict[str, Any]:
    """A certificate for the API by which a node asks the gate, whatever name it asks for."""
    group = gate_certificate.group(topology.roles(node))
    if group is None:
        raise ValueError(f"node {node} needs no certificate to ask the gate")
    authority = pki.Authority(files["ca.crt"], files["ca.key"])
    certificate = authority.sign(
        _text(request, "signing_request"),
        node,
        common_name=gate_certificate.user(node),
        organization=group,
        validity_seconds=topology.certificate_validity,
        now=pki.utc_now(),
    )
    return {"files": {"ca.crt": files["ca.crt"]}, "certificate": certificate}


def _text(request: object, key: str) -> str:
    value = request.get(key) if isinstance(request, Mapping) else None
    return value if isinstance(value, str) else ""
