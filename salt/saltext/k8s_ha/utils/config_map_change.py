"""Changes one text of a ConfigMap that several hosts may change at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from saltext.k8s_ha.utils.host import HostError

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Api

FIELD_MANAGER = "saltext-k8s-ha"
_TRIES = 3


@dataclass(frozen=True)
class ConfigMapText:
    """One key of a ConfigMap; ``writes_it`` is the command by which kubeadm makes it, for the sentence of an error."""

    namespace: str
    name: str
    key: str
    writes_it: str

    def read(self, api: Api) -> str:
        """What it holds. Raises HostError when it cannot be read."""
        from saltext.k8s_ha import _core

        try:
            return api.config_map(self.namespace, self.name)[self.key]
        except (_core.K8sHaError, KeyError) as error:
            raise HostError(
                f"the ConfigMap {self.namespace}/{self.name} cannot be read: {error}. `{self.writes_it}` writes it"
            ) from error

    def change(self, api: Api, wanted: Callable[[str], str | None]) -> None:
        """Change it to what ``wanted`` makes of what it holds; None leaves it. Another node may do the same now."""
        from saltext.k8s_ha import _core

        for remaining in reversed(range(_TRIES)):
            seen = self.read(api)
            text = wanted(seen)
            if text is None:
                return
            try:
                api.patch_config_map(self.namespace, self.name, self.key, text, FIELD_MANAGER, seen=seen)
                return
            except _core.K8sHaError as error:
                if not remaining:
                    raise HostError(f"the ConfigMap {self.name} cannot be changed: {error}") from error
