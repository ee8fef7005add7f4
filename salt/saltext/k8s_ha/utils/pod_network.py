"""Applies the manifests of the pod network, which are the user's, to the API server of this host."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import evidence
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.membership import is_member

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Applied

FIELD_MANAGER = "saltext-k8s-ha"
_SECONDS = 60.0

Answer = dict[str, Any]


@dataclass(frozen=True)
class PodNetwork:
    """What is needed to apply it. ``modules`` is Salt's ``__salt__``."""

    member: Member
    host: Host
    modules: Mapping[str, Callable[..., Any]]

    def apply(self, *, test: bool) -> Answer:
        """Apply all manifests by server-side apply; each control-plane node does, so that none is needed.

        :returns: ``result``, ``changes`` and ``comment`` of a state.
        :raises HostError: when a manifest cannot be read, or the API server refuses it.
        """
        sources = self.member.topology.network_manifests
        if not sources or "control_plane" not in self.member.roles:
            return {"result": True, "changes": {}, "comment": "Nothing to apply."}
        if not self.host.is_live or not is_member(evidence.read_marker(self.host) or {}, self.host):
            unread = f"{len(sources)} manifests are applied once this host is a member."
            return {"result": None if test and self.host.is_live else True, "changes": {}, "comment": unread}
        changes = {}
        for source in sources:
            for applied in self._apply_one(source, test=test):
                if applied["change"] != "unchanged":
                    place = f"{applied['namespace']}/" if applied["namespace"] else ""
                    changes[f"{applied['kind']} {place}{applied['name']}"] = {
                        "old": "",
                        "new": applied["change"],
                    }
        told = f"{len(sources)} manifests of the pod network {'would be' if test else 'are'} as wanted."
        return {"result": None if test and changes else True, "changes": changes, "comment": told}

    def _apply_one(self, source: str, *, test: bool) -> list[Applied]:
        from saltext.k8s_ha import _core

        topology = self.member.topology
        kubeconfig = self.host.path("/etc/kubernetes/admin.conf").read_text(encoding="utf-8")
        api = _core.Api(kubeconfig, server=topology.api_server(self.member.node), timeout=_SECONDS)
        try:
            return api.apply(self._read(source), field_manager=FIELD_MANAGER, dry_run=test)
        except _core.K8sHaError as error:
            raise HostError(f"{source} is not applied: {error}") from error

    def _read(self, source: str) -> str:
        if source.startswith("salt://"):
            cached = self.modules["cp.cache_file"](source)
            if not cached:
                raise HostError(
                    f"{source} is not on the master's file server; network.cni.manifests names it"
                )
            return Path(cached).read_text(encoding="utf-8")
        try:
            return self.host.path(source).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise HostError(
                f"{source} of network.cni.manifests cannot be read on this node: {error}"
            ) from error
