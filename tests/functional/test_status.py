"""What an operator asks first: everything about a node in one call, whatever state it is in."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from functional.minion import Minion
from functional.needs import installed
from functional.pillars import broken, three_masters

installed("saltext.k8s_ha")

from saltext.k8s_ha.utils import (  # noqa: E402 (after the check that it is there)
    activation,
    gate,
    pki,
    status_services,
)
from saltext.k8s_ha.utils import status as of_node  # noqa: E402
from saltext.k8s_ha.utils.host import Host, HostError  # noqa: E402
from saltext.k8s_ha.utils.status_node import Asker, Deadline, Node  # noqa: E402
from saltext.k8s_ha.utils.status_services import address, services  # noqa: E402

MARKER = {
    "cluster": "prod1",
    "node": "cp1",
    "stage": "member",
    "attempt": "not for everybody",
    "ca_fingerprint": "sha256:ab",
    "kube_system_uid": "u-1",
}


def put(root: Path, path: str, text: str) -> Path:
    place = root / path.lstrip("/")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)
    return place


def status(minion: Minion, *arguments: str) -> dict[str, Any]:
    answer = minion.call("k8s_ha.status", *arguments)
    assert answer.code == 0 and isinstance(answer.value, dict), answer.text
    return answer.value


def test_a_node_that_is_no_member_yet_says_so_and_nothing_fails(minion: Minion) -> None:
    told = status(minion)
    assert (told["cluster"], told["node"], told["roles"]) == ("prod1", "cp1", ["control_plane"])
    assert told["identity"] == "This host has no identity: it is no member of a cluster yet."
    assert told["releases"] == {"wanted": "v1.36.4", "installed": {}}
    assert told["files"]["not_as_wanted"]["/etc/haproxy/haproxy.cfg"] == "it is not there"
    assert all(
        told[part].startswith("Below ") for part in ("api_server", "endpoint", "etcd", "services", "address")
    )
    (attention,) = told["attention"]
    assert "files are not as the pillar wants them" in attention


def test_what_somebody_should_look_at_is_named_and_no_contents(minion: Minion) -> None:
    assert minion.highstate().code == 0
    put(minion.host, "/etc/haproxy/haproxy.cfg", "hunter2")
    put(minion.host, "/var/lib/k8s-ha/identity.json", json.dumps({**MARKER, "cluster": "other"}))
    program = put(minion.host, "/usr/bin/kubeadm", "#!/bin/sh\necho v1.35.4\n")
    program.chmod(0o755)
    authority = pki.Authority.make("kubernetes", "ECDSA-P256", 1e8, pki.utc_now())
    certificate, key = authority.issue_client("kube-apiserver", 20, pki.utc_now())
    put(minion.host, "/etc/kubernetes/pki/apiserver.crt", certificate)
    put(minion.host, "/etc/kubernetes/pki/apiserver.key", key)
    put(minion.host, "/etc/kubernetes/pki/ca.crt", authority.certificate)
    told = status(minion)
    assert told["identity"] == {
        "stage": "member",
        "cluster": "other",
        "node": "cp1",
        "kube_system_uid": "u-1",
        "ca_fingerprint": "sha256:ab",
    }
    assert told["releases"] == {"wanted": "v1.36.4", "installed": {"kubeadm": "v1.35.4"}}
    assert list(told["files"]["changed_by_hand"]) == ["/etc/haproxy/haproxy.cfg"]
    assert [(one["path"], one["due"]) for one in told["certificates"]] == [
        ("/etc/kubernetes/pki/apiserver.crt", True),
        ("/etc/kubernetes/pki/ca.crt", False),
    ]
    for part, said in (
        ("files", "/etc/haproxy/haproxy.cfg: it was changed by hand"),
        ("identity", "it is marked as a member and has no /etc/kubernetes/kubelet.conf"),
        ("identity", "it is that of cluster other, and the pillar says prod1"),
        ("certificates", "/etc/kubernetes/pki/apiserver.crt (CN=kube-apiserver) ends on "),
        ("releases", "this node has kubeadm v1.35.4, the pillar wants v1.36.4"),
    ):
        assert any(line.startswith(f"{part}: {said}") for line in told["attention"]), said
    assert len(told["attention"]) == 5
    text = json.dumps(told)
    assert "hunter2" not in text and "PRIVATE" not in text and "not for everybody" not in text


def test_a_part_that_cannot_be_told_stands_as_a_sentence(minion: Minion) -> None:
    put(minion.host, "/var/lib/k8s-ha/identity.json", "{")
    put(minion.host, "/var/lib/k8s-ha/files.json", "{")
    told = status(minion)
    assert "identity.json cannot be read" in told["identity"]
    assert "files.json cannot be read" in told["files"]
    assert [line.split(":")[0] for line in told["attention"]] == ["files", "identity"]
    assert told["releases"]["wanted"] == "v1.36.4"


def test_a_pillar_that_is_refused_hides_nothing_of_the_host(minion: Minion) -> None:
    put(minion.host, "/var/lib/k8s-ha/identity.json", json.dumps(MARKER))
    minion.set_pillar(broken())
    told = status(minion)
    assert "nodes.cp3.hypervisr" in told["pillar"]
    assert told["attention"][0] == "pillar: Refused: the pillar is not valid. Nothing was changed."
    assert told["identity"]["kube_system_uid"] == "u-1"
    assert "node" not in told


def test_a_minion_of_no_cluster_and_a_worker(tmp_path: Path) -> None:
    stranger = Minion(tmp_path / "db", "db1")
    stranger.set_pillar(three_masters())
    told = status(stranger)
    assert told["attention"] == [] and "belongs to no cluster" in told["pillar"]
    worker = Minion(tmp_path / "w1", "w1")
    worker.set_pillar(three_masters())
    assert status(worker)["roles"] == ["worker"]


def test_a_root_that_is_none_is_a_sentence(minion: Minion) -> None:
    assert status(minion, "root=relative")["attention"] == [
        "root must be an absolute path below /, not 'relative'"
    ]


class Programs:
    """Stands for Salt's ``cmd.run_all``: what each program prints."""

    def __init__(self, **outputs: str | int) -> None:
        self.outputs = outputs
        self.ran: list[list[str]] = []

    def __call__(self, command: list[str], **_: Any) -> dict[str, Any]:
        assert command[0] == "timeout"
        program = command[3:]
        self.ran.append(program)
        said = self.outputs.get(program[0], 127)
        if isinstance(said, int):
            return {"retcode": said, "stdout": "", "stderr": "failed to run"}
        return {"retcode": 0, "stdout": said, "stderr": ""}


def node_with(
    tmp_path: Path, minion_id: str = "cp1.prod1.lan", **outputs: str | int
) -> tuple[Node, Programs]:
    member = gate.examine(minion_id, {"k8s_ha": three_masters()}, {}).member
    assert member is not None
    for path, file in member.files.items():
        put(tmp_path, path, file["contents"])
    programs = Programs(**outputs)
    return Node(member, Asker(Host(tmp_path), {"cmd.run_all": programs}, Deadline.after(10))), programs


@pytest.fixture
def stamps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(activation, "STAMPS", tmp_path / "stamps")
    return tmp_path / "stamps"


def shown(node: Node, **changes: dict[str, str]) -> str:
    """What ``systemctl show`` prints of all units: well, but for these changes."""
    units = activation.units(node.member.files.values(), status_services._reader(node))
    well = {"LoadState": "loaded", "UnitFileState": "enabled", "ActiveState": "active"}
    since = {"ActiveEnterTimestampMonotonic": str(int((time.clock_gettime(time.CLOCK_MONOTONIC) + 60) * 1e6))}
    blocks = [
        "\n".join(f"{key}={value}" for key, value in {**since, **well, **changes.get(name, {})}.items())
        for name in (unit.name.removesuffix(".service").replace("-", "_") for unit in units)
    ]
    return "\n\n".join(blocks) + "\n"


def test_services_that_run_with_what_is_on_the_disk_need_nobody(tmp_path: Path, stamps: Path) -> None:
    node, programs = node_with(tmp_path)
    programs.outputs["systemctl"] = shown(node)
    told, attention = services(node)
    assert told["containerd.service"] == "enabled, running"
    # The machine of the test has neither, and what is not there cannot be run with.
    assert [line.split(" ")[0] for line in attention] == ["kubelet.service", "haproxy.service"]
    assert "waits for /var/lib/kubelet/config.yaml" in attention[0]
    assert len(programs.ran) == 1, "all units are looked at by one call"


@pytest.mark.parametrize(
    ("change", "told", "said"),
    [
        ({"ActiveState": "failed"}, "enabled, stopped", "does not run: `journalctl -u keepalived.service`"),
        ({"ActiveState": "activating"}, "enabled, stopped", "does not run"),
        ({"UnitFileState": "disabled"}, "disabled, running", "is not enabled"),
        ({"LoadState": "not-found"}, "not installed", "is not installed"),
        ({"ActiveEnterTimestampMonotonic": "1"}, "enabled, running with earlier files", "would reload it"),
    ],
)
def test_what_is_wrong_with_a_service_is_said(
    tmp_path: Path, stamps: Path, monkeypatch: pytest.MonkeyPatch, change: dict, told: str, said: str
) -> None:
    monkeypatch.setattr(activation, "missing", lambda _: [])
    node, programs = node_with(tmp_path)
    programs.outputs["systemctl"] = shown(node, keepalived=change)
    states, attention = services(node)
    assert states["keepalived.service"] == told
    (line,) = attention
    assert line.startswith("keepalived.service ") and said in line


@pytest.mark.parametrize(
    ("output", "said"),
    [(127, "is not installed"), (124, "did not end"), (1, "failed to run"), ("a=b", "a=b")],
)
def test_a_systemd_that_does_not_answer_is_a_sentence(
    tmp_path: Path, stamps: Path, output: str | int, said: str
) -> None:
    node, _ = node_with(tmp_path, systemctl=output)
    with pytest.raises(HostError, match=said):
        services(node)


def test_the_address_is_looked_for_on_all_interfaces(tmp_path: Path) -> None:
    held = json.dumps([{}, {"ifname": "eth0", "addr_info": [{"local": "10.0.10.5"}]}])
    node, programs = node_with(tmp_path, ip=held)
    assert address(node) == ({"address": "10.0.10.5", "held": True, "interface": "eth0"}, [])
    assert programs.ran == [["ip", "-json", "address", "show", "to", "10.0.10.5"]]
    for output in ("[]", "[{}]", ""):
        node, _ = node_with(tmp_path, ip=output)
        assert address(node)[0] == {"address": "10.0.10.5", "held": False}
    node, _ = node_with(tmp_path, ip="no JSON")
    with pytest.raises(HostError, match="cannot be read"):
        address(node)


def test_when_the_time_is_over_the_rest_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stamps: Path
) -> None:
    verdict = gate.examine("w1", {"k8s_ha": three_masters()}, {})
    node_with(tmp_path, "w1")
    put(tmp_path, "/etc/kubernetes/pki/ca.crt", "no certificate")
    monkeypatch.setattr(of_node, "_SECONDS", 0.1)
    monkeypatch.setattr(Host, "is_live", property(lambda _: True))
    told = of_node.tell(verdict, Host(tmp_path), {"cmd.run_all": Programs()}, time.time())
    assert told["api_server"] == "No API server runs on this node."
    assert told["etcd"] == "No member of etcd runs on this node; ask cp1, cp2, cp3."
    for part in ("endpoint", "services", "address"):
        assert told[part] == "not asked: what was asked before has used up the time of this call"


def test_a_mistake_of_ours_in_one_part_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken_part(*_: object) -> Any:
        raise RuntimeError("hunter2")

    monkeypatch.setattr(of_node, "files", broken_part)
    verdict = gate.examine("w1", {"k8s_ha": three_masters()}, {})
    told = of_node.tell(verdict, Host(tmp_path), {}, time.time())
    assert told["files"] == "cannot be told (RuntimeError): the minion's log has more"
    assert told["releases"] == {"wanted": "v1.36.4", "installed": {}}
    assert "hunter2" in caplog.text
