"""One file: changes by hand, files of somebody else, and another release of Kubernetes."""

from pathlib import Path

import pytest

from functional.minion import Answer, Minion
from functional.needs import installed
from functional.pillars import three_masters

saltext = installed("saltext.k8s_ha")
HAPROXY = "/etc/haproxy/haproxy.cfg"


def state(answer: Answer, path: str) -> dict:
    return answer.ours[f"k8s_ha {path}"]


def change_by_hand(minion: Minion, path: str) -> str:
    changed = minion.path(path).read_text() + "# by hand\n"
    minion.path(path).write_text(changed)
    return changed


def test_a_change_by_hand_is_reported_and_left(minion: Minion) -> None:
    minion.highstate()
    changed = change_by_hand(minion, HAPROXY)
    answer = minion.highstate()
    assert answer.code == 0 and answer.changes == {}
    told = state(answer, HAPROXY)
    assert told["result"] is True and "changed by hand" in told["warnings"][0]
    assert "-# by hand" in told["comment"]
    assert minion.path(HAPROXY).read_text() == changed


def test_a_change_by_hand_is_reverted_where_that_is_asked_for(minion: Minion) -> None:
    minion.highstate()
    wanted = minion.path(HAPROXY).read_text()
    change_by_hand(minion, HAPROXY)
    minion.set_pillar(three_masters(drift="enforce"))
    answer = minion.highstate()
    assert list(answer.changes) == [f"k8s_ha {HAPROXY}"]
    assert minion.path(HAPROXY).read_text() == wanted
    assert minion.call("file.list_backups", str(minion.path(HAPROXY))).value, "what was there is kept"


def test_a_change_by_hand_in_the_way_of_a_new_one_fails(minion: Minion) -> None:
    minion.highstate()
    changed = change_by_hand(minion, HAPROXY)
    minion.set_pillar(three_masters(load_balancer={"haproxy": {"maxconn": 12345}}))
    answer = minion.highstate()
    assert state(answer, HAPROXY)["result"] is False
    assert "drift: enforce" in state(answer, HAPROXY)["comment"]
    assert minion.path(HAPROXY).read_text() == changed


def test_a_file_that_was_there_before_is_taken_over_with_a_backup(minion: Minion) -> None:
    minion.path(HAPROXY).parent.mkdir(parents=True)
    minion.path(HAPROXY).write_text("the default of the distribution\n")
    answer = minion.highstate()
    assert state(answer, HAPROXY)["result"] is True
    assert "the default of the distribution" not in minion.path(HAPROXY).read_text()
    backups = minion.call("file.list_backups", str(minion.path(HAPROXY))).value
    assert len(backups) == 1


def test_a_component_that_is_only_checked_is_compared_and_never_written(minion: Minion) -> None:
    files = saltext.Topology(three_masters()).files("cp1")
    path = next(file["path"] for file in files if file["managed"] == "check")
    minion.path(path).parent.mkdir(parents=True, exist_ok=True)
    minion.path(path).write_text("somebody else's\n")
    answer = minion.highstate()
    told = state(answer, path)
    assert told["result"] is True and told["changes"] == {} and "only checks" in told["warnings"][0]
    assert minion.path(path).read_text() == "somebody else's\n"


def test_a_block_in_a_file_of_somebody_else_keeps_the_rest(minion: Minion) -> None:
    minion.path("/etc").mkdir()
    minion.path("/etc/hosts").write_text("127.0.0.1 localhost\n")
    assert minion.highstate().code == 0
    text = minion.path("/etc/hosts").read_text()
    assert text.startswith("127.0.0.1 localhost\n") and "api.prod1.lan" in text
    assert minion.highstate().changes == {}


@pytest.mark.parametrize("program", ["kubeadm", "kubelet"])
def test_another_release_refuses_packages_images_and_manifests(minion: Minion, program: str) -> None:
    installed_program = minion.path(f"/usr/bin/{program}")
    installed_program.parent.mkdir(parents=True)
    installed_program.write_text("#!/bin/sh\necho Kubernetes v1.35.1\n")
    installed_program.chmod(0o755)
    answer = minion.highstate()
    assert answer.ours["k8s_ha release"]["result"] is False
    bound = {"", "repositories", "containerd"}
    for file in saltext.Topology(three_masters()).files("cp1"):
        if file["managed"] != "yes":
            continue
        told = state(answer, file["path"])
        assert told["result"] is (file["component"] not in bound), file["path"]
        assert minion.path(file["path"]).exists() is (file["component"] not in bound), file["path"]
        if file["component"] in bound:
            assert f"{program} v1.35.1" in told["comment"]


def test_the_release_of_the_pillar_refuses_nothing(minion: Minion) -> None:
    kubeadm = minion.path("/usr/bin/kubeadm")
    kubeadm.parent.mkdir(parents=True)
    kubeadm.write_text("#!/bin/sh\necho v1.36.4\n")
    kubeadm.chmod(0o755)
    assert minion.highstate().failed == []


def test_static_pods_are_renamed_into_place(tmp_path: Path) -> None:
    minion = Minion(tmp_path)
    pillar = three_masters(load_balancer={"type": "kube-vip"})
    pillar["cluster"]["control_plane_endpoint"] = "api.prod1.lan:6443"
    minion.set_pillar(pillar)
    answer = minion.highstate()
    assert answer.failed == [], answer.text
    manifests = minion.path("/etc/kubernetes/manifests")
    assert [path.name for path in manifests.iterdir()] == ["kube-vip.yaml"]
    assert not minion.path("/etc/kubernetes/.k8s-ha-staging").exists()
    pillar["vips"]["api"]["address"] = "10.0.10.6"
    minion.set_pillar(pillar)
    announced, real = minion.highstate("test=True"), minion.highstate()
    assert announced.changes == real.changes
    assert "10.0.10.6" in real.changes["k8s_ha /etc/kubernetes/manifests/kube-vip.yaml"]["diff"]


def test_a_broken_record_is_said_and_not_guessed(minion: Minion) -> None:
    minion.path("/var/lib/k8s-ha").mkdir(parents=True)
    minion.path("/var/lib/k8s-ha/files.json").write_text("{")
    answer = minion.highstate()
    assert "files.json cannot be read" in answer.text and "Traceback" not in answer.text
    assert set(minion.written()) == {"/var/lib/k8s-ha/files.json"}
