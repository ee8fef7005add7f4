"""`k8s-ha plan OLD NEW`: the steps, what is survived during each, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import pillar_of
from cli.test_bad_input import refused
from command import k8s_ha

Change = tuple[str, str]
Of = Callable[..., tuple[Path, Path]]

CP3 = "    cp3: {profile: master, ip: 10.0.10.13, hypervisor: pve3}\n"
CP4 = "    cp4: {profile: master, ip: 10.0.10.14, hypervisor: pve4}\n"
CP5 = "    cp5: {profile: master, ip: 10.0.10.15, hypervisor: pve5}\n"
W2 = "    w2: {profile: worker, ip: 10.0.10.22, hypervisor: pve2}\n"
W3 = "    w3: {profile: worker, ip: 10.0.10.23, hypervisor: pve3}\n"


@pytest.fixture
def pillars(tmp_path: Path) -> Of:
    """Write two pillars: a base, and the base with texts replaced."""

    def write(
        *changes: Change, old: tuple[Change, ...] = (), base: str = "three_masters"
    ) -> tuple[Path, Path]:
        paths = tmp_path / "old.sls", tmp_path / "new.sls"
        for path, replaced in zip(paths, (old, changes), strict=True):
            text = pillar_of(base)
            for before, after in replaced:
                assert before in text, f"{before!r} does not stand in the base pillar"
                text = text.replace(before, after)
            path.write_text(text, encoding="utf-8")
        return paths

    return write


def plan(paths: tuple[Path, Path], *, status: int = 0) -> dict[str, Any]:
    """The plan as JSON; there are steps only where nothing is refused."""
    done = k8s_ha("plan", *paths, "--format", "json", check=False)
    assert done.returncode == status, done.stdout + done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    assert bool(answer["refused"]) == (status == 1) and not (answer["refused"] and answer["steps"])
    return answer


def told(answer: dict[str, Any]) -> list[str]:
    return [f"{step['action']} {','.join(step['nodes'])}" for step in answer["steps"]]


def test_nothing_changes(pillars: Of) -> None:
    paths = pillars()
    assert k8s_ha("plan", *paths).stdout == "nothing changes: the pillars say the same\n"
    assert plan(paths) == {"cluster": "prod1", "refused": [], "warnings": [], "steps": [], "end": []}


def test_targets_are_told_to_no_host(pillars: Of) -> None:
    said = k8s_ha("plan", *pillars(("api_failover: 10s", "api_failover: 20s"))).stdout
    assert said == "nothing changes: the pillars differ in what no host is told, such as targets\n"


GROWTH = """\
step  do       on      what
1     add      cp4     etcd gets a learner
2     promote  cp4     the learner gets its vote
      etcd and kubernetes survive 0 further hypervisors (1 before), 0 further nodes (1 before)
3     join     cp4     becomes a part of the cluster
4     add      cp5     etcd gets a learner
5     promote  cp5     the learner gets its vote
6     join     cp5     becomes a part of the cluster
7     reload   cp1     reload haproxy, reload keepalived, reload kube-apiserver
8     reload   cp2     reload haproxy, reload keepalived, reload kube-apiserver
9     reload   cp3     reload haproxy, reload keepalived, reload kube-apiserver
10    join     w3      becomes a part of the cluster
11    write    w1, w2  /etc/hosts

at the end etcd and kubernetes survive 2 hypervisors (1 before), 2 nodes (1 before)
at the end kube-apiserver, kube-scheduler, kube-controller-manager and load balancer survive \
4 hypervisors (2 before), 4 nodes (2 before)
"""


def test_two_masters_and_a_worker_more(pillars: Of) -> None:
    assert k8s_ha("plan", *pillars((W2, W2 + CP4 + CP5 + W3))).stdout == GROWTH


SHRINKING = """\
step  do      on      what
1     drain   cp4     its pods go elsewhere
2     remove  cp4     its member is taken out of etcd (leader last)
      etcd and kubernetes survive 1 further hypervisor (2 before), 1 further node (2 before)
3     leave   cp4     is deleted from the cluster, and reset
      kube-apiserver, kube-scheduler, kube-controller-manager and load balancer survive \
3 further hypervisors (4 before), 3 further nodes (4 before)
4     drain   cp5     its pods go elsewhere
5     remove  cp5     its member is taken out of etcd (leader last)
6     leave   cp5     is deleted from the cluster, and reset
      kube-apiserver, kube-scheduler, kube-controller-manager and load balancer survive \
2 further hypervisors (3 before), 2 further nodes (3 before)
7     reload  cp1     reload haproxy, reload keepalived, reload kube-apiserver
8     reload  cp2     reload haproxy, reload keepalived, reload kube-apiserver
9     reload  cp3     reload haproxy, reload keepalived, reload kube-apiserver
10    drain   w3      its pods go elsewhere
11    leave   w3      is deleted from the cluster, and reset
12    write   w1, w2  /etc/hosts

leader last: of these steps, that of the member that leads etcd at the time comes last
remove: before NEW is applied, as every host refuses a pillar that lacks a member which etcd still has
at the end etcd and kubernetes survive 1 hypervisor (2 before), 1 node (2 before)
at the end kube-apiserver, kube-scheduler, kube-controller-manager and load balancer survive \
2 hypervisors (4 before), 2 nodes (4 before)
"""


def test_and_back(pillars: Of) -> None:
    assert k8s_ha("plan", *pillars(old=((W2, W2 + CP4 + CP5 + W3),))).stdout == SHRINKING


def test_a_master_is_replaced(pillars: Of) -> None:
    answer = plan(pillars((CP3, CP4)))
    assert told(answer) == [
        "add cp4",
        "promote cp4",
        "join cp4",
        "drain cp3",
        "remove cp3",
        "leave cp3",
        "reload cp1",
        "reload cp2",
        "write w1,w2",
    ]
    assert [warning["code"] for warning in answer["warnings"]] == ["both"]


def test_a_flag_and_a_quota_restart_each_master_in_turn(pillars: Of) -> None:
    flag = 'kubeadm: {api_server: {extra_args: [{name: v, value: "4"}]}}'
    settings = ("networks:", f"{flag}\n  etcd: {{quota_backend_bytes: 6GiB}}\n  networks:")
    answer = plan(pillars(settings))
    assert told(answer) == ["restart cp1", "restart cp2", "restart cp3"]
    first = answer["steps"][0]
    assert first["programs"] == [
        {"name": "etcd", "action": "restart"},
        {"name": "kube-apiserver", "action": "restart"},
    ]
    assert first["leader_last"] and "/etc/kubernetes/kubeadm/init.yaml" in first["files"]
    change = {"service": "etcd", "kind": "node", "before": 1, "during": 0, "target": 1}
    assert change in first["tolerance"]


def test_a_member_of_an_external_etcd_restarts_and_asks_nobody_else(pillars: Of) -> None:
    quota = ("etcd: {topology: external}", "etcd: {topology: external, quota_backend_bytes: 6GiB}")
    answer = plan(pillars(quota, base="external_etcd"))
    assert told(answer) == ["restart etcd1", "restart etcd2", "restart etcd3"]
    assert [program["name"] for program in answer["steps"][0]["programs"]] == ["etcd"]
    services = {change["service"] for change in answer["steps"][0]["tolerance"]}
    assert services == {"etcd", "kubernetes"}


def test_a_machine_moves(pillars: Of) -> None:
    moved = ("ip: 10.0.10.13, hypervisor: pve3", "ip: 10.0.10.13, hypervisor: pve4")
    paths = pillars(moved)
    answer = plan(paths)
    assert told(answer) == ["machine cp3"] and answer["steps"][0]["machine"] == ["hypervisor pve3 -> pve4"]
    assert "1     machine  cp3  hypervisor pve3 -> pve4 (leader last)" in k8s_ha("plan", *paths).stdout


def test_one_member_becomes_three(pillars: Of) -> None:
    single = ((CP3, ""), ("    cp2: {profile: master, ip: 10.0.10.12, hypervisor: pve2}\n", ""))
    answer = plan(pillars(old=single))
    assert told(answer)[:6] == ["add cp2", "promote cp2", "join cp2", "add cp3", "promote cp3", "join cp3"]
    (warning,) = answer["warnings"]
    assert warning["code"] == "two_members" and "from 1 member over 2" in warning["reason"]
    lost = [change for change in answer["steps"][1]["tolerance"] if change["service"] == "etcd"]
    assert {change["during"] for change in lost} == {None}


@pytest.mark.parametrize(
    ("changes", "code", "reason", "remedy"),
    [
        (
            [("networks:", "network: {pod_cidrs: [10.99.0.0/16]}\n  networks:")],
            "pod_cidrs",
            "network.pod_cidrs is 10.99.0.0/16 in the new pillar, and 10.244.0.0/16 in the old one",
            "keep 10.244.0.0/16",
        ),
        (
            [("networks:", "network: {service_cidrs: [10.98.0.0/16]}\n  networks:")],
            "service_cidrs",
            "10.98.0.0/16",
            "keep 10.96.0.0/12",
        ),
        ([("name: prod1", "name: prod2")], "cluster", "cluster.name is prod2", "keep prod1"),
        ([("prod1,", "prod1, dns_domain: k8s.lan,")], "dns_domain", "k8s.lan", "keep cluster.local"),
        (
            [("prod1.lan:8443", "prod1.lan:7443")],
            "control_plane_endpoint",
            "prod1.lan:7443",
            "prod1.lan:8443",
        ),
        ([("v1.36.4", "v1.37.0")], "upgrade", "v1.37.0 in the new pillar, and v1.36.4", "with v1.36.4"),
        ([("v1.36.4", "v1.35.1")], "downgrade", "v1.35.1", "keep v1.36.4"),
        (
            [("10.0.10.11", "10.0.10.99"), ("10.0.10.12", "10.0.10.11"), ("10.0.10.99", "10.0.10.12")],
            "swapped",
            "swapped with cp2",
            "give cp1 back 10.0.10.11, and cp2 10.0.10.12",
        ),
        ([("10.0.10.13", "10.0.10.33")], "address", "nodes.cp3.ip is 10.0.10.33", "without cp3 first"),
        ([("cp3:", "cp9:")], "node", "cp9 has the address 10.0.10.13", "keep the name cp3"),
        ([("w1: {profile: worker", "w1: {profile: master")], "role", "w1 belongs to", "without w1 first"),
        (
            [(CP3, ""), ("    cp2: {profile: master, ip: 10.0.10.12, hypervisor: pve2}\n", "")],
            "quorum",
            "2 of the 3 members of etcd leave, cp2, cp3",
            "keep three members",
        ),
        ([(CP3, "")], "ETCD-001", "etcd has two members, cp1, cp2", "Declare three members"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " not in value else "",
)
def test_what_is_refused(pillars: Of, changes: list[Change], code: str, reason: str, remedy: str) -> None:
    paths = pillars(*changes)
    refusals = {refusal["code"]: refusal for refusal in plan(paths, status=1)["refused"]}
    assert reason in refusals[code]["reason"] and remedy in refusals[code]["remedy"], refusals
    text = k8s_ha("plan", *paths, check=False)
    assert text.returncode == 1 and f"refused: {code}: " in text.stdout and "Remedy: " in text.stdout
    assert "step" not in text.stdout.splitlines()[0] and "..\n" not in text.stdout


def test_a_skipped_minor(pillars: Of) -> None:
    answer = plan(pillars(("v1.36.4", "v1.37.0"), old=(("v1.36.4", "v1.35.1"),)), status=1)
    assert [refusal["code"] for refusal in answer["refused"]] == ["minor_skipped"]
    assert "upgrade to a release of 1.36 first" in answer["refused"][0]["remedy"]


def test_stacked_and_external(tmp_path: Path) -> None:
    paths = tmp_path / "old.sls", tmp_path / "new.sls"
    for path, base in zip(paths, ("three_masters", "external_etcd"), strict=True):
        path.write_text(pillar_of(base), encoding="utf-8")
    for pair in (paths, paths[::-1]):
        assert [refusal["code"] for refusal in plan(pair, status=1)["refused"]] == ["etcd"]


def test_folders_are_read_as_other_commands_read_them(pillars: Of, tmp_path: Path) -> None:
    old, new = pillars((W2, W2 + W3))
    for name, path in (("before", old), ("after", new)):
        tree = tmp_path / name
        tree.mkdir()
        (tree / "top.sls").write_text("base: {'*': [prod1]}\n", encoding="utf-8")
        (tree / "prod1.sls").write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    answer = plan((tmp_path / "before", tmp_path / "after"))
    assert told(answer) == ["write cp1,cp2,cp3", "join w3", "write w1,w2"]


def test_what_cannot_be_used_is_said(pillars: Of, tmp_path: Path) -> None:
    old, new = pillars()
    assert "none.sls" in refused("plan", old, tmp_path / "none.sls", status=(2,))
    assert "NEW" in refused("plan", old, status=(2,))
    assert "no cluster `prod9`" in refused("plan", old, new, "--cluster", "prod9", status=(2,))
    new.write_text("k8s_ha: {cluster: [}", encoding="utf-8")
    assert "YAML-001" in refused("plan", old, new, status=(1,))
    assert "YAML-001" in refused("plan", new, old, status=(1,))


def test_the_same_pillars_give_the_same_bytes(pillars: Of) -> None:
    paths = pillars((W2, W3 + CP4 + CP5))
    assert k8s_ha("plan", *paths).stdout == k8s_ha("plan", *paths).stdout
