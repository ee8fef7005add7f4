"""Ask about the running cluster, and mend a host of it. Only ``etcd_rejoin`` changes anything.

These functions belong to ``k8s_ha``; see there.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.loaded import loaded
from saltext.k8s_ha.utils.minion import Minion, commanded, failed, listed

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Action

__virtualname__ = "k8s_ha"


def __virtual__() -> str | tuple[bool, str]:
    return loaded(__virtualname__)


def judge(step: Action = "restart", nodes: str = "", programs: str = "") -> dict[str, Any]:
    """Whether a step may be done now: the gate's word, and the observation by which it was judged.

    A host without credentials for etcd or the API cannot tell. What was seen is kept in
    ``/run/k8s-ha/observation.json``, for ``k8s-ha gate``; nothing else is changed.

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

    minion = Minion.of(globals())
    member = minion.member()
    try:
        named = listed(nodes) or [member.node]
        judgement, seen = observation.judge(member, minion.host(), step, named, listed(programs))
    except HostError as error:
        raise failed(str(error)) from error
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
    from saltext.k8s_ha.utils.etcd_protection import Protection
    from saltext.k8s_ha.utils.etcd_rejoin import Rejoin

    minion = Minion.of(globals())
    member, host = minion.member(), Host()
    tell = minion.teller(member)
    with commanded(member):
        told = Rejoin(member, host, minion.master(member), minion.modules, tell).run(test=test)
        protected = Protection(member, host, minion.modules, tell).attain(test=test)
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

    minion = Minion.of(globals())
    try:
        host = minion.host(root)
    except HostError as error:
        return {"attention": [str(error)]}
    return of_node.tell(minion.verdict(), host, minion.modules, time.time())
