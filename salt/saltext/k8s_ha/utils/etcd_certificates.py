"""Brings certificates of an external etcd to this host: keys are made here, the master signs."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from saltext.k8s_ha.utils import etcd_pki, pki
from saltext.k8s_ha.utils.answer import Answer, state_answer
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.record import write_durably

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Topology
    from saltext.k8s_ha.utils.ask_master import Master

MEMBER = "/etc/etcd/pki"
API_SERVER = "/etc/kubernetes/pki"
USER = "etcd"


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

    def is_whole(self, host: Host) -> bool:
        """Whether all of them are there."""
        return all(host.path(path).exists() for path in self.paths())


OF_MEMBER = Place(MEMBER, "ca.crt", (etcd_pki.SERVER, etcd_pki.PEER), USER)
OF_API_SERVER = Place(API_SERVER, "etcd/ca.crt", (etcd_pki.CLIENT,), None)


def bring(place: Place, host: Host, topology: Topology, master: Callable[[], Master]) -> None:
    """Make keys, have the master sign for them, and write all of it. Raises HostError when the master refuses."""
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


def apply(
    place: Place, host: Host, topology: Topology, master: Callable[[], Master], *, test: bool
) -> Answer:
    """Bring the certificates of a host, once; the master is asked only where one of them is not there.

    :returns: ``result``, ``changes`` and ``comment`` of a state.
    :raises HostError: when the master does not answer, or the cluster was never created.
    """
    missing = [path for path in place.paths() if not host.path(path).exists()]
    if missing and test:
        answered = master().request({"subject": "authorities"})
        if answered.outcome != "authorities":
            raise HostError(f"Refused: {answered.reason}.")
        changes = {path: {"old": "absent", "new": "made here, signed by the master"} for path in missing}
        return state_answer(None, "Certificates of etcd would be brought.", changes)
    if missing:
        bring(place, host, topology, master)
    last = ends(place, host)
    told = "; ".join(f"{path} ends on {day}" for path, day in last.items())
    changes = {path: {"old": "absent", "new": last.get(path, "written")} for path in missing}
    return state_answer(True, f"{told}.", changes)


def ends(place: Place, host: Host) -> Mapping[str, str]:
    """The last day of each certificate by its path, such as ``2027-06-01``; the authority's own aside."""
    found = {}
    for name in place.names:
        path = f"{place.directory}/{name}.crt"
        certificate = pki.read_certificate(host.path(path).read_text(encoding="utf-8"), path)
        found[path] = certificate.not_valid_after_utc.date().isoformat()
    return found


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
