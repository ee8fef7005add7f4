"""The minions of a cluster, as the master knows them by their pillar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import creation, gate
from saltext.k8s_ha.utils.ledger import ClusterRecord, RecordError

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Topology

PillarOf = Callable[[str], Mapping[str, Any]]


class NoClusterError(Exception):
    """No valid pillar says what is asked for; the sentence says why."""


@dataclass(frozen=True)
class ClusterMinions:
    """A valid pillar, and where the master keeps its record of the cluster."""

    topology: Topology
    directory: Path

    @classmethod
    def of_cluster(cls, cluster: str, opts: Mapping[str, Any], pillar_of: PillarOf) -> ClusterMinions:
        """From the pillar of the first accepted minion that has this cluster. Raises NoClusterError."""
        try:
            topology = creation.find(cluster, accepted(opts), pillar_of, read)
            return cls(topology, ClusterRecord.of(opts, cluster).directory)
        except RecordError as error:
            raise NoClusterError(str(error)) from error

    @classmethod
    def of_minion(cls, minion: str, opts: Mapping[str, Any], pillar_of: PillarOf) -> ClusterMinions:
        """From the pillar of a minion that is a node of its cluster. Raises NoClusterError."""
        written = pillar_of(minion).get(gate.ROOT_KEY)
        topology = read(written) if written is not None else f"the pillar of {minion} has no {gate.ROOT_KEY}"
        if isinstance(topology, str):
            raise NoClusterError(topology)
        if not topology.valid or topology.cluster is None:
            raise NoClusterError(
                f"the pillar of {minion} is not valid; `salt-run k8s_ha.lint {minion}` says why"
            )
        if minion not in topology.minions:
            raise NoClusterError(f"cluster {topology.cluster} names no node with the minion id {minion}")
        return cls(topology, ClusterRecord.of(opts, topology.cluster).directory)

    @property
    def by_node(self) -> dict[str, str]:
        """Minion ids by node."""
        return {node: minion for minion, node in self.topology.minions.items()}

    def node_of(self, minion: str) -> str:
        """The node that a minion is."""
        return self.topology.minions[minion]

    def of_etcd(self, besides: str | None = None) -> list[str]:
        """Minions whose hosts may ask etcd, but for one; those first that speak to the API, too."""
        roles = {minion: set(self.topology.roles(node)) for node, minion in self.by_node.items()}
        hosts = [each for each, has in roles.items() if {"control_plane", "etcd"} & has and each != besides]
        return sorted(hosts, key=lambda each: ("control_plane" not in roles[each], each))


def accepted(opts: Mapping[str, Any]) -> list[str]:
    """Minions whose keys this master accepted."""
    import salt.key

    with salt.key.get_key(opts) as keys:
        listed = keys.list_status("accepted")
    return sorted(name for names in listed.values() for name in names)


def read(written: object) -> Topology | str:
    """A pillar's topology, or why it is none."""
    from saltext.k8s_ha import K8sHaError
    from saltext.k8s_ha import Topology as CompiledTopology

    try:
        return CompiledTopology(written, gate.today())
    except (TypeError, K8sHaError) as error:
        return str(error)
