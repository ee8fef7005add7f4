"""A host's certificate for the API, by which it asks the gate: its key is made here, the master signs.

Workers never hold certificates of etcd, and the kubelet's own shows them nothing of other nodes. Hosts that run the
load balancer alone have nothing else to show.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import certificates, delivery, kubeconfig
from saltext.k8s_ha.utils.answer import Answer, state_answer
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.record import write_durably

if TYPE_CHECKING:
    from saltext.k8s_ha.utils.ask_master import Master

PATH = "/etc/kubernetes/k8s-ha.kubeconfig"
GROUP = "k8s-ha:workers"
BALANCERS = "k8s-ha:load-balancers"
USER_PREFIX = "k8s-ha:node:"

# As kubeadm and the kubelet have it.
_CA = f"{delivery.PKI}/ca.crt"


def user(node: str) -> str:
    """As whom the API knows a node."""
    return f"{USER_PREFIX}{node}"


def group(roles: Collection[str]) -> str | None:
    """The group of users of a node with these roles; None for one that needs no certificate.

    Workers have one, unless they are of the control plane, which may do everything already; and balancers alone.
    """
    if of_balancer_alone(roles):
        return BALANCERS
    return GROUP if "worker" in roles and "control_plane" not in roles else None


def of_balancer(roles: Collection[str]) -> bool:
    """Whether a node of these roles runs the load balancer, and nothing of the control plane or etcd."""
    return "load_balancer" in roles and not {"control_plane", "etcd"} & set(roles)


def of_balancer_alone(roles: Collection[str]) -> bool:
    """Whether a node of these roles runs the load balancer and nothing else."""
    return of_balancer(roles) and "worker" not in roles


def needed(member: Member) -> bool:
    """Whether a node has one."""
    return group(member.roles) is not None


@dataclass(frozen=True)
class GateCertificate:
    """What is needed to bring it."""

    member: Member
    host: Host
    master: Callable[[], Master]
    """The way to the master; taken only where there is something to sign."""

    def apply(self, *, test: bool) -> Answer:
        """Bring it, or renew it when it has lived most of its life, or leads elsewhere than the pillar says.

        :returns: ``result``, ``changes`` and ``comment`` of a state.
        :raises HostError: when the master does not answer, or refuses.
        """
        found = _read(self.host)
        old = self._why_not(found)
        if found is not None and not old:
            return state_answer(True, f"{PATH} ends on {certificates.date(found.ends)}.")
        if test:
            answered = self.master().request({"subject": "authorities"})
            if answered.outcome != "authorities":
                raise HostError(f"Refused: {answered.reason}.")
            changes = {PATH: {"old": old, "new": "made here, signed by the master"}}
            return state_answer(None, "A certificate for the API would be made.", changes)
        self._bring()
        made = _read(self.host)
        ends = "is none" if made is None else f"ends on {certificates.date(made.ends)}"
        changes = {PATH: {"old": old, "new": ends}}
        return state_answer(True, f"A certificate for the API was made: {PATH} {ends}.", changes)

    def _why_not(self, found: _Found | None) -> str:
        """Why there has to be a new one; empty where there has not."""
        if found is None:
            return "unreadable" if self.host.path(PATH).exists() else "absent"
        if found.is_old(time.time()):
            return f"ends on {certificates.date(found.ends)}"
        if found.subject != _subject(self.member):
            return "of somebody else"
        if found.server != self._server:
            return f"leads to {found.server}"
        own = self._own_ca()
        return "trusts another CA than this node" if own is not None and own != found.ca else ""

    def _bring(self) -> None:
        answered = self.master().request({"subject": "gate_certificate"})
        if answered.outcome != "gate_certificate":
            raise HostError(f"Refused: {answered.reason}.")
        text = kubeconfig.text(
            self._server,
            self._own_ca() or answered.files["ca.crt"],
            user(self.member.node),
            answered.certificate,
            answered.key,
        )
        place = self.host.path(PATH)
        place.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        write_durably(place, text)

    @property
    def _server(self) -> str:
        """Where the kubelet reaches the API, too: kubeadm takes it from the endpoint."""
        return f"https://{self.member.topology.control_plane_endpoint}"

    def _own_ca(self) -> str | None:
        """What this node trusts; it may hold a new CA beside the one that the master has."""
        path = delivery.BALANCER_CA if of_balancer_alone(self.member.roles) else _CA
        try:
            return self.host.path(path).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None


@dataclass(frozen=True)
class _Found(certificates.Certificate):
    server: str
    ca: str


def _read(host: Host) -> _Found | None:
    """What is there; None for what is no whole kubeconfig of ours, which is made anew."""
    from saltext.k8s_ha import _core

    try:
        contents = host.path(PATH).read_bytes()
        (one, *_) = _core.client_of_kubeconfig(contents)["certificates"]
        cluster: dict[str, Any] = json.loads(contents)["clusters"][0]["cluster"]
        ca = base64.b64decode(cluster["certificate-authority-data"]).decode()
        return _Found(PATH, one["subject"], one["begins"], one["ends"], str(cluster["server"]), ca)
    except (FileNotFoundError, _core.K8sHaError, ValueError, LookupError, TypeError):
        return None


def _subject(member: Member) -> str:
    """As the subject of the certificate reads (RFC 4514)."""
    return f"CN={user(member.node)},O={group(member.roles)}"
