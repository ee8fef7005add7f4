"""The networks of one run: a switch with a router in a namespace of its own, a namespace and a port for each host.

Nothing of it is in the machine's own network namespace, so nothing can leave by the machine's interfaces, and
several runs use the same addresses at the same time.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

from lab.commands import LabError, must, run, wait_for
from lab.network_faults import Cut, Direction, Ports
from lab.remains import NAMESPACES, processes_in
from lab.run_record import Run

NETWORK = "10.77.0"
"""The first three numbers of an address; the prefix length is 24."""

FAR_NETWORK = "10.78.0"
"""The same of a second network, which only a router joins to the first: nothing of layer 2 passes between them."""

SWITCH_ADDRESS = f"{NETWORK}.1"
"""The default route of every host. Whatever is not on the switch is answered with "network unreachable"."""

FAR_SWITCH_ADDRESS = f"{FAR_NETWORK}.1"
"""The same for hosts of the second network."""

CLIENT = "client"
CLIENT_ADDRESS = f"{NETWORK}.200"

_SWITCH = "sw"
_BRIDGES = {NETWORK: "br0", FAR_NETWORK: "br1"}
_LONGEST_NAME = 13  # an interface has at most 15 characters, two of them are `p-`


@dataclass(frozen=True)
class Host:
    """A host on the switch: its name, its address, its network namespace, the switch's port for it.

    `network`: the first three numbers of its address.
    """

    name: str
    address: str
    namespace: str
    port: str

    @property
    def network(self) -> str:
        """The network it is in, `NETWORK` or `FAR_NETWORK`."""
        return network_of(self.address)

    @property
    def namespace_path(self) -> Path:
        """The file that stands for the namespace."""
        return NAMESPACES / self.namespace


class Network:
    """The switch of a run and the hosts on it, by name. It is removed with the run."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._hosts: dict[str, Host] = {}
        self._switch = run.prefix + _SWITCH
        self._make_switch()
        self._ports = Ports(self._switch)

    @property
    def hosts(self) -> dict[str, Host]:
        """The hosts on the switch by name."""
        return dict(self._hosts)

    def host(self, name: str) -> Host:
        """The host of this name; LabError when none is attached."""
        if name not in self._hosts:
            raise LabError(f"no host {name} is on the switch: it has {', '.join(self._hosts) or 'none'}")
        return self._hosts[name]

    def attach(self, name: str, address: str) -> Host:
        """Give the host `name` a namespace, with `eth0` on the switch: address/24, its own MAC, a default route.

        The address says in which of the two networks it is.

        Raises LabError when the name is too long or the name or address is taken.
        """
        self._refuse(name, address)
        host = Host(name, address, self._run.prefix + name, f"p-{name}")
        self._run.record("namespace", host.namespace)
        must(["ip", "netns", "add", host.namespace])
        # What happens to these interfaces from now on happens inside of the two namespaces.
        _ip(
            self._switch,
            f"link add {host.port} type veth peer name eth0 address {_mac(address)} netns {host.namespace}",
            f"link set {host.port} master {_BRIDGES[host.network]}",
            f"link set {host.port} up",
        )
        _ip(
            host.namespace,
            "link set lo up",
            f"address add {address}/24 dev eth0",
            "link set eth0 up",
            f"route add default via {gateway(address)}",
        )
        self._hosts[name] = host
        self._ports.apply()
        if not self._ports.is_down(host.port):
            wait_for(lambda: self._is_forwarding(host), 5, f"the switch's port of {name} is forwarding")
        return host

    def attach_client(self) -> Host:
        """Attach the outside client: the host `client`, 10.77.0.200, a namespace without a machine."""
        return self.attach(CLIENT, CLIENT_ADDRESS)

    def route(self, network: str, address: str) -> None:
        """Have the router send what is for `network` to the host of this address, whether that is on or off."""
        _ip(self._switch, f"route replace {network} via {address}")

    def detach(self, name: str) -> None:
        """Take a host off the switch, like a pulled plug: port, interface and namespace go.

        Processes in the namespace must have ended; LabError names those that have not.
        """
        host = self.host(name)
        run(["ip", "-n", self._switch, "link", "del", host.port])
        if left := processes_in(host.namespace):
            raise LabError(
                f"{name} still has processes in its namespace: {', '.join(str(one.pid) for one in left)}"
            )
        must(["ip", "netns", "del", host.namespace])
        del self._hosts[name]

    def command(self, name: str, *arguments: str) -> list[str]:
        """The command line that runs `arguments` in the network namespace of a host, all else as here."""
        # `ip netns exec` would make a mount namespace too, which keeps every mount of this moment in use.
        return ["nsenter", f"--net={self.host(name).namespace_path}", "--", *arguments]

    def cut(self, name: str) -> Cut:
        """Take the switch's port of a host down, as a pulled cable: the host notices that its link is gone."""
        return self._ports.port_down(self.host(name).port)

    def cut_input(self, name: str) -> Cut:
        """Drop, at the switch, whatever is sent to the host; the host's link stays up and what it sends arrives."""
        return self._ports.drop_at(self.host(name).port, Direction.TO_HOST)

    def cut_output(self, name: str) -> Cut:
        """Drop, at the switch, whatever the host sends; its link stays up and it receives everything."""
        return self._ports.drop_at(self.host(name).port, Direction.FROM_HOST)

    def cut_between(self, some: Collection[str], others: Collection[str]) -> Cut:
        """Drop, at the switch, whatever hosts of the one side send to hosts of the other; links stay up.

        Raises LabError when a host is on both sides, or when the router is between them.
        """
        if both := set(some) & set(others):
            raise LabError(
                f"{', '.join(sorted(both))} is on both sides of the partition: name each host once"
            )
        if len(networks := {self.host(name).network for name in (*some, *others)}) > 1:
            raise LabError(
                f"a partition is of frames, and the router is between {' and '.join(sorted(networks))}: name hosts of "
                "one network, or use `cut`"
            )
        return self._ports.drop_between(self._ports_of(some), self._ports_of(others))

    def cut_vrrp(self, names: Collection[str] | None = None) -> Cut:
        """Drop, at the switch, the VRRP adverts (protocol 112) from and to these hosts; of all when None."""
        return self._ports.drop_vrrp(self._ports_of(self._hosts if names is None else names))

    def heal(self, name: str) -> None:
        """Undo every cut of this host alone (`cut`, `cut_input`, `cut_output`)."""
        self._ports.heal(self.host(name).port)

    def heal_all(self) -> None:
        """Undo every cut."""
        self._ports.heal_all()

    def _ports_of(self, names: Collection[str]) -> list[str]:
        return [self.host(name).port for name in names]

    def _refuse(self, name: str, address: str) -> None:
        if len(name) > _LONGEST_NAME:
            raise LabError(f"the host name {name} is too long: use at most {_LONGEST_NAME} characters")
        if network_of(address) not in _BRIDGES:
            networks = " or ".join(f"{network}.0/24" for network in _BRIDGES)
            raise LabError(f"{name}: the address {address} is not in {networks}: take one that is")
        for other in self._hosts.values():
            if name == other.name or address == other.address:
                raise LabError(f"{name} ({address}): the host {other.name} has {other.address} already")
        if name == _SWITCH or address == gateway(address):
            raise LabError(f"{name} ({address}): {_SWITCH} and {gateway(address)} are the switch's own")

    def _make_switch(self) -> None:
        self._run.record("namespace", self._switch)
        must(["ip", "netns", "add", self._switch])
        _ip(self._switch, "link set lo up")
        for network, bridge in _BRIDGES.items():
            # No spanning tree: a port forwards at once. No snooping: VRRP's multicast reaches every port.
            _ip(
                self._switch,
                f"link add {bridge} type bridge stp_state 0 forward_delay 0 mcast_snooping 0",
                f"address add {network}.1/24 dev {bridge}",
                f"link set {bridge} up",
            )
        # A router that says there is no way out fails a download at once; a silent one makes each time out.
        must(
            ["nsenter", f"--net={NAMESPACES / self._switch}", "--", "sysctl", "-qw", "net.ipv4.ip_forward=1"]
        )

    def _is_forwarding(self, host: Host) -> bool:
        return "state forwarding" in must(["ip", "-n", self._switch, "-d", "link", "show", host.port])


def network_of(address: str) -> str:
    """The first three numbers of an address."""
    return address.rpartition(".")[0]


def gateway(address: str) -> str:
    """The router's address in the network of a host's address."""
    return f"{network_of(address)}.1"


def _ip(namespace: str, *commands: str) -> None:
    """Give commands to `ip` in a namespace, until one fails."""
    must(["ip", "-n", namespace, "-batch", "-"], stdin="".join(f"{command}\n" for command in commands))


def _mac(address: str) -> str:
    """A locally administered MAC which the address decides, so that a reinstalled host keeps its own."""
    return "02:77:" + ":".join(f"{number:02x}" for number in IPv4Address(address).packed)
