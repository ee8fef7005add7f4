"""Every fault of the network cuts what it says and nothing else, and is healed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from lab.commands import LabError, must, run, wait_for
from lab.holders import HolderWatch
from lab.network import Network
from lab.run_record import Run
from lab.worker import TESTS, Client
from programs.pki import Authority
from programs.verdict import locate

_ADDRESSES = {"a": "10.77.0.11", "b": "10.77.0.12", "c": "10.77.0.13", "client": "10.77.0.200"}
_FAR = "10.78.0.11"
_PODS = "10.244.9"
_VIP = "10.77.0.100"
_VRRP = 112

_RECEIVE = """
import socket, sys
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, int(sys.argv[1]))
raw.settimeout(float(sys.argv[2]))
print("ready", flush=True)
try:
    print(raw.recvfrom(2048)[1][0])
except TimeoutError:
    print("nothing")
"""
_SEND = """
import socket, sys
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, int(sys.argv[1]))
raw.sendto(b"advert", (sys.argv[2], 0))
"""


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    if os.geteuid() != 0:
        pytest.skip("the switch needs network namespaces: run the tests of the lab as root")
    with Run(memory="16m") as running:
        made = Network(running)
        for name, address in _ADDRESSES.items():
            made.attach(name, address)
        # Neighbours that never change: what is tested is the frame, not how long it takes to ask for a MAC.
        for name in _ADDRESSES:
            for other, address in _ADDRESSES.items():
                if other != name:
                    mac = must(
                        ["ip", "-n", made.host(other).namespace, "-br", "link", "show", "eth0"]
                    ).split()[2]
                    must(["ip", "-n", made.host(name).namespace, "neigh", "replace", address,
                          "lladdr", mac, "nud", "permanent", "dev", "eth0"])  # fmt: skip
        yield made


@pytest.fixture(autouse=True)
def healed(network: Network) -> Iterator[None]:
    yield
    network.heal_all()


def pings(network: Network, name: str, address: str) -> bool:
    return run(network.command(name, str(locate("ping")), "-c", "1", "-W", "1", address)).ok


def arrives(network: Network, sender: str, receiver: str, protocol: int = 253) -> bool:
    """Whether one packet of this IP protocol from one host arrives at another."""
    receive = network.command(receiver, sys.executable, "-c", _RECEIVE, str(protocol), "0.4")
    send = network.command(sender, sys.executable, "-c", _SEND, str(protocol), _ADDRESSES[receiver])
    with subprocess.Popen(receive, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        run(send)
        return process.stdout.readline().strip() == _ADDRESSES[sender]


def carrier(network: Network, name: str) -> bool:
    return "LOWER_UP" in must(["ip", "-n", network.host(name).namespace, "link", "show", "eth0"])


def paths(network: Network, protocol: int = 253) -> set[str]:
    """Which of the host pairs a-b, a-c and b-c are open, by direction."""
    pairs = [("a", "b"), ("b", "a"), ("a", "c"), ("c", "a"), ("b", "c"), ("c", "b")]
    return {one + other for one, other in pairs if arrives(network, one, other, protocol)}


EVERY = {"ab", "ba", "ac", "ca", "bc", "cb"}


def test_without_a_fault_every_path_is_open(network: Network) -> None:
    assert paths(network) == EVERY
    assert paths(network, _VRRP) == EVERY


def test_a_pulled_cable_is_noticed(network: Network) -> None:
    with network.cut("a"):
        assert paths(network) == {"bc", "cb"}
        assert not carrier(network, "a")
    assert carrier(network, "a")
    assert paths(network) == EVERY


def test_one_way_cuts_are_not_noticed(network: Network) -> None:
    with network.cut_input("a"):
        assert paths(network) == EVERY - {"ba", "ca"}
        assert carrier(network, "a")
    with network.cut_output("a"):
        assert paths(network) == EVERY - {"ab", "ac"}
        assert carrier(network, "a")
    assert paths(network) == EVERY


def test_a_cut_reaches_the_switch_itself(network: Network) -> None:
    def reaches() -> bool:
        return pings(network, "a", "10.77.0.1")

    wait_for(reaches, 10, "a reaches the switch")
    with network.cut_output("a"):
        assert not reaches()
    wait_for(reaches, 10, "a reaches the switch again")


def test_a_partition_has_two_sides(network: Network) -> None:
    with network.cut_between({"a"}, {"b", "c"}):
        assert paths(network) == {"bc", "cb"}
        assert arrives(network, "client", "a")
        assert arrives(network, "client", "b")
    with network.cut_between({"a"}, {"b"}):
        assert paths(network) == EVERY - {"ab", "ba"}
    with pytest.raises(LabError, match="b is on both sides"):
        network.cut_between({"a", "b"}, {"b"})


def test_vrrp_alone(network: Network) -> None:
    with network.cut_vrrp():
        assert paths(network, _VRRP) == set()
        assert paths(network) == EVERY
    with network.cut_vrrp(["a"]):
        assert paths(network, _VRRP) == {"bc", "cb"}
    assert paths(network, _VRRP) == EVERY


def test_cuts_that_overlap_are_lifted_one_by_one(network: Network) -> None:
    first, second = network.cut_input("a"), network.cut_between({"a"}, {"b"})
    first.undo()
    first.undo()
    assert paths(network) == EVERY - {"ab", "ba"}
    second.undo()
    down = network.cut("a"), network.cut("a")
    down[0].undo()
    assert not carrier(network, "a")
    network.heal("a")
    assert paths(network) == EVERY
    network.cut("b")
    network.cut_vrrp()
    network.heal_all()
    assert paths(network) == EVERY


def test_a_host_comes_back_to_a_port_that_is_cut(network: Network) -> None:
    with network.cut("c"):
        before = network.host("c")
        network.detach("c")
        assert network.attach("c", _ADDRESSES["c"]) == before
        assert not carrier(network, "c")
    wait_for(lambda: carrier(network, "c"), 5, "the port of c is up")


@pytest.fixture
def far(network: Network) -> Iterator[str]:
    """A host of the second network."""
    network.attach("far", _FAR)
    yield "far"
    network.detach("far")


def test_a_router_joins_two_networks_and_nothing_of_layer_2_does(network: Network, far: str) -> None:
    assert pings(network, "a", _FAR)
    assert pings(network, far, _ADDRESSES["a"])
    # As if it were a neighbour: nobody answers for its address.
    must(["ip", "-n", network.host("a").namespace, "route", "add", f"{_FAR}/32", "dev", "eth0"])
    assert not pings(network, "a", _FAR)
    must(["ip", "-n", network.host("a").namespace, "route", "del", f"{_FAR}/32", "dev", "eth0"])
    assert pings(network, "a", _FAR)
    with network.cut(far):
        assert not pings(network, "a", _FAR)
    with pytest.raises(LabError, match=r"the router is between 10\.77\.0 and 10\.78\.0"):
        network.cut_between({"a"}, {far})


def test_the_router_knows_where_pods_are(network: Network, far: str) -> None:
    must(["ip", "-n", network.host(far).namespace, "address", "add", f"{_PODS}.2/32", "dev", "lo"])
    assert not pings(network, "a", f"{_PODS}.2")
    network.route(f"{_PODS}.0/24", _FAR)
    assert pings(network, "a", f"{_PODS}.2")


def test_names_and_addresses_that_cannot_be(network: Network) -> None:
    with pytest.raises(LabError, match=r"the host name .* is too long"):
        network.attach("a-name-of-15-ch", "10.77.0.14")
    with pytest.raises(LabError, match=r"not in 10\.77\.0\.0/24 or 10\.78\.0\.0/24"):
        network.attach("d", "10.79.0.14")
    with pytest.raises(LabError, match=r"sw and 10\.78\.0\.1 are the switch's own"):
        network.attach("d", "10.78.0.1")
    with pytest.raises(LabError, match="the host a has"):
        network.attach("d", _ADDRESSES["a"])
    with pytest.raises(LabError, match="no host d is on the switch: it has a, b"):
        network.cut("d")


def test_nothing_of_it_is_in_our_own_namespace(network: Network) -> None:
    names = {name for _index, name in socket.if_nameindex()}
    assert not names & {"br0", "br1", *(f"p-{name}" for name in _ADDRESSES)}


def test_the_watch_counts_holders_and_who_of_them_serves(network: Network, tmp_path: Path) -> None:
    authority = Authority("lab")
    certificate, key = authority.issue("vip", [_VIP])
    for name, text in {"ca.crt": authority.certificate, "tls.crt": certificate, "tls.key": key}.items():
        (tmp_path / name).write_text(text)
    client = Client(tmp_path / "ca.crt", command=network.command("client"))
    hosts = [network.host(name) for name in ("a", "b")]
    with ExitStack() as stack:
        stack.enter_context(server(network, "a", tmp_path))
        watch = stack.enter_context(HolderWatch(tmp_path, client, hosts, _VIP, 8443))
        wait_for(lambda: seen(watch) >= 5, 10, "nobody holds the address for half a second")
        for name, change, samples in (("a", "add", 15), ("b", "add", 10), ("a", "del", 5)):
            must(["ip", "-n", network.host(name).namespace, "address", change, f"{_VIP}/32", "dev", "eth0"])
            until = seen(watch) + samples
            wait_for(lambda until=until: seen(watch) >= until, 15, "the watch goes on")  # type: ignore[misc]
    holding = watch.holding()
    held, served = holding.seconds_by_holders(), holding.seconds_by_serving()
    assert [who for _at, who in holding.changes()] == [[], ["a"], ["a", "b"], ["b"]]
    assert held[0] == pytest.approx(0.5, abs=0.4)
    assert held[1] == pytest.approx(2.0, abs=0.5)
    assert held[2] == pytest.approx(1.0, abs=0.4)
    assert holding.longest_with(2) == pytest.approx(held[2], abs=0.01)
    assert served[1] == pytest.approx(2.5, abs=0.6)
    assert 2 not in served
    run(["ip", "-n", network.host("b").namespace, "address", "del", f"{_VIP}/32", "dev", "eth0"])


def seen(watch: HolderWatch) -> int:
    return len(watch.holding().moments)


def server(network: Network, name: str, directory: Path) -> subprocess.Popen[bytes]:
    """A TLS server on a host; the end of a `with` block closes its input, which ends it."""
    return subprocess.Popen(
        network.command(
            name,
            sys.executable,
            "-m",
            "lab.api_stand_in",
            _ADDRESSES[name],
            "8443",
            str(directory / "tls.crt"),
            str(directory / "tls.key"),
        ),
        stdin=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
    )
