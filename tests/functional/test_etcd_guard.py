"""The check before a kubelet starts: run as systemd runs it, on directories that stand for the host's."""

import json
import subprocess
from pathlib import Path

import pytest

from functional.needs import installed
from functional.pillars import three_masters

saltext = installed("saltext.k8s_ha")

GUARD = "/usr/libexec/k8s-ha/etcd-guard"
LOG = "var/lib/etcd/member/wal/0000000000000000-0000000000000000.wal"
PLACES = ("/etc/kubernetes/manifests/etcd.yaml", "/var/lib/etcd", "/var/lib/k8s-ha/identity.json")


@pytest.fixture
def guard(tmp_path: Path) -> Path:
    """The rendered script, with the paths it looks at below a directory."""
    files = {file["path"]: file for file in saltext.Topology(three_masters()).files("cp1")}
    script = files[GUARD]["contents"]
    for place in PLACES:
        assert place in script
        script = script.replace(place, f"{tmp_path}{place}")
    written = tmp_path / "guard"
    written.write_text(script)
    put(tmp_path, "/etc/kubernetes/manifests/etcd.yaml", "")
    put(tmp_path, "/var/lib/k8s-ha/identity.json", json.dumps({"node": "cp1", "stage": "member"}, indent=1))
    put(tmp_path, LOG, "data")
    # A member that could not start leaves one too.
    put(tmp_path, "/var/lib/etcd/member/snap/db", "empty")
    return written


def put(root: Path, path: str, text: str) -> None:
    place = root / path.lstrip("/")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)


def run(guard: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", str(guard)], capture_output=True, text=True, check=False, timeout=10)


def test_a_member_with_its_data_starts(guard: Path) -> None:
    done = run(guard)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("stage", ["initialised", "joined", "member"])
def test_a_member_without_its_data_does_not(guard: Path, tmp_path: Path, stage: str) -> None:
    (tmp_path / LOG).unlink()
    put(tmp_path, "/var/lib/k8s-ha/identity.json", json.dumps({"node": "cp1", "stage": stage}, indent=1))
    done = run(guard)
    assert done.returncode == 1
    assert "cp1 is a member of etcd of cluster prod1" in done.stderr
    assert "salt cp1.prod1.lan k8s_ha.etcd_rejoin" in done.stderr


@pytest.mark.parametrize("stage", ["initialising", "joining"])
def test_a_host_that_is_about_to_become_one_starts(guard: Path, tmp_path: Path, stage: str) -> None:
    (tmp_path / LOG).unlink()
    put(tmp_path, "/var/lib/k8s-ha/identity.json", json.dumps({"node": "cp1", "stage": stage}, indent=1))
    assert run(guard).returncode == 0


def test_without_a_static_pod_nothing_is_guarded(guard: Path, tmp_path: Path) -> None:
    (tmp_path / LOG).unlink()
    (tmp_path / "etc/kubernetes/manifests/etcd.yaml").unlink()
    assert run(guard).returncode == 0


def test_the_kubelet_of_a_member_alone_is_guarded() -> None:
    topology = saltext.Topology(three_masters())
    unit = "/etc/systemd/system/kubelet.service.d/20-k8s-ha.conf"
    for node, expected in (("cp1", True), ("w1", False)):
        files = {file["path"]: file["contents"] for file in topology.files(node)}
        assert (GUARD in files) is expected
        assert (f"ExecStartPre={GUARD}\n" in files[unit]) is expected
