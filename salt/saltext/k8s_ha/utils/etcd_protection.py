"""Makes sure that etcd never starts anew over lost data: in this member's manifest, and in what kubeadm upgrades by."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import cluster_configuration, etcd_manifest, membership, processes
from saltext.k8s_ha.utils.answer import Answer, state_answer
from saltext.k8s_ha.utils.disruption import Disruption, RefusedError
from saltext.k8s_ha.utils.etcd_manifest import EtcdManifest
from saltext.k8s_ha.utils.etcd_pod import API_SERVER, ETCD, EtcdPod
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.identity import OF_NODE
from saltext.k8s_ha.utils.own_api import own_api, serves
from saltext.k8s_ha.utils.own_etcd import OwnEtcd, follows
from saltext.k8s_ha.utils.tell import Tell

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Api

_API_SECONDS = 10.0
_POLL_SECONDS = 0.5
# A kubelet that is started looks at its manifests at once; where etcd fails, its back-off is 10 seconds at first.
_RESTART_SECONDS = 120.0
# While a cluster is made, the other members are about to come. Later, one that is missing is not waited for.
_YOUNG_SECONDS = 3600.0


@dataclass(frozen=True)
class Protection:
    """What is needed to protect this host's member.

    ``modules`` is Salt's ``__salt__``; ``wait_seconds`` is how long the other declared members may take to be there,
    in the hour after this host has become one, before it is left as it is.
    """

    member: Member
    host: Host
    modules: Mapping[str, Callable[..., Any]]
    tell: Tell
    wait_seconds: float = 120.0

    def attain(self, *, test: bool) -> Answer:
        """Protect it, or find that it is.

        :returns: ``result``, ``changes``, ``comment`` and, where it is left for later, ``warnings`` of a state.
        :raises HostError: when a file or etcd cannot be read, or the member does not come back.
        """
        if not self.member.has_stacked_etcd:
            return state_answer(True, "No member of etcd runs here as a static pod.")
        if waits := membership.not_joined(self.host, test=test):
            return waits
        manifest = EtcdManifest(self.host)
        try:
            configuration = self._configuration()
        except HostError as error:
            if not manifest.has(self._flags):
                raise
            # What comes after this may be what brings the API server of this host back.
            later = f"An emptied member starts no cluster. kubeadm's record is looked at later: {error}."
            return state_answer(True, later, warnings=[later])
        changes: dict[str, Any] = {}
        if not manifest.has(self._flags):
            old = {name: manifest.flag(name) for name in self._flags}
            changes[etcd_manifest.PATH] = {"old": old, "new": dict(self._flags)}
        if configuration is not None:
            changes[cluster_configuration.NAME] = {"old": "", "new": "initial-cluster-state: existing"}
        if not changes or test:
            told = "would start" if changes else "starts"
            return state_answer(None if changes else True, f"An emptied member {told} no cluster.", changes)
        if configuration is not None:
            self._configure()
        if etcd_manifest.PATH in changes and (lacking := self._put_manifest(manifest)):
            del changes[etcd_manifest.PATH]
            later = (
                f"{etcd_manifest.PATH} is left as it is, because its change restarts etcd, and {lacking}. Until it "
                "is changed, only the check before the kubelet's start keeps an emptied member from starting. Apply "
                "again later"
            )
            return state_answer(True, later, changes, warnings=[later])
        return state_answer(True, "An emptied member starts no cluster.", changes)

    @property
    def _flags(self) -> dict[str, str]:
        node = self.member.node
        return etcd_manifest.guarded_flags(node, self.member.topology.etcd_peer_url(node))

    @property
    def _etcd(self) -> OwnEtcd:
        return OwnEtcd(self.host, self.member.topology.stacked_members(self.member.node))

    @property
    def _api(self) -> Api:
        return own_api(self.member, self.host, _API_SECONDS)

    def _configuration(self) -> str | None:
        """What kubeadm's record should be; None where it is so."""
        return cluster_configuration.with_existing(cluster_configuration.RECORD.read(self._api))

    def _configure(self) -> None:
        """Change kubeadm's record; another node may do the same at this moment."""
        cluster_configuration.RECORD.change(self._api, cluster_configuration.with_existing)

    def _put_manifest(self, manifest: EtcdManifest) -> str | None:
        """Write the manifest when no other member is missing; what is lacking where it was not written."""
        since = time.time() - self.host.path(OF_NODE.path).stat().st_mtime
        deadline = time.monotonic() + (self.wait_seconds if since < _YOUNG_SECONDS else 0)
        told = ""
        while lacking := self._lacking():
            if lacking != told:
                told = lacking
                self.tell("waits", f"to protect etcd: {lacking}")
            if time.monotonic() > deadline:
                return lacking
            time.sleep(_POLL_SECONDS)
        step = Disruption(self.member, self.host, "restart", (ETCD, API_SERVER), self.tell)
        try:
            with step.allowed() as allowed:
                if lacking := self._lacking():
                    return lacking
                allowed.confirm()
                self.tell("protects", "etcd's member is restarted")
                self._restart(manifest)
        except RefusedError as error:
            return str(error)
        return None

    def _restart(self, manifest: EtcdManifest) -> None:
        pod = EtcdPod(self.host, self.modules)
        try:
            pod.stop()
            manifest.write(self._flags)
        finally:
            pod.start()
        self._wait_until_restarted()

    def _lacking(self) -> str | None:
        """Which other declared member could not do without this one for a moment; None when all can."""
        voters = {url for each in self._etcd.members() if not each["is_learner"] for url in each["peer_urls"]}
        for node in self._etcd.others:
            if self.member.topology.etcd_peer_url(node) not in voters:
                return f"{node} is no voter of etcd yet"
            if not follows(self._etcd.other(node)):
                return f"the member of {node} does not answer, or knows no leader"
        return None

    def _wait_until_restarted(self) -> None:
        deadline = time.monotonic() + _RESTART_SECONDS
        while not (self._runs_with_flags() and follows(self._etcd.own()) and serves(self.member, self.host)):
            if time.monotonic() > deadline:
                raise HostError(
                    f"etcd and the API server of this host do not serve {_RESTART_SECONDS:.0f} s after "
                    f"{etcd_manifest.PATH} was changed. See `crictl ps -a` and their logs; the others serve"
                )
            time.sleep(_POLL_SECONDS)

    def _runs_with_flags(self) -> bool:
        wanted = {f"{name}={value}" for name, value in self._flags.items()}
        return any(wanted <= set(words) for _, words in processes.command_lines(self.host, ETCD))
