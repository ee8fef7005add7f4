"""A worker's certificate for the API by a real master: sealed in the pillar's answer, and only for who asks."""

import json
import stat
from typing import Any

from functional.needs import installed
from functional.pillars import three_masters
from integration.salt_cluster import SaltCluster, salt_cluster

saltext = installed("saltext.k8s_ha")

from saltext.k8s_ha.utils.gate_certificate import PATH  # noqa: E402 (after the check)


def certified(cluster: SaltCluster, *arguments: str) -> dict[str, dict[str, Any]]:
    answers = cluster.salt("*", "state.single", "k8s_ha.gate_certified", "name=x", *arguments)
    return {minion: next(iter(states.values())) for minion, states in answers.items()}


BALANCERS = {f"lb{place}": {"roles": ["load_balancer"], "ip": f"10.0.10.4{place}"} for place in (1, 2)}


def test_a_worker_and_a_balancer_get_their_own_and_a_master_none() -> None:
    with salt_cluster(["w1", "cp2", "lb1"]) as cluster:
        cluster.set_pillar(three_masters(nodes=BALANCERS))
        refused = certified(cluster)
        assert refused["w1"]["result"] is False and "salt-run k8s_ha.create prod1" in refused["w1"]["comment"]
        assert cluster.runner("k8s_ha.create", "prod1")["retcode"] == 0
        foretold = certified(cluster, "test=True")
        assert foretold["w1"]["result"] is None and not cluster.host("w1").joinpath(PATH[1:]).exists()
        brought = certified(cluster)
        assert brought["w1"]["result"] is True and list(brought["w1"]["changes"]) == [PATH]
        assert brought["cp2"]["result"] is True and brought["cp2"]["changes"] == {}
        place = cluster.host("w1") / PATH[1:]
        assert stat.S_IMODE(place.stat().st_mode) == 0o600
        found = saltext._core.client_of_kubeconfig(place.read_bytes())
        assert [each["subject"] for each in found["certificates"]] == ["CN=k8s-ha:node:w1,O=k8s-ha:workers"]
        of_balancer = saltext._core.client_of_kubeconfig((cluster.host("lb1") / PATH[1:]).read_bytes())
        (one,) = of_balancer["certificates"]
        assert one["subject"] == "CN=k8s-ha:node:lb1,O=k8s-ha:load-balancers"
        again = certified(cluster)
        assert all(state["result"] is True and not state["changes"] for state in again.values())
        key = json.loads(place.read_text())["users"][0]["user"]["client-key-data"]
        others = (path for path in cluster.directory.rglob("*") if path.is_file() and path != place)
        assert not [path for path in others if key.encode() in path.read_bytes()], "its key is nowhere else"
