"""Files on the root disk that say what a host is: private, and there as a whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.record import write_durably


@dataclass(frozen=True)
class Identity:
    """Where one is kept, and what it says: the end of the sentence about a file that cannot be read."""

    path: str
    says: str

    def read(self, host: Host) -> dict[str, Any] | None:
        """What was kept; None where nothing was. Raises HostError for a file that cannot be read."""
        place = host.path(self.path)
        try:
            kept = json.loads(place.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise HostError(f"{place} cannot be read ({error}): it says {self.says}.") from error
        if not isinstance(kept, dict):
            raise HostError(f"{place} is not what was written there: it says {self.says}.")
        return kept

    def write(self, host: Host, kept: Mapping[str, Any]) -> None:
        """Keep it; it is on the disk when this returns."""
        place = host.path(self.path)
        place.parent.mkdir(parents=True, exist_ok=True)
        write_durably(place, json.dumps(kept, indent=1, sort_keys=True) + "\n")


# Apart from etcd's data, so that a member without its data disk still knows what it is.
OF_NODE = Identity("/var/lib/k8s-ha/identity.json", "to which cluster this host belongs")
OF_EXTERNAL_MEMBER = Identity("/var/lib/k8s-ha/etcd.json", "what this host is in etcd")
