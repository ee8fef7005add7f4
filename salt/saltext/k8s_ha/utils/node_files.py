"""The files by which kubeadm writes what a node runs: its configuration and its patches, as they are or will be."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import yaml

from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import HostError
from saltext.k8s_ha.utils.kubeadm import INIT, JOIN
from saltext.k8s_ha.utils.patch_directory import PATH as PATCHES
from saltext.k8s_ha.utils.patch_directory import PatchDirectory
from saltext.k8s_ha.utils.write import Writer

_KUBERNETES = "/etc/kubernetes/"


@dataclass(frozen=True)
class NodeFiles:
    """Those of one node. Where ``drift`` leaves a change by hand, the file counts as it is."""

    member: Member
    writer: Writer

    @cached_property
    def texts(self) -> dict[str, str | None]:
        """By path."""
        files = self.member.files.items()
        return {path: self.writer.text_of(file) for path, file in files if path.startswith(_KUBERNETES)}

    @property
    def known(self) -> dict[str, str]:
        """Those that are there, and patches of somebody else."""
        ours = {path: text for path, text in self.texts.items() if text is not None}
        return ours | PatchDirectory(self.member, self.writer.host).foreign()

    @property
    def patches(self) -> dict[str, str]:
        """Patches by file name."""
        return {
            path.removeprefix(PATCHES): text for path, text in self.known.items() if path.startswith(PATCHES)
        }

    def init(self) -> list[dict[str, Any]]:
        """The documents of ``init.yaml``: what is for the whole cluster, and this node of its control plane."""
        return self._documents(INIT)

    def for_kubelet(self) -> list[dict[str, Any]]:
        """Documents of which kubeadm makes the node's KubeletConfiguration, on any node.

        A worker has no others than ``join.yaml``; what is not about the kubelet is left to kubeadm.
        """
        topology, node = self.member.topology, self.member.node
        (join,) = self._documents(JOIN)
        version = join["apiVersion"]
        return [
            {
                "apiVersion": version,
                "kind": "InitConfiguration",
                "nodeRegistration": join["nodeRegistration"],
                # Else kubeadm looks for a default route.
                "localAPIEndpoint": {"advertiseAddress": topology.address(node)},
            },
            {
                "apiVersion": version,
                "kind": "ClusterConfiguration",
                "kubernetesVersion": topology.kubernetes_version,
            },
            topology.kubelet_configuration(node),
        ]

    def _documents(self, path: str) -> list[dict[str, Any]]:
        text = self.texts.get(path)
        if text is None:
            raise HostError(f"{path} is not there: the states before this one write it")
        try:
            documents = [document for document in yaml.safe_load_all(text) if document]
            _ = [document["apiVersion"] for document in documents]
        except (yaml.YAMLError, KeyError, TypeError) as error:
            raise HostError(f"{path} cannot be read: {error}") from error
        return documents
