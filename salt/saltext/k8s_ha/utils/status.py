"""What an operator wants to know about a node first: everything at once, and what is wrong at the top."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from saltext.k8s_ha.utils import certificates, kubernetes
from saltext.k8s_ha.utils.gate import Verdict
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.identity import OF_NODE
from saltext.k8s_ha.utils.status_api import endpoint, own_server
from saltext.k8s_ha.utils.status_drift import static_pods
from saltext.k8s_ha.utils.status_etcd import etcd
from saltext.k8s_ha.utils.status_files import files
from saltext.k8s_ha.utils.status_node import Asker, Deadline, Node, Told
from saltext.k8s_ha.utils.status_services import address, services
from saltext.k8s_ha.utils.status_turn import turn

log = logging.getLogger(__name__)

_SECONDS = 10.0
_PROGRAM_SECONDS = 2.0
_IDENTITY = ("stage", "cluster", "node", "kube_system_uid", "ca_fingerprint")


def tell(
    verdict: Verdict, host: Host, modules: Mapping[str, Callable[..., Any]], now: float
) -> dict[str, Any]:
    """The status of this node, within about ten seconds.

    A part that cannot be told is a sentence in its place. ``attention`` has all that somebody should look at.

    :param modules: Salt's ``__salt__``.
    :param now: seconds since the epoch.
    """
    asker = Asker(host, modules, Deadline.after(_SECONDS))
    status: dict[str, Any] = {"attention": []}
    if verdict.member is None:
        status["pillar"] = verdict.comment
        if verdict.refusal:
            status["attention"].append(f"pillar: {verdict.refusal}")
        parts = _of_any_host(asker, now)
    else:
        node = Node(verdict.member, asker)
        topology = verdict.member.topology
        status |= {"cluster": topology.cluster, "node": node.name, "roles": verdict.member.roles}
        status["pillar"] = f"valid ({topology.digest[:12]})"
        parts = {**_of_a_node(node), **_of_any_host(asker, now, node)}
    for name, ask in parts.items():
        status[name], wrong = _told(name, ask)
        status["attention"] += [f"{name}: {sentence}" for sentence in wrong]
    return status


def _of_a_node(node: Node) -> dict[str, Callable[[], Told]]:
    """What only a node of a cluster has, what matters most first: the time may not be enough for all."""
    parts: dict[str, Callable[[], Told]] = {"files": lambda: files(node)}
    live: dict[str, Callable[[Node], Told]] = {
        "api_server": own_server,
        "etcd": etcd,
        "endpoint": endpoint,
        "services": services,
        "address": address,
        "static_pods": static_pods,
    }
    for name, ask in live.items():
        parts[name] = _bound(ask, node) if node.asker.host.is_live else _below_a_root(node)
    return parts


def _bound(ask: Callable[[Node], Told], node: Node) -> Callable[[], Told]:
    return lambda: ask(node)


def _below_a_root(node: Node) -> Callable[[], Told]:
    return lambda: (f"Below {node.asker.host.root} nothing runs.", [])


def _of_any_host(asker: Asker, now: float, node: Node | None = None) -> dict[str, Callable[[], Told]]:
    """What a host tells of itself, whatever its pillar says."""
    return {
        "identity": lambda: _identity(asker.host, node),
        "certificates": lambda: _certificates(asker.host, now),
        "releases": lambda: _releases(asker, node),
        "turn": lambda: turn(asker.host, now),
    }


def _told(name: str, ask: Callable[[], Told]) -> Told:
    from saltext.k8s_ha import _core

    try:
        return ask()
    except (HostError, OSError, _core.K8sHaError) as error:
        return str(error), [str(error)]
    except Exception as error:
        # Whatever is wrong with one part, the others are wanted now more than ever.
        log.exception("the status of %s cannot be told", name)
        told = f"cannot be told ({type(error).__name__}): the minion's log has more"
        return told, [told]


def _identity(host: Host, node: Node | None) -> Told:
    marker = OF_NODE.read(host)
    if marker is None:
        return "This host has no identity: it is no member of a cluster yet.", []
    attention = []
    stage = marker.get("stage")
    if stage != "member":
        attention.append(f"its stage is {stage}: what was begun did not end, apply again")
    elif not host.path(kubernetes.KUBELET_CONF).exists():
        attention.append(f"it is marked as a member and has no {kubernetes.KUBELET_CONF}")
    declared = {"cluster": node.member.topology.cluster, "node": node.name} if node else {}
    attention += [
        f"it is that of {key} {marker.get(key)}, and the pillar says {value}"
        for key, value in declared.items()
        if marker.get(key) != value
    ]
    return {key: marker.get(key) for key in _IDENTITY}, attention


def _certificates(host: Host, now: float) -> Told:
    found = certificates.find(host)
    listed = [
        {
            "path": one.path,
            "subject": one.subject,
            "ends": certificates.date(one.ends),
            "due": one.is_due(now),
        }
        for one in sorted(found.certificates, key=lambda one: (one.ends, one.path))
    ]
    return listed, found.warnings(now)


def _releases(asker: Asker, node: Node | None) -> Told:
    def run(command: list[str], **_: object) -> dict[str, Any]:
        done = asker.run(command, _PROGRAM_SECONDS)
        return {"retcode": done.code, "stdout": done.stdout}

    releases = kubernetes.installed(asker.host, run)
    wanted = node.member.release if node else None
    mismatch = kubernetes.mismatch(releases, wanted) if wanted else None
    return {"wanted": wanted, "installed": releases}, [mismatch] if mismatch else []
