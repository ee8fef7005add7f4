"""The control plane as a client of an external etcd: its certificate, and a quorum to begin with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from saltext.k8s_ha.utils import etcd_certificates
from saltext.k8s_ha.utils.etcd_endpoints import Endpoints
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import Host
from saltext.k8s_ha.utils.tell import Tell

if TYPE_CHECKING:
    from saltext.k8s_ha.utils.ask_master import Master

_QUORUM_SECONDS = 180.0


def prepare(
    member: Member, host: Host, master: Callable[[], Master], tell: Tell, limit: float = _QUORUM_SECONDS
) -> None:
    """Bring what kubeadm wants to find of an external etcd, and wait for its quorum; nothing where it is stacked.

    :raises HostError: when the master refuses, or there is no quorum after ``limit`` seconds.
    """
    urls = member.topology.external_members()
    if not urls:
        return
    place = etcd_certificates.OF_API_SERVER
    etcd_certificates.bring(place, host, member.topology, master)
    authority, certificate, key = (host.path(path).read_text(encoding="utf-8") for path in place.paths())
    members = Endpoints(urls, authority, certificate, key)
    members.wait_until_served(members.majority, limit, "etcd has no quorum", lambda text: tell("waits", text))
