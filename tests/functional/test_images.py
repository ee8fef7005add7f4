"""Images of archives in a real containerd, and the pull ahead of kubeadm."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from functional.image_host import containerd, docker_archive, modules
from functional.needs import installed

images = installed("saltext.k8s_ha.utils.images")
image_archive = installed("saltext.k8s_ha.utils.image_archive")
host = installed("saltext.k8s_ha.utils.host")

PAUSE = "registry.k8s.io/pause:3.10.2"
PROXY = "registry.k8s.io/kube-proxy:v1.36.4"
API = "registry.k8s.io/kube-apiserver:v1.36.4"


def topology(*archives: object, roles: tuple[str, ...] = ("control_plane",)) -> Any:
    """What these functions ask of a topology."""
    written = [str(archive) for archive in archives]
    return SimpleNamespace(
        images=lambda _: {"repository": "registry.k8s.io", "archives": written}, roles=lambda _: list(roles)
    )


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is remembered, and what kubeadm reads, lies in a folder of the test."""
    monkeypatch.setattr("saltext.k8s_ha.utils.image_record.PATH", str(tmp_path / "images.json"))
    monkeypatch.setattr("saltext.k8s_ha.utils.kubeadm.INIT", str(tmp_path / "init.yaml"))


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with containerd(tmp_path_factory.mktemp("c") / "d") as programs:
        yield programs


@pytest.fixture
def ctr(daemon: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A `ctr` in the path, before an empty containerd."""
    monkeypatch.setenv("PATH", f"{daemon}:/usr/bin:/bin")
    yield daemon / "ctr"
    listed = subprocess.run([daemon / "ctr", "-n", "k8s.io", "images", "ls", "-q"], capture_output=True)
    if listed.stdout:
        names = listed.stdout.decode().split()
        subprocess.run([daemon / "ctr", "-n", "k8s.io", "images", "rm", *names], check=True)


def put_kubeadm(folder: Path, monkeypatch: pytest.MonkeyPatch, pull: str = "true") -> None:
    """A kubeadm that lists two images, and pulls them as `pull` does."""
    folder.mkdir(exist_ok=True)
    program = folder / "kubeadm"
    program.write_text(f'#!/bin/sh\ncase "$3" in\nlist) echo {API}; echo {PAUSE} ;;\npull) {pull} ;;\nesac\n')
    program.chmod(0o755)
    Path(images.kubeadm.INIT).touch()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def apply(wanted: Any, functions: dict[str, Any], *, test: bool = False) -> dict[str, Any]:
    answer: dict[str, Any] = images.apply(wanted, "cp1", functions, test)
    return answer


def test_an_archive_is_imported_where_an_image_is_missing(ctr: Path, tmp_path: Path) -> None:
    archive = docker_archive(tmp_path / "all.tar", PAUSE, PROXY)
    announced = apply(topology(archive), modules(), test=True)
    asked: list[list[str]] = []
    real = apply(topology(archive), modules(asked))
    assert (announced["result"], real["result"]) == (None, True), real
    assert (
        announced["changes"]
        == real["changes"]
        == {
            PAUSE: {"old": "absent", "new": f"from {archive}"},
            PROXY: {"old": "absent", "new": f"from {archive}"},
        }
    )
    assert [command[3:5] for command in asked] == [["images", "ls"], ["images", "import"], ["images", "ls"]]
    asked.clear()
    again = apply(topology(archive), modules(asked))
    assert (again["result"], again["changes"]) == (True, {})
    assert [command[3:5] for command in asked] == [["images", "ls"]]
    subprocess.run([ctr, "-n", "k8s.io", "images", "rm", PAUSE], check=True, capture_output=True)
    assert apply(topology(archive), modules())["changes"].keys() == {PAUSE}


def test_a_known_archive_is_not_read_again(
    ctr: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = docker_archive(tmp_path / "all.tar", PAUSE)
    apply(topology(archive), modules())
    monkeypatch.setattr(image_archive, "names", lambda _: pytest.fail("read again"))
    assert apply(topology(archive), modules())["changes"] == {}
    monkeypatch.undo()
    monkeypatch.setenv("PATH", f"{ctr.parent}:/usr/bin:/bin")
    docker_archive(archive, PAUSE, PROXY)
    assert apply(topology(archive), modules())["changes"].keys() == {PROXY}


def test_the_names_of_an_export_are_those_of_containerd(ctr: Path, tmp_path: Path) -> None:
    archive = docker_archive(tmp_path / "all.tar", PAUSE, "busybox:1", "user/tool:2")
    names = image_archive.names(archive)
    assert names == ["docker.io/library/busybox:1", "docker.io/user/tool:2", PAUSE]
    assert apply(topology(archive), modules())["result"] is True
    exported = tmp_path / "oci.tar"
    subprocess.run([ctr, "-n", "k8s.io", "images", "export", exported, *names], check=True)
    assert image_archive.names(exported) == names
    packed = tmp_path / "oci.tar.gz"
    packed.write_bytes(subprocess.run(["gzip", "-c", exported], check=True, capture_output=True).stdout)
    assert image_archive.names(packed) == names


def test_what_is_in_no_archive_is_told(ctr: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_kubeadm(tmp_path / "bin", monkeypatch)
    archive = docker_archive(tmp_path / "all.tar", PAUSE)
    told = apply(topology(archive), modules())["comment"]
    assert f"In no archive, so pulled from registry.k8s.io when they are needed: {API}." in told


def test_archives_come_from_the_master(ctr: Path, tmp_path: Path) -> None:
    archive = docker_archive(tmp_path / "all.tar", PAUSE)
    fetched: list[str] = []
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    functions = modules(
        cp__is_cached=lambda _: str(archive) if fetched else "",
        cp__cache_file=lambda url: fetched.append(url) or str(archive),
        cp__hash_file=lambda _: {"hsum": digest, "hash_type": "sha256"},
    )
    announced = apply(topology("salt://all.tar"), functions, test=True)
    assert announced["result"] is None and not fetched and "would be fetched" in announced["comment"]
    assert apply(topology("salt://all.tar"), functions)["changes"].keys() == {PAUSE}
    fetched.clear()
    assert apply(topology("salt://all.tar"), functions)["changes"] == {} and not fetched
    functions["cp.hash_file"] = lambda _: ""
    functions["cp.cache_file"] = lambda _: ""
    gone = apply(topology("salt://other.tar"), functions)
    assert "the archive salt://other.tar cannot be fetched" in gone["comment"]


def test_bad_archives_are_named(ctr: Path, tmp_path: Path) -> None:
    missing = tmp_path / "nothing.tar"
    assert apply(topology(missing), modules())["comment"] == (
        f"Refused: node cp1: the archive {missing} is not there; put it there, or take it out of "
        "images.archives."
    )
    text = tmp_path / "text.tar"
    text.write_text("no archive\n")
    assert "is no archive of images" in apply(topology(text), modules())["comment"]
    with tarfile.open(tmp_path / "empty.tar", "w"):
        pass
    assert "names no image" in apply(topology(tmp_path / "empty.tar"), modules())["comment"]
    half = docker_archive(tmp_path / "half.tar", PAUSE, size=100_000)
    half.write_bytes(half.read_bytes()[:50_000])
    refused = apply(topology(half), modules())
    assert refused["result"] is False and "half.tar" in refused["comment"]


def test_containerd_that_does_not_run_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = docker_archive(tmp_path / "all.tar", PAUSE)
    monkeypatch.setattr(host.Host, "program", lambda *_: None)
    assert "containerd is not installed" in apply(topology(archive), modules())["comment"]
    (tmp_path / "ctr").write_text(
        "#!/bin/sh\necho 'ctr: failed to dial \"/run/containerd/containerd.sock\"' >&2\nexit 1\n"
    )
    (tmp_path / "ctr").chmod(0o755)
    monkeypatch.setattr(host.Host, "program", lambda *_: str(tmp_path / "ctr"))
    assert "containerd is not running" in apply(topology(archive), modules())["comment"]


def test_a_directory_gets_no_images(tmp_path: Path) -> None:
    answer = images.apply(topology("/a.tar"), "cp1", {}, False, host.Host(tmp_path))
    assert answer["result"] is True and "stands for the host" in answer["comment"]
    assert "no archives" in apply(topology(), {})["comment"]


def test_kubeadm_pulls_ahead_only_where_nothing_is_there(
    ctr: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []
    assert "ahead on this node" in images.pull(topology(roles=("worker",)), "w1", modules(asked))
    assert "does not list them" in images.pull(topology(), "cp1", modules(asked)) and asked == []
    put_kubeadm(tmp_path / "bin", monkeypatch)
    assert images.pull(topology(), "cp1", modules(asked)) == "2 images were pulled."
    assert asked[-1][1:] == ["config", "images", "pull", "--config", images.kubeadm.INIT]
    apply(topology(docker_archive(tmp_path / "all.tar", PAUSE)), modules())
    asked.clear()
    assert images.pull(topology(), "cp1", modules(asked)) == "Images of kubeadm are there."
    assert asked[-1][1:] != ["config", "images", "pull", "--config", images.kubeadm.INIT]


@pytest.mark.parametrize(
    ("pull", "reason"),
    [
        ("echo 'error: failed to pull image: 403 Forbidden' >&2; exit 1", "403 Forbidden"),
        ("sleep 60 & sleep 60", "no answer within 1 s"),
    ],
)
def test_a_registry_that_gives_nothing_is_named(
    ctr: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pull: str, reason: str
) -> None:
    put_kubeadm(tmp_path / "bin", monkeypatch, pull)
    with pytest.raises(host.HostError) as caught:
        images.pull(topology(), "cp1", modules(), seconds=1)
    assert f"not to be had from registry.k8s.io ({reason}" in str(caught.value).replace(
        "error: failed to pull image: ", ""
    )
    assert "images.archives" in str(caught.value)
