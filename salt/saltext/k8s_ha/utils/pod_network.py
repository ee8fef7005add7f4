"""Applies the pod network, which is the user's (manifests, or a Helm chart), to the API server of this host."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import helm
from saltext.k8s_ha.utils.answer import Answer, state_answer
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.membership import has_joined
from saltext.k8s_ha.utils.own_api import own_api

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Applied

FIELD_MANAGER = "saltext-k8s-ha"
_SECONDS = 60.0


@dataclass(frozen=True)
class PodNetwork:
    """What is needed to apply it. ``modules`` is Salt's ``__salt__``."""

    member: Member
    host: Host
    modules: Mapping[str, Callable[..., Any]]

    def apply(self, *, test: bool) -> Answer:
        """Apply all of it by server-side apply; each control-plane node does, so that none is needed.

        :returns: ``result``, ``changes`` and ``comment`` of a state.
        :raises HostError: when a source cannot be read or rendered, or the API server refuses it.
        """
        topology = self.member.topology
        chart = topology.network_chart()
        sources = [*topology.network_manifests, *([chart["name"]] if chart else [])]
        if not sources or "control_plane" not in self.member.roles:
            return state_answer(True, "Nothing to apply.")
        if not has_joined(self.host):
            later = f"{', '.join(sources)}: applied once this host is a member."
            return state_answer(None if test and self.host.is_live else True, later)
        applied = [each for source in topology.network_manifests for each in self._apply(source, test=test)]
        if chart:
            applied += self._apply_chart(chart, test=test)
        changes = {
            named(each): {"old": "", "new": each["change"]}
            for each in applied
            if each["change"] != "unchanged"
        }
        told = f"{', '.join(sources)}: {len(applied)} objects {'would be' if test and changes else 'are'} as wanted."
        return state_answer(None if test and changes else True, told, changes)

    def _apply(self, source: str, *, test: bool) -> list[Applied]:
        return self._send(source, self._read(source), "default", test=test)

    def _apply_chart(self, chart: Mapping[str, Any], *, test: bool) -> list[Applied]:
        manifests = helm.template(chart, self.member.release, self.host, self.modules)
        return self._send(f"the chart {chart['name']}", manifests, chart["namespace"], test=test)

    def _send(self, source: str, manifests: str, namespace: str, *, test: bool) -> list[Applied]:
        from saltext.k8s_ha import _core

        api = own_api(self.member, self.host, _SECONDS)
        try:
            return api.apply(manifests, field_manager=FIELD_MANAGER, dry_run=test, namespace=namespace)
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


def named(applied: Applied) -> str:
    """``Kind namespace/name`` of an object, for the changes of a state."""
    place = f"{applied['namespace']}/" if applied["namespace"] else ""
    return f"{applied['kind']} {place}{applied['name']}"
