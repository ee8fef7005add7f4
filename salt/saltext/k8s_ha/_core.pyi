import os
from typing import Any, Literal, TypedDict, final

class K8sHaError(Exception):
    """Something that saltext.k8s_ha cannot do."""

class PillarError(K8sHaError):
    """The pillar has blocking findings, or cannot be read at all."""

class RenderError(K8sHaError):
    """A file or a virtual machine of a node cannot be rendered."""

class Finding(TypedDict):
    """What is wrong, where, why it matters and what to write instead."""

    code: str
    name: str
    severity: Literal["error", "warn", "info"]
    path: str
    message: str
    why: str | None
    help: str | None
    dated: bool
    blocks: bool
    acknowledged: str | None
    file: str | None
    line: int | None
    column: int | None

class Activation(TypedDict):
    """What makes a change of a file count."""

    action: Literal["none", "reload", "restart", "on_write"]
    unit: str | None

class File(TypedDict):
    """A file of a node."""

    path: str
    mode: str
    user: str
    group: str
    contents: str
    secret: bool
    keeper: Literal["salt", "kubeadm", "user"]
    part: Literal["whole", "block"]
    activation: Activation
    check: str | None
    needs: list[str]
    component: str
    purpose: str
    managed: Literal["yes", "check"]

@final
class Topology:
    """A pillar that was read, judged, and resolved when nothing forbids it."""

    def __init__(self, pillar: object, today: str | None = None) -> None: ...
    @staticmethod
    def load(
        path: str | os.PathLike[str], cluster: str | None = None, today: str | None = None
    ) -> Topology: ...
    @property
    def valid(self) -> bool: ...
    @property
    def digest(self) -> str: ...
    @property
    def findings(self) -> list[Finding]: ...
    @property
    def cluster(self) -> str | None: ...
    @property
    def nodes(self) -> list[str]: ...
    @property
    def minions(self) -> dict[str, str]: ...
    @property
    def kubernetes_version(self) -> str | None: ...
    @property
    def drift(self) -> Literal["report", "enforce"]: ...
    def roles(self, node: str) -> list[str]: ...
    def files(self, node: str) -> list[File]: ...
    def machine(self, node: str) -> dict[str, Any] | None: ...
    def effective(self) -> str: ...
    def timing(self) -> dict[str, float | None]: ...
    def manage(self) -> dict[str, Literal["yes", "check", "no"]]: ...

def cli_main(argv: list[str]) -> int: ...
def digest(pillar: object) -> str: ...
def schema() -> str: ...
def version() -> str: ...
