"""Ask a minion about its place in a highly available Kubernetes cluster. Nothing is changed.

Everything is read from the pillar ``k8s_ha`` and the minion's id; no function prints contents or secrets.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from saltext.k8s_ha.utils import findings as texts
from saltext.k8s_ha.utils import gate, kubernetes, parts
from saltext.k8s_ha.utils.host import Host
from saltext.k8s_ha.utils.loaded import loaded
from saltext.k8s_ha.utils.minion import Minion, failed, listed

if TYPE_CHECKING:
    from saltext.k8s_ha._core import About, Capacity, Finding, Level, Loss, StartOrder, Topology

    __salt__: dict[str, Callable[..., Any]]
    __opts__: dict[str, Any]

Answer = TypeVar("Answer")

__virtualname__ = "k8s_ha"


def __virtual__() -> str | tuple[bool, str]:
    return loaded(__virtualname__)


def validate(pillar: dict[str, Any] | None = None) -> list[Finding]:
    """All findings on a pillar, as data.

    pillar
        The value of the key ``k8s_ha`` to be judged. Default: the one of this minion.

    CLI Example:

    .. code-block:: bash

        salt '*' k8s_ha.validate
    """
    if pillar is None:
        return _verdict().findings
    from saltext.k8s_ha import K8sHaError, Topology

    try:
        return Topology(pillar, gate.today()).findings
    except (TypeError, K8sHaError) as error:
        return [texts.unreadable(str(error))]


def findings() -> list[str]:
    """All findings on this minion's pillar, as text.

    CLI Example:

    .. code-block:: bash

        salt '*' k8s_ha.findings
    """
    return texts.lines(_verdict().findings)


def is_valid() -> bool:
    """Whether nothing forbids to apply this minion's pillar; for ``onlyif`` and ``unless``.

    A minion of no cluster has nothing that could be forbidden.

    CLI Example:

    .. code-block:: bash

        salt '*' k8s_ha.is_valid
    """
    return _verdict().refusal is None


def member() -> bool:
    """Whether this minion is a node of a cluster whose pillar is valid.

    CLI Example:

    .. code-block:: bash

        salt '*' k8s_ha.member
    """
    return _verdict().member is not None


def role() -> list[str]:
    """The roles of this node: ``control_plane``, ``worker``, ``etcd``, ``load_balancer``.

    None for a minion of no cluster, and for one whose pillar is not valid.

    CLI Example:

    .. code-block:: bash

        salt '*' k8s_ha.role
    """
    node = _verdict().member
    return node.roles if node else []


def paths(part: str | None = None) -> list[str]:
    """Paths of the files of this node, in the order in which they must appear.

    part
        ``repositories``, ``host``, ``load_balancer``, ``etcd`` or ``kubernetes``. Default: all.

    CLI Example:

    .. code-block:: bash

        salt '*' k8s_ha.paths load_balancer
    """
    node = _verdict().member
    files = node.files.values() if node else ()
    return [file["path"] for file in files if part is None or parts.part_of(file) == part]


def files() -> list[dict[str, Any]]:
    """The files of this node without their contents: path, mode, owner, activation, what they are for.

    CLI Example:

    .. code-block:: bash

        salt '*' k8s_ha.files
    """
    node = _verdict().member
    listed = node.files.values() if node else ()
    return [{key: value for key, value in file.items() if key != "contents"} for file in listed]


def effective() -> str:
    """The pillar of this minion with every default, each marked as such.

    CLI Example:

    .. code-block:: bash

        salt-call k8s_ha.effective --out newline_values_only
    """
    verdict = _verdict()
    if verdict.topology is None or verdict.topology.cluster is None:
        return verdict.comment
    return verdict.topology.effective()


def tolerance(down: str = "") -> dict[str, dict[str, dict[str, int | None]]]:
    """How many losses of each kind every service survives: by service, level and kind.

    ``None`` where it is lost already. The command ``k8s-ha tolerance`` shows what breaks each of them, too.

    down
        What is lost already, separated by commas: ``pve2``, or ``hypervisor:pve2``.

    CLI Example:

    .. code-block:: bash

        salt-call k8s_ha.tolerance
        salt-call k8s_ha.tolerance down=pve2
    """
    table = _asked(lambda topology: topology.tolerance(listed(down)))
    return {
        service["service"]: {
            level: {kind: answer["survives"] for kind, answer in kinds.items()}
            for level, kinds in service["tolerance"].items()
        }
        for service in table["services"]
    }


def faults(down: str) -> Loss:
    """What is lost when something is down, what is left, and what the next loss would take.

    down
        What is down, separated by commas: ``pve2``, or ``hypervisor:pve2``.

    CLI Example:

    .. code-block:: bash

        salt-call k8s_ha.faults pve2
    """
    return _asked(lambda topology: topology.faults(listed(down)))


def cut_sets(order: int = 2, service: str | None = None, level: Level = "serve", down: str = "") -> list[str]:
    """The smallest sets of failures that take a service, or any service, as sentences.

    order
        The most failures at once.

    service
        Default: every service.

    level
        ``serve``, ``recover`` or ``data``.

    down
        What is down already, separated by commas.

    CLI Example:

    .. code-block:: bash

        salt-call k8s_ha.cut_sets service=etcd
    """
    answers = _asked(lambda topology: topology.cut_sets(order, service, level, listed(down)))
    return [f"{answer['service']}: {group['sentence']}" for answer in answers for group in answer["groups"]]


def about(what: About, cut: str = "") -> Capacity | StartOrder | list[dict[str, Any]]:
    """An answer about the whole cluster.

    what
        ``partitions``: what every cut of the declared network does. ``capacity``: whether everything fits after the
        losses that must be survived. ``start-order``: what starts when after a total power loss, and what waits for
        itself. ``switch-over``: how long each fail-over takes. ``availability``: how much of the time each service
        serves.

    cut
        Nodes of one side of a partition, separated by commas, instead of every cut.

    CLI Example:

    .. code-block:: bash

        salt-call k8s_ha.about start-order
        salt-call k8s_ha.about partitions cut=cp1,w1
    """
    return _asked(lambda topology: topology.about(what, listed(cut)))


def version() -> dict[str, Any]:
    """Releases: of this extension, of Kubernetes as the pillar wants it, and as it is installed.

    CLI Example:

    .. code-block:: bash

        salt '*' k8s_ha.version
    """
    from saltext.k8s_ha import __version__

    node = _verdict().member
    return {
        "extension": __version__,
        "wanted": node.release if node else None,
        "installed": kubernetes.installed(Host.of(__opts__), __salt__["cmd.run_all"]),
    }


def _asked(question: Callable[[Topology], Answer]) -> Answer:
    verdict = _verdict()
    if verdict.topology is None or verdict.topology.cluster is None:
        raise failed(verdict.comment)
    try:
        return question(verdict.topology)
    except ValueError as error:
        raise failed(str(error)) from error


def _verdict() -> gate.Verdict:
    return Minion.of(globals()).verdict()
