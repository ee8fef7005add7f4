"""etcd as this node's member sees it, against what the pillar declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils.observation import etcd_paths
from saltext.k8s_ha.utils.status_node import Node, Told

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Etcd, EtcdMember, EtcdStatus

_SECONDS = 2.0


def etcd(node: Node) -> Told:
    """What this node's member says of itself, and of the others."""
    from saltext.k8s_ha import _core

    declared = node.member.topology.etcd_members()
    if node.name not in declared:
        elsewhere = f"; ask {', '.join(declared)}" if declared else ""
        return f"No member of etcd runs on this node{elsewhere}.", []
    texts = {path: node.asker.text(path) for path in etcd_paths(node.member)}
    absent = [path for path, text in texts.items() if text is None]
    if absent:
        return f"No member of etcd runs here yet: there is no {', '.join(absent)}.", []
    authority, certificate, key = (text or "" for text in texts.values())
    url = declared[node.name][0]
    limit = node.asker.deadline.at_most(_SECONDS)
    status = _core.Etcd(url, authority, certificate, key, limit).status()
    told, attention = _of_itself(status)
    # Asked by a second call: without a quorum nobody knows the members for sure, and the first one answers.
    limit = node.asker.deadline.at_most(_SECONDS)
    others, wrong = _members(node, _core.Etcd(url, authority, certificate, key, limit), status)
    return {**told, **others}, [*attention, *wrong]


def _of_itself(status: EtcdStatus) -> tuple[dict[str, Any], list[str]]:
    told = {
        "member": f"{status['member_id']:x}",
        "version": status["version"],
        "is_learner": status["is_learner"],
        "database_mebibytes": round(status["db_size"] / (1 << 20), 1),
    }
    attention = [f"the member of this node reports {error}" for error in status["errors"]]
    if status["is_learner"]:
        attention.append("the member of this node is a learner and does not vote: apply again, or promote it")
    if status["leader_id"] is None:
        attention.append(
            "the member of this node knows of no leader: etcd has no quorum, or this node is cut off"
        )
    return told, attention


def _members(node: Node, member: Etcd, status: EtcdStatus) -> tuple[dict[str, Any], list[str]]:
    """The list of members, by the names of the pillar; what is declared and missing, and the reverse."""
    from saltext.k8s_ha import _core

    leader = status["leader_id"]
    if leader is None:
        return {"leader": None, "members": "Not asked: without a leader no majority tells them."}, []
    try:
        members = member.members()
    except _core.K8sHaError as error:
        return {"leader": f"{leader:x}", "members": str(error)}, [f"the members cannot be told: {error}"]
    names = {peer: name for name, (_, peer) in node.member.topology.etcd_members().items()}
    known = {one["id"]: _declared_name(one, names) for one in members}
    missing = sorted(set(names.values()) - set(known.values()))
    strangers = [one for one in members if known[one["id"]] is None]
    attention = [f"{name} is declared and no member of etcd" for name in missing]
    attention += [
        f"the member {_shown(one)} is not declared: when it is gone for good, remove it "
        f"(`etcdctl member remove {one['id']:x}`)"
        for one in strangers
    ]
    told = {
        "leader": next(
            (known[one["id"]] or _shown(one) for one in members if one["id"] == leader), f"{leader:x}"
        ),
        "members": {known[one["id"]] or _shown(one): _kind(one) for one in members},
        "missing": missing,
        "not_declared": [_shown(one) for one in strangers],
    }
    return told, attention


def _declared_name(member: EtcdMember, names: dict[str, str]) -> str | None:
    return next((names[url] for url in member["peer_urls"] if url in names), None)


def _shown(member: EtcdMember) -> str:
    return f"{member['name'] or 'without a name'} ({member['id']:x}, {', '.join(member['peer_urls'])})"


def _kind(member: EtcdMember) -> str:
    started = "" if member["name"] else ", not started yet"
    return f"{'learner' if member['is_learner'] else 'voter'}{started}"
