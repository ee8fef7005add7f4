"""Makes this host a member of its cluster: by ``kubeadm init`` where the master grants it, else by join.

Every step begins with a mark on the root disk, so that the next run goes on where one has died.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import begun, delivery, etcd_client, evidence, kubernetes, preconditions
from saltext.k8s_ha.utils.answer import Answer, state_answer
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.grant import told_when_it_fails, until_granted
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.identity import OF_NODE
from saltext.k8s_ha.utils.kubeadm import Kubeadm
from saltext.k8s_ha.utils.own_api import own_api
from saltext.k8s_ha.utils.tell import Tell

if TYPE_CHECKING:
    from saltext.k8s_ha.utils.ask_master import Answered, Master

_POLL_SECONDS = 2.0
_READY_SECONDS = 180.0
_PROBE_SECONDS = 3.0
# As kubeadm says it. Kubernetes takes a node for lost after 50 seconds of silence, looking every 5.
_OLD_NODE = 'status "Ready" already exists in the cluster'
_OLD_NODE_SECONDS = 90.0
_OLD_NODE_POLL_SECONDS = 5.0


@dataclass(frozen=True)
class Membership:
    """What is needed to make this host a member."""

    member: Member
    host: Host
    master: Callable[[], Master]
    """The way to the master; taken only where this host is no member yet."""
    kubeadm: Kubeadm
    tell: Tell
    fails_on_swap: bool = True
    wait_seconds: float = 900.0

    def attain(self, *, test: bool) -> Answer:
        """Make this host a member, or find that it is one.

        :returns: ``result``, ``changes`` and ``comment`` of a state.
        :raises HostError: when the master refuses, or something has to be mended first.
        """
        marker = OF_NODE.read(self.host)
        cluster = self.member.topology.cluster
        if marker and is_member(marker, self.host):
            return _answer(True, f"A member of cluster {cluster} (UID {marker.get('kube_system_uid')}).")
        if not self.host.is_live:
            return _answer(True, f"Below {self.host.root} nothing is initialised or joined.")
        if test:
            self._refuse_if_not_created()
            return _answer(None, "Would initialise or join the cluster, as the master decides.", "a member")
        if marker and marker.get("stage") == "member":
            raise HostError(
                f"this host is marked as a member of cluster {marker.get('cluster')} and has no "
                f"{kubernetes.KUBELET_CONF}: it was reset by hand, or lost a part of its disk. To have it join anew, "
                f"remove {OF_NODE.path} and apply again"
            )
        # Refuses where there is none, whatever else is wrong.
        self.master()
        etcd_data = self._etcd_data if self._is_control_plane else None
        preconditions.refuse(self.host, etcd_data=etcd_data, fails_on_swap=self.fails_on_swap)
        answered = self._granted()
        if answered.outcome == "initialise":
            self._initialise(answered)
        elif answered.outcome == "join":
            self._join(answered)
        uid, how = self._finish()
        return _answer(True, f"Cluster {cluster} (UID {uid}): {how}.", how)

    def _refuse_if_not_created(self) -> None:
        """Ask for what changes nothing on the master."""
        answered = self.master().request({"subject": "authorities"})
        if answered.outcome == "refuse":
            raise HostError(f"Refused: {answered.reason}.")

    def _granted(self) -> Answered:
        """Ask until the master grants something, at most for the time that a state may wait."""

        def ask() -> Answered:
            found = evidence.gather(self.host, self._etcd_data)
            answered = self.master().request({"subject": "membership"}, found)
            if answered.time is not None:
                with told_when_it_fails(self.master):
                    preconditions.refuse_clock(time.time(), answered.time)
            return answered

        return until_granted(ask, self.wait_seconds, self.tell)

    def _initialise(self, answered: Answered) -> None:
        marker = OF_NODE.read(self.host)
        if marker and marker.get("stage") == "initialised":
            return
        with told_when_it_fails(self.master):
            self._begin("initialising", answered, marker)
            self.tell("initialises", "kubeadm init begins")
            self._run(self.kubeadm.init)
            self._mark("initialised", answered, self._own_uid())

    def _join(self, answered: Answered) -> None:
        try:
            with told_when_it_fails(self.master):
                self._wait_for_endpoint(answered)
                self._forget_old_member(answered)
                deadline = time.monotonic() + _OLD_NODE_SECONDS
                while not self._kubeadm_joins(answered, final=time.monotonic() > deadline):
                    self.tell("waits", "until the Node of an earlier life of this host counts as lost")
                    time.sleep(_OLD_NODE_POLL_SECONDS)
                # A worker may not read it; it knows the cluster by its CA.
                uid = self._own_uid() if self._is_control_plane else answered.kube_system_uid
                self._mark("joined", answered, uid)
                begun.end_earlier_life(self.member, self.host)
        finally:
            delivery.remove_discovery(self.host)

    def _kubeadm_joins(self, answered: Answered, *, final: bool) -> bool:
        """Run ``kubeadm join``; False where it has to be tried again, because the Node is still shown as ready.

        A host that was installed again is back sooner than the cluster notices that it was away.
        """
        self._begin("joining", answered, OF_NODE.read(self.host))
        delivery.put_discovery(self.host, self.member.topology.control_plane_endpoint, answered)
        self.tell("joins", "kubeadm join begins")
        try:
            self._run(self.kubeadm.join)
        except HostError as error:
            if final or _OLD_NODE not in str(error):
                raise
            return False
        return True

    def _run(self, kubeadm: Callable[[], None]) -> None:
        """Run kubeadm; where it fails, say also what filled up meanwhile, which it does not name."""
        try:
            kubeadm()
        except HostError as error:
            full = list(
                preconditions.full_disks(self.host, self._etcd_data if self._is_control_plane else None)
            )
            raise HostError("; ".join([*full, str(error)])) from error

    def _finish(self) -> tuple[str, str]:
        """Tell the master, and mark this host as a member: its cluster's UID, and how it became one."""
        marker = OF_NODE.read(self.host) or {}
        uid, how = str(marker.get("kube_system_uid")), str(marker.get("stage"))
        if how != "member":
            report = {"subject": how, "kube_system_uid": uid, "attempt": marker.get("attempt")}
            answered = self.master().request(report)
            if answered.outcome != "recorded":
                raise HostError(f"Refused: {answered.reason}.")
            OF_NODE.write(self.host, {**marker, "stage": "member"})
            self.tell(how, f"{self.member.node} is a member of the cluster with the UID {uid}")
        return uid, how

    def _begin(self, stage: str, answered: Answered, marker: dict[str, Any] | None) -> None:
        """Mark what is begun, after removing what an attempt left that did not end."""
        if marker:
            self.tell("cleans", "removes what the attempt before left")
            self.kubeadm.remove_unfinished(self._etcd_data)
        self._mark(stage, answered, None)
        if self._is_control_plane:
            # On a worker kubeadm writes the CA's certificate itself, and refuses one that is there.
            delivery.put_authorities(self.host, answered.files)
            if answered.encryption:
                delivery.put_encryption(self.host, answered.encryption)
            etcd_client.prepare(self.member, self.host, self.master, self.tell)

    def _forget_old_member(self, answered: Answered) -> None:
        """No member of an earlier life of this host may be left in a stacked etcd when it joins."""
        from saltext.k8s_ha.utils.etcd_member import StaleMember

        topology = self.member.topology
        others = topology.stacked_members(self.member.node)
        if others and self.member.has_stacked_etcd:
            peer_url = topology.etcd_peer_url(self.member.node)
            StaleMember(others, peer_url, answered.files).forget(self.tell)

    def _mark(self, stage: str, answered: Answered, uid: str | None) -> None:
        marker = {
            "cluster": self.member.topology.cluster,
            "node": self.member.node,
            "stage": stage,
            "attempt": answered.attempt,
            "ca_fingerprint": answered.ca_fingerprint,
            "kube_system_uid": uid,
            "fixed": self.member.fixed,
        }
        OF_NODE.write(self.host, marker)

    def _own_uid(self) -> str:
        """The identity of the cluster that this host's own API server serves."""
        from saltext.k8s_ha import _core

        deadline = time.monotonic() + _READY_SECONDS
        while True:
            try:
                return own_api(self.member, self.host, _PROBE_SECONDS).kube_system_uid()
            except _core.K8sHaError as error:
                if time.monotonic() > deadline:
                    raise HostError(
                        f"This host's API server does not tell the cluster's identity: {error}"
                    ) from error
                time.sleep(_POLL_SECONDS / 4)

    def _wait_for_endpoint(self, answered: Answered) -> None:
        from saltext.k8s_ha import _core

        endpoint = self.member.topology.control_plane_endpoint
        limit = min(_READY_SECONDS, self.wait_seconds)
        deadline = time.monotonic() + limit
        self.tell("waits", f"for the API at {endpoint}")
        while True:
            try:
                access = _core.Api(
                    server=f"https://{endpoint}", ca=answered.files["ca.crt"], timeout=_PROBE_SECONDS
                )
                said = access.ready()
                if said["ready"]:
                    return
                why = f"it answers {said['status']}"
            except _core.K8sHaError as error:
                why = str(error)
            if time.monotonic() > deadline:
                raise HostError(
                    f"The API does not answer at {endpoint} after {limit:.0f} s ({why}). See that a "
                    "host holds the address and that HAProxy and an API server run there; then run again. If every "
                    "control-plane node has lost its data: restore a snapshot of etcd, for `kubeadm init` is never "
                    "granted again."
                )
            time.sleep(_POLL_SECONDS / 4)

    @property
    def _etcd_data(self) -> str | None:
        """Where a stacked member has its data; None on a host of an external one, which kubeadm leaves alone."""
        return None if self.member.has_external_member else self.member.topology.etcd_data_dir

    @property
    def _is_control_plane(self) -> bool:
        return "control_plane" in self.member.roles


def is_member(marker: dict[str, Any], host: Host) -> bool:
    """Whether this host has become a member before, and still has a kubelet's identity."""
    return marker.get("stage") == "member" and host.path(kubernetes.KUBELET_CONF).exists()


def has_joined(host: Host) -> bool:
    """Whether this is the running system of a host that has become a member."""
    return host.is_live and is_member(OF_NODE.read(host) or {}, host)


def not_joined(host: Host, *, test: bool) -> Answer | None:
    """The answer of a state that has nothing to do before this host is a member; None once it is."""
    if has_joined(host):
        return None
    return state_answer(None if test and host.is_live else True, "Done once this host is a member.")


def _answer(result: bool | None, comment: str, change: str | None = None) -> Answer:
    changes = {"membership": {"old": "no member", "new": change}} if change else {}
    return state_answer(result, comment, changes)
