"""Reports about made-up clusters, as the crate `k8s-ha-report` reads them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from report.toy_model import Cluster, any_of, at_least, report

HOSTILE = "</script><img src=x onerror=alert(1)>\"'`&" + "long" * 40
"""A name that would be markup, ends strings, and does not fit on a phone."""


def small() -> dict[str, Any]:
    """Three hypervisors of a home cluster, with everything that a report can hold."""
    cluster = Cluster()
    site = cluster.add("site", "home")
    uplink = cluster.add("uplink", "provider-a", [site])
    feeds = [cluster.add("power_feed", name, [site]) for name in ("feed-a", "feed-b")]
    switches = [
        cluster.add("switch", name, [site], [feed]) for name, feed in zip(("sw1", "sw2"), feeds, strict=True)
    ]
    hosts = [cluster.add("hypervisor", f"pve{number}", [site], feeds, switches) for number in (1, 2, 3)]
    masters = [cluster.add("node", f"cp{number}", [host]) for number, host in enumerate(hosts, 1)]
    workers = [cluster.add("node", f"w{number}", [host]) for number, host in enumerate(hosts, 1)]
    etcd = [cluster.add("process", f"etcd on cp{number}", [node]) for number, node in enumerate(masters, 1)]
    api = [
        cluster.add("process", f"kube-apiserver on cp{number}", [node])
        for number, node in enumerate(masters, 1)
    ]
    balancers = [
        cluster.add("process", f"haproxy on cp{number}", [node]) for number, node in enumerate(masters, 1)
    ]
    outside = cluster.add("outside", "s3.example", [uplink])

    no_quorum, no_hosts = at_least(2, etcd), at_least(2, masters)
    no_api = any_of(no_quorum, at_least(3, api))
    cluster.serve(
        "etcd", "a majority of 3 members", {"serve": no_quorum, "recover": no_quorum, "data": no_hosts}
    )
    cluster.serve(
        "kube-apiserver", "one of 3, and etcd", {"serve": no_api, "recover": no_api, "data": no_hosts}
    )
    endpoint = any_of(no_api, at_least(3, balancers))
    cluster.serve("API endpoint", "HAProxy and the VIP", {"serve": endpoint, "recover": endpoint})
    cluster.serve("CoreDNS", "2 pods on different nodes", {"serve": at_least(2, workers), "recover": no_api})
    data = at_least(2, workers)
    cluster.serve("storage longhorn", "2 replicas", {"serve": data, "recover": data, "data": data})
    postgres = cluster.serve(
        "blocky-postgres",
        "1 instance",
        {"serve": at_least(1, [workers[0]]), "recover": any_of(no_api, data), "data": data},
    )
    redis = cluster.serve(
        "blocky-redis", "1 instance", {"serve": at_least(1, [workers[1]]), "recover": no_api}
    )
    cluster.serve(
        "blocky",
        "2 pods",
        {"serve": at_least(2, workers[:2]), "recover": no_api},
        degraded_by=[postgres, redis],
    )
    standby = {"serve": at_least(2, workers[1:]), "recover": no_api, "data": at_least(1, [workers[1]])}
    cluster.serve("orders database", "asynchronous standby", standby)
    renewal = at_least(1, [masters[0]])
    cluster.serve("certificate renewal", "certbot on cp1", {"serve": renewal, "recover": renewal})
    cluster.serve(
        "off-site backups", "", {"serve": at_least(1, [outside]), "recover": at_least(1, [outside])}
    )
    classes = list(range(len(cluster.elements)))
    built = report(cluster, "home", {"node": 1, "hypervisor": 1}, classes, pairs=True, depth=3)
    return built | _others(built, hosts, masters, workers)


def _others(
    built: dict[str, Any], hosts: list[int], masters: list[int], workers: list[int]
) -> dict[str, Any]:
    for service, share in zip(built["services"], (0.999987, 0.99997, 0.9999, 0.9993), strict=False):
        parts = zip(masters, (0.61, 0.58, 0.22), strict=True)
        contributions = [{"element": element, "share": part} for element, part in parts]
        service["availability"] = {"share": share, "contributions": contributions}
    gib = 1 << 30
    return {
        "cut_sets": [
            {
                "service": 0,
                "level": "serve",
                "complete_to": 3,
                "groups": [
                    {"parts": [{"take": 1, "of": [0]}], "count": 1},
                    {"parts": [{"take": 2, "of": hosts}], "count": 3},
                    {"parts": [{"take": 2, "of": masters}], "count": 3},
                    {"parts": [{"take": 1, "of": hosts[:1]}, {"take": 1, "of": masters[1:]}], "count": 2},
                ],
            },
            {"service": 9, "level": "serve", "complete_to": 3, "groups": []},
        ],
        "partitions": [
            {
                "name": "pve3 cut off",
                "sides": [
                    {"elements": [*hosts[:2], *masters[:2], *workers[:2]], "serves": [0, 1, 2, 3]},
                    {"elements": [hosts[2], masters[2], workers[2]], "serves": []},
                ],
                "notes": ["The address 10.0.10.5 is held on both sides; only the first one serves it."],
            }
        ],
        "capacity": [
            {
                "after": "the loss of 1 hypervisor",
                "resource": "memory",
                "needed": 96 * gib,
                "left": 128 * gib,
            },
            {
                "after": "the loss of 1 hypervisor",
                "resource": "host_memory",
                "needed": 150 * gib,
                "left": 128 * gib,
                "witness": [hosts[0]],
            },
            {
                "after": "the loss of 1 node",
                "resource": "cpu",
                "needed": 11_500,
                "left": 16_000,
                "obstacle": "2 replicas of `blocky` must stand on different nodes, and one is left",
            },
        ],
        "start_up": {
            "steps": [
                {"starts": ["feed-a", "feed-b"]},
                {"starts": ["sw1", "sw2"]},
                {
                    "starts": ["pve1", "pve2", "pve3"],
                    "note": "two of them before any machine starts: Proxmox quorum",
                },
                {"starts": ["etcd", "kube-apiserver"]},
                {"starts": ["CoreDNS", "storage longhorn"]},
            ],
            "circles": [
                {"of": ["registry", "storage longhorn"], "note": "Keep Longhorn's images on the nodes."}
            ],
        },
        "findings": [
            {
                "code": "PLACE-007",
                "severity": "error",
                "path": "k8s_ha.certs.nodes",
                "place": "pillar/home.sls:63:12",
                "message": "certificate renewal stands on `cp1` alone, and `targets.survive` asks for 1 node",
                "why": "Certificates end while cp1 is away, and every site with them.",
                "help": "Name a second node, or let cert-manager renew.",
            },
            {
                "code": "NET-026",
                "severity": "warn",
                "path": "k8s_ha.sites.home",
                "message": "`home` has one uplink",
                "acknowledged": "one internet link is enough for a home",
            },
            {"code": "STO-014", "severity": "info", "message": "Longhorn keeps 2 replicas"},
        ],
    }


def large(nodes: int = 500) -> dict[str, Any]:
    """Racks of eight hypervisors with ten nodes each, on two feeds and two switches a rack."""
    cluster = Cluster()
    feeds = [cluster.add("power_feed", name) for name in ("feed-a", "feed-b")]
    classes = [0, 1]
    masters: list[int] = []
    workers: list[int] = []
    spread: list[int] = []
    made = 0
    rack = host = -1
    switches: list[int] = []

    def one_of(kind: str, name: str, *needs: Iterable[int], twin_of: int | None = None) -> int:
        element = cluster.add(kind, name, *needs)
        classes.append(element if twin_of is None else twin_of)
        return element

    while made < nodes:
        if made % 80 == 0:
            number = made // 80 + 1
            rack = one_of("rack", f"rack-{number}")
            switches = [one_of("switch", f"sw{number}{side}", [rack], feeds) for side in "ab"]
        if made % 10 == 0:
            host = one_of("hypervisor", f"pve{made // 10 + 1}", [rack], feeds, switches)
            twin = None
        if made % 80 == 0 and len(masters) < 5:
            masters.append(one_of("node", f"cp{len(masters) + 1}", [host]))
        else:
            worker = one_of("node", f"w{made + 1}", [host], twin_of=twin)
            twin = worker if twin is None else twin
            workers.append(worker)
            if made % 80 == 1:
                spread.append(worker)
                classes[worker] = worker
                twin = None
        made += 1
    etcd = [one_of("process", f"etcd on cp{number}", [node]) for number, node in enumerate(masters, 1)]
    api = [
        one_of("process", f"kube-apiserver on cp{number}", [node]) for number, node in enumerate(masters, 1)
    ]
    majority = len(masters) - len(masters) // 2
    no_quorum = at_least(majority, etcd)
    no_api = any_of(no_quorum, at_least(len(api), api))
    cluster.serve(
        "etcd",
        f"a majority of {len(masters)} members",
        {"serve": no_quorum, "recover": no_quorum, "data": at_least(majority, masters)},
    )
    cluster.serve(
        "kube-apiserver", "", {"serve": no_api, "recover": no_api, "data": at_least(majority, masters)}
    )
    full = at_least(len(workers) // 10, workers)
    cluster.serve("workers", "nine of ten are needed", {"serve": full, "recover": full})
    for number in range(20):
        pods = [spread[(number + step) % len(spread)] for step in range(min(3, len(spread)))]
        few = at_least(len(pods) - 1, pods) if number % 3 else at_least(1, pods[:1])
        cluster.serve(f"app {number + 1}", "", {"serve": few, "recover": no_api})
    targets = {"node": 1, "hypervisor": 1, "rack": 1}
    return report(cluster, f"prod-{nodes}", targets, classes, pairs=nodes <= 100, depth=2)


def hostile(text: str) -> dict[str, Any]:
    """A report in which everything that a pillar names is called `text`."""
    cluster = Cluster()
    site = cluster.add("site", text)
    feed = cluster.add("power_feed", text, [site])
    node = cluster.add("node", text, [site], [feed])
    cluster.serve(text, text, {"serve": at_least(1, [node]), "recover": at_least(1, [node])})
    built = report(cluster, text, {"node": 1}, [0, 1, 2], pairs=True, depth=2)
    return built | {
        "version": text,
        "date": text,
        "capacity": [{"after": text, "resource": "pods", "needed": 1, "left": 0, "obstacle": text}],
        "start_up": {"steps": [{"starts": [text], "note": text}], "circles": [{"of": [text], "note": text}]},
        "partitions": [{"name": text, "sides": [{"elements": [0], "serves": [0]}], "notes": [text]}],
        "cut_sets": [
            {
                "service": 0,
                "level": "serve",
                "complete_to": 1,
                "groups": [{"parts": [{"take": 1, "of": [0, 2]}], "count": 2}],
            }
        ],
        "findings": [
            {
                "code": text,
                "severity": "error",
                "path": text,
                "place": text,
                "message": text,
                "why": text,
                "help": text,
                "acknowledged": text,
            }
        ],
    }
