"""The static pod of this host's member of etcd: what it would do with an empty directory.

kubeadm starts the first member as a new cluster, and every upgrade of kubeadm writes each member's manifest with itself
alone. With the state ``existing`` and itself alone in the list, an emptied member finds nobody to take the cluster from
and stops. With all members in the list it would come back under its old name with nothing, and vote: an entry that was
acknowledged by it and one other could then be outvoted.
"""

from __future__ import annotations

from typing import Any

import yaml

from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.record import write_durably

PATH = "/etc/kubernetes/manifests/etcd.yaml"
LIST, STATE = "--initial-cluster", "--initial-cluster-state"


class EtcdManifest:
    """The manifest as it is. Raises HostError when it is not there or is no static pod of etcd."""

    def __init__(self, host: Host) -> None:
        self._place = host.path(PATH)
        try:
            self._pod: dict[str, Any] = yaml.safe_load(self._place.read_text(encoding="utf-8"))
            self._container = self._pod["spec"]["containers"][0]
            self._command = [str(word) for word in self._container["command"]]
        except FileNotFoundError:
            raise HostError(
                f"{self._place} is not there: kubeadm writes it when the member is made"
            ) from None
        except (OSError, yaml.YAMLError, KeyError, IndexError, TypeError) as error:
            raise HostError(
                f"{self._place} cannot be read as kubeadm's static pod of etcd: {error}"
            ) from error

    def flag(self, name: str) -> str | None:
        """The value of a flag; None where it is not given."""
        given = [word for word in self._command if word.startswith(f"{name}=")]
        return given[-1].partition("=")[2] if given else None

    def has(self, flags: dict[str, str]) -> bool:
        """Whether each flag is given with this value."""
        return all(self.flag(name) == value for name, value in flags.items())

    def write(self, flags: dict[str, str]) -> None:
        """Give these flags; the kubelet starts the member anew."""
        kept = [word for word in self._command if word.partition("=")[0] not in flags]
        self._container["command"] = [*kept, *(f"{name}={value}" for name, value in flags.items())]
        write_durably(self._place, yaml.safe_dump(self._pod, sort_keys=False))


def guarded_flags(node: str, peer_url: str) -> dict[str, str]:
    """Flags with which a member without data stops instead of starting."""
    return {LIST: f"{node}={peer_url}", STATE: "existing"}
