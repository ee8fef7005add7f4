"""What the beacon tells of real members of etcd: that less is survived, and that it is as before."""

from __future__ import annotations

from live.external_etcd import Site
from ports import wait_until
from saltext.k8s_ha.utils import tolerance_watch
from saltext.k8s_ha.utils.gate import Member


def test_a_loss_and_its_end_are_told_once(three: Site) -> None:
    etcd1 = three.machines["etcd1"]
    member = Member(three.topology, "etcd1", {})

    def look() -> dict | None:
        return tolerance_watch.look(member, etcd1.host)

    # The nodes of Kubernetes are not there in this test: what is told of them is not what is asked about.
    look()
    wait_until(lambda: look() is None, "all members serve", 20)
    three.machines["etcd3"].power_loss()
    # It may have led: until the others have elected one of them, etcd is lost, and that is told, too.
    three.voters()
    told = look()
    assert told and {"process:etcd on etcd3", "node:etcd3"} & set(told["down"])
    drop = next(each for each in told["dropped"] if (each["service"], each["kind"]) == ("etcd", "node"))
    assert (drop["from"], drop["to"]) == (1, 0) and told["returned"] == []
    assert look() is None, "once"
    three.machines["etcd3"].boot()
    wait_until(lambda: three.machines["etcd3"].is_running, "it runs", 20)
    back: list[dict] = []

    def is_back() -> bool:
        told = look()
        if told:
            back.append(told)
        return any(each["service"] == "etcd" for told in back for each in told["returned"])

    wait_until(is_back, "it is told", 20)


def test_a_host_that_cannot_look_tells_nothing(three: Site) -> None:
    member = Member(three.topology, "w1", {})
    assert tolerance_watch.look(member, three.machines["cp1"].host) is None


def test_lost_is_less_than_nothing_left() -> None:
    told = tolerance_watch.compared(
        {"etcd, node": 0, "web, rack": None}, {"etcd, node": None, "web, rack": 0}
    )
    assert told == {
        "dropped": [{"service": "etcd", "kind": "node", "from": 0, "to": None}],
        "returned": [{"service": "web", "kind": "rack", "from": None, "to": 0}],
    }
