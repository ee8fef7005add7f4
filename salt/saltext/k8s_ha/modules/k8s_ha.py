"""Ask a minion about its place in a highly available Kubernetes cluster. Only ``etcd_rejoin`` changes anything.

Everything is read from the pillar ``k8s_ha`` and the minion's id; no function prints contents or secrets.
"""

from __future__ import annotations

import importlib.util
import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from saltext.k8s_ha.utils import findings as texts
from saltext.k8s_ha.utils import gate, kubernetes, parts
from saltext.k8s_ha.utils.host import Host, HostError

if TYPE_CHECKING:
    from saltext.k8s_ha._core import About, Action, Capacity, Finding, Level, Loss, StartOrder, Topology

    __salt__: dict[str, Callable[..., Any]]
    __opts__: dict[str, Any]
    __pillar__: dict[str, Any]
    __context__: dict[str, Any]
    __grains__: dict[str, Any]

Answer = TypeVar("Answer")

__virtualname__ = "k8s_ha"


def __virtual__() -> str | tuple[bool, str]:
    if importlib.util.find_spec("saltext.k8s_ha._core") is None:
        return False, "the compiled core of saltext.k8s-ha is not installed"
    return __virtualname__


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
    table = _asked(lambda topology: topology.tolerance(_names(down)))
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
    return _asked(lambda topology: topology.faults(_names(down)))


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
    answers = _asked(lambda topology: topology.cut_sets(order, service, level, _names(down)))
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
    return _asked(lambda topology: topology.about(what, _names(cut)))


def judge(step: Action = "restart", nodes: str = "", programs: str = "") -> dict[str, Any]:
    """Whether a step may be done now: the gate's word, and the observation by which it was judged.

    Only hosts of the control plane and of etcd can tell: the others may not look. Nothing is changed.

    step
        ``stop``, ``restart``, ``reboot``, ``drain``, ``remove``, ``add`` or ``promote``.

    nodes
        The nodes to which it is done at once, separated by commas. Default: this one.

    programs
        The programs on them that it takes, such as ``etcd`` or ``haproxy``. Default: the whole node.

    CLI Example:

    .. code-block:: bash

        salt cp1.prod1.lan k8s_ha.judge reboot
        salt cp1.prod1.lan k8s_ha.judge stop nodes=cp2,w2
    """
    from saltext.k8s_ha.utils import observation

    node = _verdict().member
    if node is None:
        raise _failed(_verdict().comment)
    try:
        named = _names(nodes) or [node.node]
        judgement, seen = observation.judge(node, Host.of(__opts__), step, named, _names(programs))
    except HostError as error:
        raise _failed(str(error)) from error
    return {**judgement, "observation": json.loads(seen)}


def safe_to(step: Action = "restart", nodes: str = "", programs: str = "") -> bool:
    """Whether a step may be done now: for ``onlyif`` and ``unless`` of other states, scripts and reboot managers.

    The same as ``judge``, in a word. What cannot be told is not safe.

    CLI Example:

    .. code-block:: bash

        salt cp1.prod1.lan k8s_ha.safe_to reboot
    """
    from salt.exceptions import CommandExecutionError

    try:
        return bool(judge(step, nodes, programs)["verdict"] == "go")
    except CommandExecutionError:
        return False


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


def etcd_rejoin(test: bool = False) -> str:
    """Give this host's member of etcd its data anew, from the other members: for a control-plane node that lost it.

    Its old member is taken out of etcd, an empty one learns everything, and gets its vote then. The other members
    serve meanwhile. A host that has data, or whose disk is only not mounted, is refused.

    test
        Say what would be done, and do nothing.

    CLI Example:

    .. code-block:: bash

        salt cp1.prod1.lan k8s_ha.etcd_rejoin
    """
    from salt.exceptions import CommandExecutionError

    from saltext.k8s_ha.utils.ask_master import master_of, teller
    from saltext.k8s_ha.utils.etcd_protection import Protection
    from saltext.k8s_ha.utils.etcd_rejoin import Rejoin

    verdict = _verdict()
    if verdict.member is None:
        raise CommandExecutionError(verdict.comment)
    member, host = verdict.member, Host()
    tell = teller(member, __salt__)
    master = lambda: master_of(member, __opts__, __grains__)  # noqa: E731 (asked only where it is needed)
    try:
        told = Rejoin(member, host, master, __salt__, tell).run(test=test)
        protected = Protection(member, host, __salt__, tell).attain(test=test)
    except (HostError, OSError) as error:
        raise CommandExecutionError(f"Node {member.node}: {error}") from error
    return f"{told} {protected['comment']}"


def status(root: str | None = None) -> dict[str, Any]:
    """All about this node at once, within about ten seconds; ``attention`` has what somebody should look at.

    Its place in the cluster, its identity, releases, services, whether it holds the address of the API, whether
    its own API server is ready, etcd as its member sees it, certificates by their end, files changed by hand. A
    part that cannot be told says why.

    root
        A directory that stands for the host. Default: ``k8s_ha: {root: ...}`` of the minion's configuration.

    CLI Example:

    .. code-block:: bash

        salt '*' k8s_ha.status
    """
    from saltext.k8s_ha.utils import status as of_node

    try:
        host = Host.of(__opts__, root)
    except HostError as error:
        return {"attention": [str(error)]}
    return of_node.tell(_verdict(), host, __salt__, time.time())


def _asked(question: Callable[[Topology], Answer]) -> Answer:
    verdict = _verdict()
    if verdict.topology is None or verdict.topology.cluster is None:
        raise _failed(verdict.comment)
    try:
        return question(verdict.topology)
    except ValueError as error:
        raise _failed(str(error)) from error


def _failed(sentence: str) -> Exception:
    """What makes Salt's commands fail with a sentence instead of a traceback."""
    from salt.exceptions import CommandExecutionError

    failure: Exception = CommandExecutionError(sentence)
    return failure


def _names(listed: str) -> list[str]:
    return [name.strip() for name in listed.split(",") if name.strip()]


def _verdict() -> gate.Verdict:
    return gate.examine(__opts__["id"], __pillar__, __context__)
