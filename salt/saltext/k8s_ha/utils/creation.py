"""``salt-run k8s_ha.create``: the one deliberate act that makes a cluster possible. Runs on the master."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import pki
from saltext.k8s_ha.utils.ledger import FILES, ClusterRecord, RecordError

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Topology


def create(
    record: ClusterRecord, topology: Topology, without: Iterable[str], given: Mapping[str, str]
) -> dict[str, Any]:
    """Make the authorities and open the ledger; with a ledger that is there, change only whom to go without.

    :param without: control-plane nodes without whose answer ``kubeadm init`` may be granted, and hosts of an external
        etcd without whose answer that may begin.
    :param given: authorities that the user brings: text by name of the file, such as ``ca.crt``.
    :raises RecordError: when the record is damaged, or a name in ``without`` is no node that is asked.
    :raises PkiError: when an authority that was given cannot be used.
    """
    from saltext.k8s_ha._core import Ledger

    named = _askable(topology, without)
    with record.locked():
        if record.exists:
            ledger = record.read()
            if named:
                ledger.go_without(named)
                record.write(ledger)
            told = "exists already" if ledger.kube_system_uid else "is open already"
            return _told(record, ledger.ca_fingerprint, told, named)
        files = authorities(topology, given)
        certificate = pki.fingerprint(files["ca.crt"])
        record.write_pki(files)
        ledger = Ledger.open(topology.cluster or "", certificate, time.time())
        ledger.go_without(named)
        record.write(ledger)
    return _told(record, certificate, "is open", named)


def authorities(topology: Topology, given: Mapping[str, str]) -> dict[str, str]:
    """All authorities of a cluster, new where the user gives none: text by name of the file."""
    now = pki.utc_now()
    algorithm, validity = topology.encryption_algorithm, topology.ca_certificate_validity
    files: dict[str, str] = {}
    for name, common_name in pki.AUTHORITIES.items():
        certificate, key = given.get(f"{name}.crt"), given.get(f"{name}.key")
        if certificate is None and key is None:
            authority = pki.Authority.make(common_name, algorithm, validity, now)
        elif certificate is None or key is None:
            there, missing = ("key", "certificate") if certificate is None else ("certificate", "key")
            raise pki.PkiError(
                f"the authority {name} is given with its {there} and without its {missing}; give both"
            )
        else:
            authority = pki.Authority(certificate, key)
            authority.check(f"the authority {name}", now)
        files |= {f"{name}.crt": authority.certificate, f"{name}.key": authority.key}
    key_name = f"{pki.SERVICE_ACCOUNT}.key"
    if key_name in given:
        read = pki.read_key(given[key_name], "the key of service accounts")
        pair = (given[key_name], pki.public_pem(read))
    else:
        pair = pki.service_account_key(algorithm)
    files |= {key_name: pair[0], f"{pki.SERVICE_ACCOUNT}.pub": pair[1]}
    return {name: files[name] for name in FILES}


def find(
    cluster: str,
    minions: Iterable[str],
    pillar_of: Callable[[str], Mapping[str, Any]],
    judge: Callable[[object], Any],
) -> Topology:
    """The topology of a cluster, from the pillar of the first minion that has it and is named in it.

    :raises RecordError: when no minion has it, or it is not valid.
    """
    others = set()
    for minion in minions:
        written = pillar_of(minion).get("k8s_ha")
        if written is None:
            continue
        topology = judge(written)
        if isinstance(topology, str):
            raise RecordError(f"the pillar of {minion} cannot be read: {topology}")
        if topology.cluster != cluster:
            others.add(topology.cluster)
            continue
        if not topology.valid:
            raise RecordError(
                f"the pillar of {minion} is not valid; `salt-run k8s_ha.lint {minion}` says why"
            )
        found: Topology = topology
        return found
    known = ", ".join(sorted(name for name in others if name)) or "none"
    raise RecordError(
        f"no accepted minion has a pillar with cluster.name {cluster}; clusters that are there: {known}. "
        "Accept the minions' keys, and target the pillar at them"
    )


def _askable(topology: Topology, without: Iterable[str]) -> list[str]:
    named = sorted(set(without))
    for name in named:
        if name not in topology.nodes or not {"control_plane", "etcd"} & set(topology.roles(name)):
            raise RecordError(
                f"without={name}: {topology.cluster} has no control-plane node and no host of etcd of that name"
            )
    return named


def _told(record: ClusterRecord, certificate: str, what: str, without: list[str]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "retcode": 0,
        "cluster": record.directory.name,
        "ledger": str(record.ledger_path),
        "ca_fingerprint": certificate,
        "comment": f"The ledger {what}. Next: salt '*' state.apply k8s.ha",
    }
    if without:
        told["without"] = without
    return told
