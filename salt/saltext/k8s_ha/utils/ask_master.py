"""A node's requests to its master, by way of the pillar: nothing of them is in a job, an event or a log.

The request names a key that was made for it, and what is secret in the answer is sealed to that key.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import pki, sealed
from saltext.k8s_ha.utils.host import HostError
from saltext.k8s_ha.utils.marker import REQUEST_KEY

if TYPE_CHECKING:
    from saltext.k8s_ha.utils.gate import Member

log = logging.getLogger(__name__)

Ask = Callable[[Mapping[str, str]], Mapping[str, Any]]


@dataclass(frozen=True)
class Answered:
    """What the master said. What is secret in it is shown nowhere."""

    outcome: str
    reason: str = ""
    attempt: str = ""
    kube_system_uid: str | None = None
    ca_fingerprint: str = ""
    time: float | None = None
    """The master's clock, in seconds since the epoch."""
    files: Mapping[str, str] = field(default_factory=dict, repr=False)
    encryption: str = field(default="", repr=False)
    certificate: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    certificates: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Certificates of etcd by name."""


@dataclass(frozen=True)
class Master:
    """The way to the master for one node."""

    cluster: str
    node: str
    ask: Ask

    def request(
        self,
        subject: Mapping[str, Any],
        evidence: Mapping[str, Any] | None = None,
        *,
        certificates: Mapping[str, str] | None = None,
    ) -> Answered:
        """Send one request and open its answer.

        :param certificates: signing requests for certificates of etcd, by name.
        :raises HostError: when the master does not answer, or answers something else.
        """
        receiver = sealed.Receiver()
        nonce = secrets.token_hex(16)
        key, signing_request = pki.signing_request(self.node)
        sent = {
            "nonce": nonce,
            "receiver": receiver.public,
            "signing_request": signing_request,
            "certificates": json.dumps(dict(certificates or {})),
            "body": json.dumps({**subject, "evidence": evidence or {}}),
        }
        answer = self.ask(sent)
        if answer.get("nonce") != nonce:
            raise HostError(_STALE)
        opened = json.loads(self._open(receiver, nonce, answer.get("sealed")))
        return Answered(
            outcome=str(answer.get("outcome")),
            reason=str(answer.get("reason") or ""),
            attempt=str(answer.get("attempt") or ""),
            kube_system_uid=answer.get("kube_system_uid"),
            ca_fingerprint=str(answer.get("ca_fingerprint") or ""),
            time=answer.get("time"),
            files=opened.get("files", {}),
            encryption=opened.get("encryption", ""),
            certificate=opened.get("certificate", ""),
            key=key,
            certificates=opened.get("certificates", {}),
        )

    def _open(self, receiver: sealed.Receiver, nonce: str, text: object) -> str:
        if not isinstance(text, str):
            return "{}"
        try:
            return receiver.open(text, sealed.context(self.cluster, self.node, nonce))
        except sealed.SealError as error:
            raise HostError(f"{error}; run again") from error


_STALE = (
    "The master gave no answer of its own. Either it has no external pillar k8s_ha: add "
    "`ext_pillar: [{k8s_ha: {}}]` to its configuration, as the last entry. Or it gave an old one: set "
    "`pillar_cache: False`, because grants must be fresh."
)


def has_master(opts: Mapping[str, Any]) -> bool:
    """Whether this minion gets its pillar from a master: not where it is masterless, or run by salt-ssh."""
    return opts.get("file_client") != "local" or bool(opts.get("use_master_when_local"))


def through_pillar(opts: Mapping[str, Any], grains: Mapping[str, Any]) -> Ask:
    """Ask by compiling this minion's pillar on the master. Raises HostError where there is no master."""
    import salt.exceptions
    import salt.pillar

    settings = dict(opts)
    if not has_master(settings):
        raise HostError(
            "Refused: this minion has no master (masterless, or salt-ssh). Clusters are created and joined "
            "with a master, whose ledger decides who initialises. Without one, files are rendered."
        )

    def ask(request: Mapping[str, str]) -> Mapping[str, Any]:
        try:
            remote = salt.pillar.get_pillar(
                settings,
                dict(grains),
                settings["id"],
                settings.get("saltenv"),
                pillarenv=settings.get("pillarenv"),
                extra_minion_data={REQUEST_KEY: dict(request)},
            )
            compiled = remote.compile_pillar()
        except salt.exceptions.SaltException as error:
            raise HostError(f"The master does not answer: {error}") from error
        marker = compiled.get("_k8s_ha")
        answer = marker.get("answer") if isinstance(marker, Mapping) else None
        return answer if isinstance(answer, Mapping) else {}

    return ask


def master_of(member: Member, opts: Mapping[str, Any], grains: Mapping[str, Any]) -> Master:
    """The way of a node to its master. Raises HostError where there is none."""
    return Master(member.topology.cluster or "", member.node, through_pillar(opts, grains))
