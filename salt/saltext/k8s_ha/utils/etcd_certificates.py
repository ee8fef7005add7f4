"""Brings certificates of an external etcd to this host, and renews them: keys are made here, the master signs.

etcd and kube-apiserver read their files anew at each connection, so nothing is restarted for a new one.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from saltext.k8s_ha.utils import certificates
from saltext.k8s_ha.utils.answer import Answer, state_answer
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.identity import OF_NODE
from saltext.k8s_ha.utils.record import write_durably

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Topology
    from saltext.k8s_ha.utils.ask_master import Master

MEMBER = "/etc/etcd/pki"
API_SERVER = "/etc/kubernetes/pki"
USER = "etcd"
SERVER, PEER, CLIENT = "server", "peer", "apiserver-etcd-client"


@dataclass(frozen=True)
class Place:
    """Where certificates of one use lie, and who reads the keys besides root: the group ``reader``."""

    directory: str
    authority: str
    names: tuple[str, ...]
    reader: str | None

    def paths(self) -> list[str]:
        """All files, the authority's certificate first."""
        pairs = (f"{name}.{ending}" for name in self.names for ending in ("crt", "key"))
        return [f"{self.directory}/{name}" for name in (self.authority, *pairs)]

    def missing(self, host: Host) -> list[str]:
        """Those that are not there."""
        return [path for path in self.paths() if not host.path(path).exists()]


OF_MEMBER = Place(MEMBER, "ca.crt", (SERVER, PEER), USER)
OF_API_SERVER = Place(API_SERVER, "etcd/ca.crt", (CLIENT,), None)


def places(member: Member, host: Host) -> list[Place]:
    """The uses that a node makes of an external etcd: as its member, and as an API server that has joined."""
    found = [OF_MEMBER] if member.has_external_member else []
    is_client = "control_plane" in member.roles and bool(member.topology.external_members())
    # Before that, the state that joins brings them: kubeadm's leftovers are removed first.
    if is_client and (OF_NODE.read(host) or {}).get("stage") == "member":
        found.append(OF_API_SERVER)
    return found


def apply(
    wanted: Sequence[Place], host: Host, topology: Topology, master: Callable[[], Master], *, test: bool
) -> Answer:
    """Bring the certificates of each use; the master is asked only where one is missing, or has lived most of its life.

    :returns: ``result``, ``changes`` and ``comment`` of a state.
    :raises HostError: when the master does not answer, or the cluster was never created.
    """
    answers = [_apply(place, host, topology, master, test=test) for place in wanted]
    changes = {path: change for answer in answers for path, change in answer["changes"].items()}
    told = (
        " ".join(answer["comment"] for answer in answers)
        or "No certificates of an external etcd are used here."
    )
    return state_answer(None if test and changes else True, told, changes)


def _apply(
    place: Place, host: Host, topology: Topology, master: Callable[[], Master], *, test: bool
) -> Answer:
    missing = place.missing(host)
    old = {} if missing else dict(_due(place, host))
    if not missing and not old:
        return state_answer(True, f"{_told(place, host)}.")
    new = dict.fromkeys(missing, "made here, signed by the master") | dict.fromkeys(old, "a new one")
    if test:
        answered = master().request({"subject": "authorities"})
        if answered.outcome != "authorities":
            raise HostError(f"Refused: {answered.reason}.")
        told = "Certificates of etcd would be made."
    else:
        bring(place, host, topology, master)
        told = f"Certificates of etcd were made: {_told(place, host)}."
        new |= {
            one.path: f"ends on {certificates.date(one.ends)}"
            for one in _read(place, host)
            if one.path in new
        }
    changes = {path: {"old": old.get(path, "absent"), "new": what} for path, what in new.items()}
    return state_answer(None if test else True, told, changes)


def bring(place: Place, host: Host, topology: Topology, master: Callable[[], Master]) -> None:
    """Make keys, have the master sign for them, and write all of it. Raises HostError when the master refuses."""
    # Here, not above: cryptography takes longer to load than all other states take to run.
    from saltext.k8s_ha.utils import pki

    keys = {name: pki.generate_key(topology.encryption_algorithm) for name in place.names}
    requests = {name: pki.request_for(key, f"k8s-ha:{name}") for name, key in keys.items()}
    answered = master().request({"subject": "etcd_certificates"}, certificates=requests)
    if answered.outcome != "etcd_certificates":
        raise HostError(f"Refused: {answered.reason}.")
    # A certificate is written after its key, and the authority's after all: half of them are none.
    for name, key in keys.items():
        _put(host, f"{place.directory}/{name}.key", pki.key_pem(key), place.reader)
        _put(host, f"{place.directory}/{name}.crt", answered.certificates[name])
    _put(host, f"{place.directory}/{place.authority}", answered.files["etcd/ca.crt"])


def _due(place: Place, host: Host) -> Iterator[tuple[str, str]]:
    """Paths of the certificates that have lived most of their life, and when they end."""
    for one in _read(place, host):
        if one.is_old(time.time()):
            yield one.path, f"ends on {certificates.date(one.ends)}"


def _told(place: Place, host: Host) -> str:
    return "; ".join(f"{one.path} ends on {certificates.date(one.ends)}" for one in _read(place, host))


def _read(place: Place, host: Host) -> Iterator[certificates.Certificate]:
    """The certificates of a use, the authority's aside. Raises HostError for one that is none."""
    from saltext.k8s_ha import _core

    for name in place.names:
        path = f"{place.directory}/{name}.crt"
        try:
            (one, *_) = _core.certificates_of_pem(host.path(path).read_bytes())
        except (_core.K8sHaError, ValueError) as error:
            raise HostError(f"{path} is no certificate ({error}): remove it, and apply again") from error
        yield certificates.Certificate(path, one["subject"], one["begins"], one["ends"])


def _put(host: Host, path: str, text: str, reader: str | None = None) -> None:
    """Write a file: a certificate for everybody, a key for root and the group that reads it."""
    place = host.path(path)
    place.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    write_durably(place, text)
    if not path.endswith(".key"):
        place.chmod(0o644)
        return
    _, group = host.owner("root", reader or "root")
    if reader and group:
        shutil.chown(place, group=group)
        place.chmod(0o640)
