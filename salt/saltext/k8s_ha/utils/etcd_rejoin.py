"""Gives this host's member of etcd its data anew, from the members that have it: for a host that has lost the data.

The old member is taken out before an empty one is started, so that nothing is ever asked of a member that has forgotten
what it acknowledged. The new one has no vote until it holds everything.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import etcd_manifest
from saltext.k8s_ha.utils.etcd_manifest import EtcdManifest
from saltext.k8s_ha.utils.etcd_pod import EtcdPod
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.identity import OF_NODE
from saltext.k8s_ha.utils.own_api import serves
from saltext.k8s_ha.utils.own_etcd import OwnEtcd
from saltext.k8s_ha.utils.removal import remove
from saltext.k8s_ha.utils.turn import turn

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Etcd, EtcdMember
    from saltext.k8s_ha.utils.ask_master import Master

_TURN_SECONDS = 60.0
_SYNC_SECONDS = 300.0
_SERVE_SECONDS = 120.0
_POLL_SECONDS = 0.5

Tell = Callable[[str, str], None]


@dataclass(frozen=True)
class Rejoin:
    """What is needed. ``modules`` is Salt's ``__salt__``."""

    member: Member
    host: Host
    master: Callable[[], Master]
    modules: Mapping[str, Callable[..., Any]]
    tell: Tell

    def run(self, *, test: bool) -> str:
        """Replace the member; a sentence that says what was done.

        :raises HostError: when this host has data, the others have no quorum, or the member does not come to life.
        """
        marker = self._refuse()
        members = self._etcd.members()
        old = [f"{each['id']:x}" for each in members if self._peer_url in each["peer_urls"]]
        planned = f"the member {', '.join(old)} " if old else "no member "
        if test:
            return (
                f"Would take {planned}out of etcd, and start an empty learner that is promoted when in sync."
            )
        began = time.monotonic()
        with turn(self.master(), self.tell, _TURN_SECONDS):
            self._stop()
            # Until it has caught up, this host is one whose join was begun: a run that dies here is gone on with so.
            OF_NODE.write(self.host, {**marker, "stage": "joining"})
            added = self._replace()
            self._start(added)
            self._promote(added)
            OF_NODE.write(self.host, marker)
            self._wait_until_served()
        return (
            f"Took {planned}out of etcd; the new one has all data, and a vote, after "
            f"{time.monotonic() - began:.0f} s."
        )

    @property
    def _peer_url(self) -> str:
        return self.member.topology.etcd_peer_url(self.member.node)

    @property
    def _data_dir(self) -> Path:
        return self.host.path(self.member.topology.etcd_data_dir)

    @property
    def _pod(self) -> EtcdPod:
        return EtcdPod(self.host, self.modules)

    @property
    def _etcd(self) -> OwnEtcd:
        return OwnEtcd(self.host, self.member.topology.stacked_members(self.member.node))

    def _refuse(self) -> dict[str, Any]:
        """The marker of this host, which is a member that has lost its data. HostError where it is something else."""
        marker = OF_NODE.read(self.host) or {}
        if not self.member.has_stacked_etcd or marker.get("stage") != "member":
            raise HostError(
                f"{self.member.node} is no control-plane node that has joined: nothing is to be replaced. "
                "salt '*' state.apply k8s.ha joins it"
            )
        if not self._etcd.others:
            raise HostError(
                "there is no other member that has the data: restore a snapshot (etcdutl snapshot restore)"
            )
        if log := self._log():
            raise HostError(
                f"{log} is there, so this member has data. If it is broken, move {self._data_dir}/member away first"
            )
        if missing := _unmounted(self.host, self._data_dir):
            raise HostError(
                f"{missing} is in /etc/fstab and not mounted: mount it, its data may still be there"
            )
        return marker

    def _log(self) -> Path | None:
        """A file of etcd's log; without one there is no data, for a member that could not start leaves a database."""
        given = EtcdManifest(self.host).flag("--wal-dir")
        directory = self.host.path(given) if given else self._data_dir / "member/wal"
        return next(directory.glob("*.wal"), None)

    def _stop(self) -> None:
        self.tell("rejoins", "stops the kubelet, etcd and the API server of this host")
        self._pod.stop()
        for leftover in self._data_dir.iterdir() if self._data_dir.is_dir() else []:
            if leftover.name != "lost+found":
                remove(leftover)

    def _replace(self) -> EtcdMember:
        """Take the old member out, and add an empty one without a vote."""
        from saltext.k8s_ha import _core

        etcd = self._speaker()
        try:
            for each in etcd.members():
                if self._peer_url in each["peer_urls"]:
                    self.tell("rejoins", f"takes the member {each['id']:x} out of etcd")
                    etcd.remove(each["id"])
            added = etcd.add_learner(self._peer_url)
        except _core.K8sHaError as error:
            raise HostError(
                f"etcd's members cannot be changed: {error}. This host's kubelet is stopped; see that the other "
                "members serve, then apply k8s.ha, which goes on"
            ) from error
        return next(each for each in added if self._peer_url in each["peer_urls"])

    def _speaker(self) -> Etcd:
        """Another member that answers for all."""
        from saltext.k8s_ha import _core

        for node in self._etcd.others:
            etcd = self._etcd.other(node)
            try:
                etcd.members()
            except _core.K8sHaError:
                continue
            return etcd
        raise HostError("no other member of etcd answers")

    def _start(self, added: EtcdMember) -> None:
        """Start the member with the list that etcd itself has now: it compares them."""
        others = [each for each in self._speaker().members() if each["id"] != added["id"]]
        listed = [f"{each['name']}={each['peer_urls'][0]}" for each in others]
        listed.append(f"{self.member.node}={self._peer_url}")
        EtcdManifest(self.host).write({etcd_manifest.LIST: ",".join(listed), etcd_manifest.STATE: "existing"})
        self._pod.start()

    def _promote(self, added: EtcdMember) -> None:
        from saltext.k8s_ha import _core

        self.tell("rejoins", f"waits until the new member {added['id']:x} has all data")
        deadline = time.monotonic() + _SYNC_SECONDS
        while True:
            try:
                self._speaker().promote(added["id"])
                return
            except _core.K8sHaError as error:
                if time.monotonic() > deadline:
                    raise HostError(
                        f"the new member {added['id']:x} has not caught up after {_SYNC_SECONDS:.0f} s ({error}). See "
                        "`crictl logs` of etcd on this host; state.apply k8s.ha begins anew"
                    ) from error
            time.sleep(_POLL_SECONDS)

    def _wait_until_served(self) -> None:
        deadline = time.monotonic() + _SERVE_SECONDS
        while not serves(self.member, self.host):
            if time.monotonic() > deadline:
                raise HostError(
                    f"the new member has all data and a vote, and the API server of this host does not serve after "
                    f"{_SERVE_SECONDS:.0f} s. See `crictl logs` of it"
                )
            time.sleep(_POLL_SECONDS)


def _unmounted(host: Host, directory: Path) -> str | None:
    """A mount point of /etc/fstab on the way to a directory that nothing is mounted on."""
    try:
        lines = host.path("/etc/fstab").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    points = [Path(fields[1]) for fields in map(str.split, lines) if len(fields) > 1 and fields[0][0] != "#"]
    on_the_way = [
        point for point in points if point in (directory, *directory.parents) and point != Path("/")
    ]
    return next((str(point) for point in on_the_way if not point.is_mount()), None)
