"""The directory of patches as it is: kubeadm takes every file in it, whether the pillar has it or not."""

from __future__ import annotations

from dataclasses import dataclass

from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import Host
from saltext.k8s_ha.utils.present import read_text
from saltext.k8s_ha.utils.record import Record, sha256

PATH = "/etc/kubernetes/patches/"
_OF_KUBELET = "kubeletconfiguration"


@dataclass(frozen=True)
class PatchDirectory:
    """Files in it that are none of this node's pillar."""

    member: Member
    host: Host

    def foreign(self) -> dict[str, str]:
        """Texts by path of those that we never wrote: somebody wants kubeadm to apply them, and it does."""
        record = Record(self.host)
        return {path: text for path, text in self._others().items() if not record.known(path)}

    def stale(self, *, of_kubelet: bool) -> list[str]:
        """Those that an earlier pillar had, and nobody has changed since: an upgrade would apply them again."""
        record = Record(self.host)
        return [
            path
            for path, text in self._others().items()
            if path.startswith(f"{PATH}{_OF_KUBELET}") is of_kubelet and sha256(text) in record.known(path)
        ]

    def remove(self, paths: list[str]) -> None:
        """Remove stale ones."""
        for path in paths:
            self.host.path(path).unlink(missing_ok=True)

    def _others(self) -> dict[str, str]:
        directory = self.host.path(PATH)
        names = sorted(place.name for place in directory.iterdir()) if directory.is_dir() else []
        # Before anything is read: most often there is none.
        paths = [path for name in names if (path := f"{PATH}{name}") not in self.member.files]
        texts = {path: read_text(self.host.path(path)) for path in paths if self.host.path(path).is_file()}
        return {path: text for path, text in texts.items() if text is not None}


def changes(stale: list[str]) -> dict[str, dict[str, str]]:
    """What a state says about stale patches."""
    return {path: {"old": "a patch of an earlier pillar", "new": "removed"} for path in stale}
