"""Hosts that run the load balancer alone take their turn, and may do no more than that."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from live.balancers import Balancers
from live.control_plane import ControlPlane
from live.workers import LEASES, be
from ports import wait_until
from saltext.k8s_ha import Topology
from saltext.k8s_ha._core import Api, LiveError, Slot
from saltext.k8s_ha.modules import k8s_ha_operate as operate
from saltext.k8s_ha.utils import begun, observation
from saltext.k8s_ha.utils.host import HostError


@pytest.fixture
def balancers(control_plane: ControlPlane, tmp_path: Path) -> Iterator[Balancers]:
    one = Balancers(control_plane, tmp_path)
    one.permit()
    one.remove_nodes()
    one.forget_slots()
    for name in ("cp1", "cp2", "cp3", "w1", "w2"):
        one.add_node(name)
    with one.serving():
        wait_until(lambda: policy_holds(one), "the policy is enforced", 30)
        one.forget_slots()
        wait_until(lambda: serving(one) == ["lb1", "lb2"], "both serve", 20)
        yield one


def policy_holds(balancers: Balancers) -> bool:
    """The API server sees a new policy, and new roles, a moment after they were written.

    That moment may lie between the two requests: a slot then stays taken.
    """
    slot = Slot(balancers.topology, "w1", balancers.kubeconfig("lb1"))
    try:
        slot.acquire("w1", "x", "d", 1.0)
        slot.release()
    except LiveError as error:
        return "its own slot and step only" in str(error)
    return False


def serving(balancers: Balancers) -> list[str]:
    try:
        seen = json.loads(observation.look(balancers.member("lb1"), balancers.host("lb1")))
    except HostError:
        return []
    of_haproxy = [each for each in seen["programs"] if each["name"] == "haproxy"]
    return [each["node"] for each in of_haproxy if each["state"] == "up"]


def refused(ask: Callable[[], object]) -> str:
    with pytest.raises(LiveError) as raised:
        ask()
    return f"{raised.value.kind}: {raised.value}"


def test_one_restarts_while_the_other_serves(balancers: Balancers) -> None:
    with balancers.guard("lb1").around("haproxy.service", "restart"):
        assert [each["node"] for each in balancers.slot("lb2").steps()] == ["lb1"]
        holder = balancers.slot("lb2").holder()
        assert holder and holder["step"] == "restarting haproxy on lb1"
        balancers.stop("lb1")
        balancers.start("lb1")
    assert balancers.slot("lb2").steps() == [] and balancers.slot("lb2").holder() is None
    with balancers.guard("lb2").around("keepalived.service", "reload"):
        pass


def test_one_waits_while_the_other_does_not_serve(balancers: Balancers) -> None:
    balancers.stop("lb2")
    for unit, step in (("haproxy.service", "restart"), ("keepalived.service", "reload")):
        with (
            pytest.raises(HostError, match=r"deferred.*haproxy on lb2"),
            balancers.guard("lb1").around(unit, step),
        ):
            raise AssertionError("never here")
    # What is down is mended on its own host, whatever the other one does.
    with balancers.guard("lb2").around("haproxy.service", "restart"):
        balancers.start("lb2")
    with balancers.guard("lb1").around("haproxy.service", "restart"):
        pass


def test_two_at_once_go_one_after_the_other(balancers: Balancers) -> None:
    inside = balancers.guard("lb1").around("haproxy.service", "restart")
    with (
        inside,
        pytest.raises(HostError, match=r"deferred.*lb1 has the lock since .* for restarting haproxy on lb1"),
        balancers.guard("lb2").around("haproxy.service", "restart"),
    ):
        raise AssertionError("never here")
    with balancers.guard("lb2").around("haproxy.service", "restart"):
        pass


def test_a_step_that_failed_stops_the_other_one(balancers: Balancers) -> None:
    one, host = balancers.guard("lb1"), balancers.host("lb1")
    with pytest.raises(HostError, match="it does not start"), one.around("haproxy.service", "restart"):
        raise HostError("it does not start")
    assert begun.standing(host)
    with (
        pytest.raises(HostError, match=r"deferred.*mend lb1 and apply there"),
        balancers.guard("lb2").around("haproxy.service", "restart"),
    ):
        raise AssertionError("never here")
    with one.around("haproxy.service", "restart"):
        pass
    with balancers.guard("lb2").around("haproxy.service", "restart"):
        pass


def test_a_node_of_the_control_plane_vouches_for_one_that_is_away(
    balancers: Balancers, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = balancers.guard("lb1").around("haproxy.service", "restart")
    with pytest.raises(HostError, match="it does not start"), failing:
        raise HostError("it does not start")
    be(monkeypatch, "cp1", balancers.pillar, balancers.host("cp1"))
    assert operate.unfreeze("lb1") == "Nothing of lb1 stops the others."
    with balancers.guard("lb2").around("haproxy.service", "restart"):
        pass


def test_all_of_them_have_one_slot(balancers: Balancers) -> None:
    slot, other = balancers.slot("lb1"), balancers.slot("lb2")
    assert slot.acquire("lb1", "x", "d1", 1.0) is None
    held = other.acquire("lb2", "x", "d1", 1.0)
    assert held and held["node"] == "lb1"
    items = balancers.control_plane.request("GET", LEASES)["items"]
    assert [each["metadata"]["name"] for each in items] == ["load-balancers-1"]
    slot.release()


def test_a_worker_that_is_a_balancer_has_the_same_slot(balancers: Balancers) -> None:
    balancers.pillar["nodes"]["w2"]["roles"] = ["worker", "load_balancer"]
    balancers.topology = Topology(balancers.pillar)
    slot, other = balancers.slot("w2"), balancers.slot("lb1")
    assert slot.acquire("w2", "x", "d1", 1.0) is None
    held = other.acquire("lb1", "x", "d1", 1.0)
    assert held and held["node"] == "w2"
    slot.release()
    assert other.acquire("lb1", "x", "d1", 1.0) is None
    other.release()


def test_they_see_nodes_and_change_their_slot_and_step_only(balancers: Balancers) -> None:
    api = Api(balancers.kubeconfig("lb1"))
    assert api.ready()["ready"] and [node["name"] for node in api.nodes()] == [
        "cp1",
        "cp2",
        "cp3",
        "w1",
        "w2",
    ]
    lease = "apiVersion: coordination.k8s.io/v1\nkind: Lease\nmetadata: {name: %s, namespace: %s}\nspec: {}\n"
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: mine, namespace: k8s-ha}\nstringData: {a: b}\n"
    for ask in (
        lambda: api.cordon("w1", "lb1"),
        lambda: api.mark_maintenance("w1", 1.0, "x", 1.0),
        lambda: api.evict("w1"),
        lambda: api.delete_node("w1"),
        lambda: api.apply(secret, "test"),
        lambda: api.apply(lease % ("load-balancers-1", "kube-system"), "test"),
    ):
        assert refused(ask).startswith("forbidden")
    # A slot of workers, under the name of a host of the balancer.
    user = Slot(balancers.topology, "w1", balancers.kubeconfig("lb1"))
    assert "its own slot and step only" in refused(lambda: user.acquire("w1", "x", "d", 1.0))
    worker = balancers.slot("w1")
    assert worker.acquire("w1", "x", "d", 1.0) is None and worker.begin() > 0
    assert "its own slot and step only" in refused(lambda: balancers.slot("lb1").finish("w1"))
    worker.finish("w1")
    worker.release()
