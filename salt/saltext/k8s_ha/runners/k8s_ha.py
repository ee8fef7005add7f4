"""Ask the master about a cluster and its pillar, and create clusters. Only ``create`` changes a cluster."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import creation, gate, ledger
from saltext.k8s_ha.utils import findings as texts
from saltext.k8s_ha.utils.cluster_minions import accepted, read
from saltext.k8s_ha.utils.loaded import loaded
from saltext.k8s_ha.utils.pki import PkiError
from saltext.k8s_ha.utils.record import write_durably
from saltext.k8s_ha.utils.secret import SecretError, secret

if TYPE_CHECKING:
    from saltext.k8s_ha._core import ReportFormat, Topology

    __salt__: dict[str, Callable[..., Any]]
    __opts__: dict[str, Any]

__virtualname__ = "k8s_ha"


def __virtual__() -> str | tuple[bool, str]:
    return loaded(__virtualname__)


def lint(minion: str) -> dict[str, Any]:
    """All findings on the pillar of a minion as this master compiles it: with Jinja and external pillars.

    Files without Jinja are linted faster, with the line of each finding, by the command ``k8s-ha lint``.

    minion
        The id of one minion of the cluster: all have the same pillar.

    CLI Example:

    .. code-block:: bash

        salt-run k8s_ha.lint cp1.prod1.lan
    """
    topology, refusal = _of_minion(minion)
    if topology is None:
        return refusal
    return {
        "retcode": 0 if topology.valid else 1,
        "cluster": topology.cluster,
        "digest": topology.digest,
        "valid": topology.valid,
        "findings": texts.lines(topology.findings),
    }


def effective(minion: str) -> str | dict[str, Any]:
    """The pillar of a cluster with every default, each marked as such.

    minion
        The id of one minion of the cluster.

    CLI Example:

    .. code-block:: bash

        salt-run k8s_ha.effective cp1.prod1.lan --out newline_values_only
    """
    topology, refusal = _of_minion(minion)
    if topology is None:
        return refusal
    if topology.cluster is None:
        return {"retcode": 1, "error": "the pillar is not valid", "findings": texts.lines(topology.findings)}
    return topology.effective()


def report(
    minion: str,
    output: str = "",
    format: ReportFormat = "html",  # noqa: A002 (the command calls it so)
) -> str | dict[str, Any]:
    """A report about a cluster: what is lost when something goes away, for a person to read.

    minion
        The id of one minion of the cluster.

    output
        File on the master that is written, as a whole or not at all. Default: the report is returned.

    format
        ``html`` (one file that needs no network), ``svg`` or ``mermaid``.

    CLI Example:

    .. code-block:: bash

        salt-run k8s_ha.report cp1.prod1.lan output=/srv/reports/prod1.html
    """
    topology, refusal = _of_minion(minion)
    if topology is None:
        return refusal
    if topology.cluster is None:
        return {"retcode": 1, "error": "the pillar is not valid", "findings": texts.lines(topology.findings)}
    try:
        text = topology.report(format, gate.today())
        if not output:
            return text
        write_durably(Path(output), text, mode=0o644)
    except (ValueError, OSError) as error:
        return {"retcode": 1, "error": str(error)}
    return {"retcode": 0, "report": output, "bytes": len(text.encode())}


def create(cluster: str, without: str = "") -> dict[str, Any]:
    """Make a cluster possible: its authorities and its ledger, on this master. The one deliberate act.

    After it, ``salt '*' state.apply k8s.ha`` initialises and joins, in any order and as often as wanted. A
    cluster that was created before is left as it is.

    cluster
        ``cluster.name`` of the pillar.

    without
        Control-plane nodes and hosts of an external etcd, separated by commas, without whose word that they are
        blank ``kubeadm init`` may be granted, and etcd begun.

    CLI Example:

    .. code-block:: bash

        salt-run k8s_ha.create prod1
        salt-run k8s_ha.create prod1 without=cp3
    """
    names = [name for name in without.split(",") if name]
    try:
        record = ledger.ClusterRecord.of(__opts__, cluster)
        topology = creation.find(cluster, accepted(__opts__), __salt__["pillar.show_pillar"], read)
        references = {} if record.exists else topology.authorities()
        given = {
            name: secret(reference, __opts__, __salt__["salt.cmd"]) for name, reference in references.items()
        }
        return creation.create(record, topology, names, given)
    except (ledger.RecordError, PkiError, SecretError, OSError) as error:
        return {"retcode": 1, "error": f"Refused: {error}."}


def ledger_of(cluster: str) -> dict[str, Any]:
    """What this master has on record about a cluster: who initialises, who has joined. No key.

    cluster
        ``cluster.name`` of the pillar.

    CLI Example:

    .. code-block:: bash

        salt-run k8s_ha.ledger_of prod1
    """
    try:
        return ledger.ClusterRecord.of(__opts__, cluster).read().as_dict()
    except ledger.RecordError as error:
        return {"retcode": 1, "error": str(error)}


def formula_path() -> str:
    """The directory with the SLS tree ``k8s/ha``, to be added to ``file_roots``.

    CLI Example:

    .. code-block:: bash

        salt-run k8s_ha.formula_path
    """
    from saltext import k8s_ha

    return k8s_ha.formula_path()


def _of_minion(minion: str) -> tuple[Topology | None, dict[str, Any]]:
    """The topology in the pillar of a minion, or why there is none."""
    written, refusal = _written(minion)
    if refusal:
        return None, refusal
    topology = read(written)
    return (None, {"retcode": 1, "error": topology}) if isinstance(topology, str) else (topology, {})


def _written(minion: str) -> tuple[object, dict[str, Any]]:
    """The value of ``k8s_ha`` in the pillar of a minion, or why there is none."""
    pillar = __salt__["pillar.show_pillar"](minion)
    if gate.ROOT_KEY in pillar:
        return pillar[gate.ROOT_KEY], {}
    errors = pillar.get("_errors")
    if errors:
        return None, {"retcode": 1, "error": f"the pillar of {minion} has errors", "errors": errors}
    return None, {"retcode": 1, "error": f"the pillar of {minion} has no {gate.ROOT_KEY}; see its top.sls"}
