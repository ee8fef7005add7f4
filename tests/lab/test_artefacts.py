"""What the lab's hosts are made of, read by the programs that will read it: apt, systemd, kubeadm's list."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from lab.artefacts import docker_archive, images, packages, root_image
from lab.artefacts.command import version
from programs import NotRun

_WANTED = os.environ.get("CI") == "true" or os.environ.get("K8S_HA_LAB") == "1"
_MINOR = "1.36"
_LIMIT_SECONDS = 120

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not _WANTED,
    reason="the lab is built by root, with CI=true or K8S_HA_LAB=1: it takes minutes and gigabytes",
)


def _made(make: Callable[[], Path]) -> Path:
    try:
        return make()
    except NotRun as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"not run: {error}", pytrace=False)
        pytest.skip(f"not run: {error}")


@pytest.fixture(scope="module")
def archive() -> Path:
    return _made(lambda: images.archive(_MINOR))


@pytest.fixture(scope="module")
def repository() -> Path:
    return _made(packages.repository)


@pytest.fixture(scope="module")
def root() -> Path:
    return _made(root_image.directory)


def test_the_archive_holds_what_kubeadm_lists(archive: Path) -> None:
    assert sorted(docker_archive.references(archive)) == sorted(images.names(_MINOR))


def test_the_same_images_give_the_same_bytes(tmp_path: Path) -> None:
    image = docker_archive.Image(
        "example.org/a:1", {"/bin/a": Path("/bin/sh"), "/etc/a": "text\n"}, ["/bin/a"]
    )
    for name in ("one", "two"):
        docker_archive.write(tmp_path / name, [image])
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


class Apt:
    """The real apt with a state of its own, and these repositories as its only sources."""

    def __init__(self, state: Path, repository: Path, *folders: str) -> None:
        self._state = state
        sources = [
            f"deb [signed-by={repository / 'Release.key'}] copy:{repository / folder}/ /\n"
            for folder in folders
        ]
        (state / "sources.list").write_text("".join(sources), encoding="utf-8")
        (state / "status").touch()
        (state / "lists").mkdir()
        (state / "apt.conf").write_text(
            f'Dir::Etc::sourcelist "{state}/sources.list";\n'
            'Dir::Etc::sourceparts "-";\n'
            f'Dir::State::lists "{state}/lists";\n'
            f'Dir::State::status "{state}/status";\n'
            f'Dir::Cache "{state}/cache";\n'
            'APT::Sandbox::User "root";\n',
            encoding="utf-8",
        )

    def get(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "APT_CONFIG": str(self._state / "apt.conf"), "LC_ALL": "C.UTF-8"}
        return _run(["apt-get", *arguments], directory=self._state, environment=environment)


def _run(
    arguments: list[str | Path],
    *,
    directory: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        arguments, cwd=directory, env=environment, capture_output=True, text=True, timeout=_LIMIT_SECONDS
    )


def test_apt_accepts_the_repositories(tmp_path: Path, repository: Path) -> None:
    apt = Apt(tmp_path, repository, f"{_MINOR}/deb", "containerd")
    updated = apt.get("update")
    assert (updated.returncode, updated.stderr) == (0, "")
    release = version(f"kubelet-{_MINOR}")
    names = ["kubelet", "kubeadm", "kubectl"]
    fetched = apt.get(
        "download", *(f"{name}={release}-*" for name in names), "kubernetes-cni", "containerd.io"
    )
    assert fetched.returncode == 0, fetched.stderr
    assert len(list(tmp_path.glob("*.deb"))) == 5


def test_apt_refuses_a_changed_repository(tmp_path: Path, repository: Path) -> None:
    changed = tmp_path / "repository"
    folder = changed / "deb"
    folder.mkdir(parents=True)
    for name in ("Packages", "InRelease"):
        text = (repository / _MINOR / "deb" / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace("Kubernetes", "Changed"), encoding="utf-8")
    (changed / "Release.key").write_bytes((repository / "Release.key").read_bytes())
    (tmp_path / "apt").mkdir()
    assert Apt(tmp_path / "apt", changed, "deb").get("update").returncode != 0


def test_systemd_accepts_the_units(repository: Path, root: Path, tmp_path: Path) -> None:
    """The packages' units, on the root image that they will be installed on."""
    tree = tmp_path / "tree"
    for package in sorted(repository.rglob("*.deb")):
        assert _run(["dpkg-deb", "--extract", package, tree]).returncode == 0
    units = tree / "usr/lib/systemd/system"
    names = ["kubelet.service", "containerd.service"]
    # The programs are in the tree and not on this machine.
    for unit in [*(units / name for name in names), units / "kubelet.service.d/10-kubeadm.conf"]:
        text = unit.read_text(encoding="utf-8")
        unit.write_text(text.replace("=/usr/bin/", f"={tree}/usr/bin/"), encoding="utf-8")
    environment = {**os.environ, "SYSTEMD_UNIT_PATH": f"{units}:{root}/lib/systemd/system"}
    done = _run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *names], environment=environment
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_root_image_starts_nothing_by_itself(root: Path) -> None:
    assert (root / "lib/systemd/systemd").is_file()
    for name in ("haproxy", "keepalived", "chrony"):
        done = _run(["systemctl", f"--root={root}", "is-enabled", name])
        assert done.stdout.strip() == "disabled", name
    assert not (root / "usr/sbin/policy-rc.d").exists()


def test_the_root_image_is_no_certain_host(root: Path) -> None:
    for name in ("etc/machine-id", "etc/apt/sources.list", "etc/resolv.conf"):
        assert (root / name).read_text(encoding="ascii") == "", name
    assert not (root / "etc/hostname").exists()
