"""When this host's member of etcd was last defragmented: a small record on the root disk."""

from __future__ import annotations

import json
from dataclasses import dataclass

from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.record import write_durably

PATH = "/var/lib/k8s-ha/etcd-defragmented.json"
_VERSION = 1


@dataclass(frozen=True)
class Defragmented:
    """The record of one host."""

    host: Host

    def at(self) -> float | None:
        """When it was begun, in seconds since the epoch; None where it never was.

        :raises HostError: for a record that cannot be read.
        """
        place = self.host.path(PATH)
        try:
            data = json.loads(place.read_text(encoding="utf-8"))
            if data["version"] != _VERSION:
                raise ValueError(f"its version is {data['version']}")
            return float(data["at"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise HostError(
                f"{place} cannot be read ({error}): remove it, and the member may be defragmented at once"
            ) from error

    def keep(self, at: float) -> None:
        """Note that it is begun; before it is, so that one that fails is not tried again at once."""
        place = self.host.path(PATH)
        place.parent.mkdir(parents=True, exist_ok=True)
        write_durably(place, json.dumps({"version": _VERSION, "at": at}) + "\n")
