"""`salt '*' state.apply k8s.ha` with a real master and three real minions."""

import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from functional.hidden import hide_extension
from functional.needs import installed
from functional.pillars import broken, three_masters
from integration.salt_cluster import SaltCluster, salt_cluster

saltext = installed("saltext.k8s_ha")

MASTERS = ("cp1.prod1.lan", "cp2", "cp3")
NEIGHBOUR = "somebody else's state:\n  test.succeed_with_changes\n"


@pytest.fixture(scope="module")
def cluster() -> Iterator[SaltCluster]:
    with salt_cluster(MASTERS) as running:
        running.set_states("neighbour", NEIGHBOUR)
        yield running


def apply(cluster: SaltCluster, *sls: str) -> dict[str, dict[str, dict[str, Any]]]:
    """State results by minion and state id."""
    answers = cluster.salt("*", "state.apply", ",".join(sls))
    return {
        minion: {state["__id__"]: state for state in states.values()} for minion, states in answers.items()
    }


def written(host: Path) -> dict[str, bytes]:
    return {str(path.relative_to(host)): path.read_bytes() for path in host.rglob("*") if path.is_file()}


def test_three_minions_converge_and_the_second_run_is_clean(cluster: SaltCluster) -> None:
    cluster.set_pillar(three_masters())
    assert cluster.runner("k8s_ha.create", "prod1")["retcode"] == 0
    first = apply(cluster, "k8s.ha")
    assert set(first) == set(MASTERS)
    nodes = saltext.Topology(three_masters()).minions
    for minion, states in first.items():
        assert all(state["result"] is True for state in states.values()), states
        assert f"node {nodes[minion]}," in states["k8s_ha pillar"]["comment"]
        for file in saltext.Topology(three_masters()).files(nodes[minion]):
            if file["managed"] == "yes" and file["part"] == "whole":
                assert (cluster.host(minion) / file["path"].lstrip("/")).read_text() == file["contents"]
    for states in apply(cluster, "k8s.ha").values():
        assert all(state["result"] is True and not state["changes"] for state in states.values())


def test_a_broken_pillar_refuses_on_all_three_and_a_neighbour_runs(cluster: SaltCluster) -> None:
    before = {minion: written(cluster.host(minion)) for minion in MASTERS}
    cluster.set_pillar(broken())
    answers = apply(cluster, "k8s.ha", "neighbour")
    assert set(answers) == set(MASTERS)
    for minion, states in answers.items():
        assert states["somebody else's state"]["result"] is True
        refused = states["k8s_ha pillar"]
        assert (
            refused["result"] is False
            and "NET-031" in refused["comment"]
            and "PILLAR-001" in refused["comment"]
        )
        assert written(cluster.host(minion)) == before[minion]
    single = cluster.salt("*", "state.single", "k8s_ha.file_managed", "name=/etc/haproxy/haproxy.cfg")
    assert all(state["result"] is False for states in single.values() for state in states.values())


def test_the_pillar_is_read_though_salt_masks_it(cluster: SaltCluster) -> None:
    """What a minion gets from its master is not shown by Salt 3008, and yet it is judged as it is."""
    cluster.set_pillar(three_masters())
    cluster.salt("*", "saltutil.refresh_pillar", "wait=True")
    for minion, effective in cluster.salt("*", "k8s_ha.effective").items():
        assert "10.0.10.11" in effective and "**********" not in effective, minion
    marker = cluster.runner("pillar.show_pillar", "cp2")["_k8s_ha"]
    assert marker["digest"] == saltext.Topology(three_masters()).digest and marker["member"] is True


def test_the_runner_judges_what_the_master_compiles(cluster: SaltCluster, tmp_path: Path) -> None:
    cluster.set_pillar(broken())
    judged = cluster.runner("k8s_ha.lint", "cp2")
    assert judged["valid"] is False and any(line.startswith("NET-031 error") for line in judged["findings"])
    cluster.set_pillar(three_masters())
    assert cluster.runner("k8s_ha.lint", "cp2")["valid"] is True
    assert "# default" in cluster.runner("k8s_ha.effective", "cp2")
    assert "<!doctype html>" in cluster.runner("k8s_ha.report", "cp2").lower()
    page = tmp_path / "report.html"
    written = cluster.runner("k8s_ha.report", "cp2", f"output={page}")
    assert written["retcode"] == 0 and page.stat().st_size == written["bytes"]
    assert stat.S_IMODE(page.stat().st_mode) == 0o644
    refused = cluster.runner("k8s_ha.report", "cp2", f"output={tmp_path}/nowhere/report.html")
    assert refused["retcode"] == 1 and "No such file or directory" in refused["error"]
    assert "there is: html, svg, mermaid" in cluster.runner("k8s_ha.report", "cp2", "format=pdf")["error"]
    assert cluster.runner("k8s_ha.formula_path") == saltext.formula_path()


def test_a_master_without_the_extension_hinders_no_refusal(tmp_path: Path) -> None:
    with salt_cluster(["cp2"], hide_extension(tmp_path)) as cluster:
        cluster.set_states("neighbour", NEIGHBOUR)
        cluster.set_pillar(broken())
        (states,) = apply(cluster, "k8s.ha", "neighbour").values()
        assert re.search(r"ext_pillar interface (named )?k8s_ha is unavailable", cluster.log())
        assert states["k8s_ha pillar"]["result"] is False
        assert states["somebody else's state"]["result"] is True
        assert written(cluster.host("cp2")) == {}
