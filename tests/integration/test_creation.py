"""The way from `create` to what a node is given, with a real master and real minions."""

import base64
from collections.abc import Iterator

import pytest

from functional.needs import installed
from functional.pillars import three_masters
from integration.salt_cluster import SaltCluster, salt_cluster
from integration.test_master import MASTERS, apply

saltext = installed("saltext.k8s_ha")

CA = "etc/haproxy/kubernetes-ca.crt"


@pytest.fixture(scope="module")
def cluster() -> Iterator[SaltCluster]:
    with salt_cluster(MASTERS) as running:
        running.set_pillar(three_masters())
        yield running


def test_without_create_every_host_refuses_and_names_it(cluster: SaltCluster) -> None:
    for minion, states in apply(cluster, "k8s.ha").items():
        refused = states["k8s_ha authorities"]
        assert refused["result"] is False
        assert "salt-run k8s_ha.create prod1" in refused["comment"], refused
        assert not (cluster.host(minion) / CA).exists()


def test_create_needs_a_pillar_and_says_which_clusters_there_are(cluster: SaltCluster) -> None:
    answer = cluster.runner("k8s_ha.create", "prod2")
    assert answer["retcode"] == 1 and "clusters that are there: prod1" in answer["error"]


def test_after_create_every_host_trusts_the_authority(cluster: SaltCluster) -> None:
    created = cluster.runner("k8s_ha.create", "prod1")
    assert created["retcode"] == 0, created
    foretold = cluster.salt("*", "state.apply", "k8s.ha", "test=True")
    for minion, states in apply(cluster, "k8s.ha").items():
        trusted = states["k8s_ha authorities"]
        assert trusted["result"] is True and created["ca_fingerprint"] in str(trusted["changes"])
        dry = next(state for state in foretold[minion].values() if state["__id__"] == "k8s_ha authorities")
        assert dry["result"] is None and dry["changes"] == trusted["changes"]
        ours = (cluster.ledgers / "prod1" / "pki" / "ca.crt").read_text()
        assert (cluster.host(minion) / CA).read_text() == ours
    for states in apply(cluster, "k8s.ha").values():
        assert all(state["result"] is True and not state["changes"] for state in states.values())


def test_no_key_of_the_cluster_leaves_the_ledger(cluster: SaltCluster) -> None:
    """Not into the caches of master and minions, nor into any log, in clear or in base64."""
    keys = [path.read_text() for path in (cluster.ledgers / "prod1" / "pki").rglob("*.key")]
    needles = {line for key in keys for line in key.splitlines() if not line.startswith("-")}
    needles |= {base64.b64encode(key.encode()).decode()[:40] for key in keys}
    assert len(needles) > 8
    searched = 0
    for path in cluster.directory.rglob("*"):
        if path.is_file() and cluster.ledgers not in path.parents:
            data = path.read_bytes()
            searched += 1
            assert not [needle for needle in needles if needle.encode() in data], path
    assert searched > 30
