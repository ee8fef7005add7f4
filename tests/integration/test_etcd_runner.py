"""Runners that have a minion do it, with a real master and real minions. What the minion does is tested elsewhere."""

from collections.abc import Iterator

import pytest

from functional.needs import installed
from functional.pillars import three_masters
from integration.salt_cluster import SaltCluster, salt_cluster

installed("saltext.k8s_ha")


@pytest.fixture(scope="module")
def cluster() -> Iterator[SaltCluster]:
    with salt_cluster(["cp1.prod1.lan", "cp2"]) as running:
        running.set_pillar(three_masters())
        running.salt("*", "saltutil.refresh_pillar", "wait=True")
        yield running


def test_what_a_minion_refuses_is_an_error_of_the_runner(cluster: SaltCluster) -> None:
    told = cluster.runner("k8s_ha.snapshot", "cp2")
    assert told["retcode"] == 1
    assert "Node cp2: below " in told["error"] and "nothing runs of which" in told["error"]
    assert "keep is 0" in cluster.runner("k8s_ha.snapshot", "cp1.prod1.lan", "keep=0")["error"]


def test_a_minion_that_does_not_answer_is_named_and_a_pattern_is_none(cluster: SaltCluster) -> None:
    for minion in ("nobody", "*"):
        told = cluster.runner("k8s_ha.snapshot", minion, "timeout=5")
        assert told["retcode"] == 1 and f"{minion} does not answer" in told["error"], told


def test_the_runners_of_one_name_are_one(cluster: SaltCluster) -> None:
    assert cluster.runner("k8s_ha.lint", "cp2")["valid"] is True


def test_a_hypervisor_is_judged_by_a_host_or_by_nobody(cluster: SaltCluster) -> None:
    """None of these hosts has credentials, and one is not there."""

    def refused(*arguments: str) -> str:
        told = cluster.runner("k8s_ha.judge", "prod1", *arguments)
        assert told["retcode"] == 1 and "verdict" not in told
        return str(told["error"])

    nobody = refused("stop", "hypervisors=pve3")
    assert "cp2: this host has no credentials" in nobody and "cp3 gives no answer" in nobody
    assert "no node stands on a hypervisor `pve9`" in refused("stop", "hypervisors=pve9")
    assert "say of what" in refused("reboot")
