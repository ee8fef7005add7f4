"""`tests/tools/build.py` as a command, with a stand-in for Go that counts what it is asked to build."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

BUILD = Path(__file__).resolve().parent.parent / "tools" / "build.py"

GO = """\
#!/bin/sh
[ "$1" = version ] && {{ echo "go version {version} linux/amd64"; exit 0; }}
echo "$*" >> {log}
{then}
while [ "$1" != -o ]; do shift; done
printf 'program' > "$2"
"""


class Machine:
    """A machine with a Go of the test's own and an empty cache."""

    def __init__(self, directory: Path) -> None:
        self.cache = directory / "cache"
        self.log = directory / "asked"
        self._programs = directory / "bin"
        self._programs.mkdir()

    def install_go(self, version: str = "go1.26.0", then: str = "") -> None:
        go = self._programs / "go"
        go.write_text(GO.format(version=version, log=self.log, then=then), encoding="utf-8")
        go.chmod(0o755)

    def environment(self) -> Mapping[str, str]:
        # No package index: nothing may be fetched by these tests.
        offline = {"PIP_NO_INDEX": "1", "XDG_CACHE_HOME": str(self.cache)}
        return {**os.environ, **offline, "PATH": f"{self._programs}:/usr/bin:/bin"}

    def start(self, *names: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(BUILD), *names],
            env=dict(self.environment()),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def build(self, *names: str) -> tuple[int, str, str]:
        process = self.start(*names)
        stdout, stderr = process.communicate(timeout=120)
        return process.returncode, stdout, stderr

    def asked(self) -> list[str]:
        return self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []

    def cached(self) -> list[str]:
        tools = self.cache / "saltext-k8s-ha" / "tools"
        return sorted(path.name for path in tools.iterdir() if path.name != "lock")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_builds_once_and_prints_name_and_path(machine: Machine) -> None:
    machine.install_go()
    first = machine.build("etcd-3.6", "kubeadm-1.36")
    assert first == machine.build("etcd-3.6", "kubeadm-1.36")
    code, stdout, stderr = first
    assert (code, stderr) == (0, "")
    (etcd, etcd_path), (kubeadm, kubeadm_path) = (line.split("\t") for line in stdout.splitlines())
    assert (etcd, kubeadm) == ("etcd-3.6", "kubeadm-1.36")
    assert Path(kubeadm_path).is_file()
    assert all(Path(etcd_path).with_name(name).is_file() for name in ("etcd", "etcdctl", "etcdutl"))
    assert len(machine.asked()) == 4


def test_another_go_builds_again(machine: Machine) -> None:
    machine.install_go("go1.26.0")
    machine.build("kubeadm-1.36")
    machine.install_go("go1.27.1")
    machine.build("kubeadm-1.36")
    assert len(machine.asked()) == 2


def test_two_at_once_build_once(machine: Machine) -> None:
    machine.install_go(then="sleep 1")
    both = [machine.start("kubeadm-1.36"), machine.start("kubeadm-1.36")]
    outputs = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert outputs[0] == outputs[1]
    assert len(machine.asked()) == 1


def test_a_failed_build_leaves_nothing_and_says_why(machine: Machine) -> None:
    machine.install_go(then="echo 'dial tcp: no route to host' >&2; exit 1")
    code, stdout, stderr = machine.build("etcd-3.6")
    assert (code, stdout) == (1, "")
    assert machine.cached() == []
    last = stderr.splitlines()[-1]
    assert last.startswith(
        "etcd-3.6 is not available: `go build go.etcd.io/etcd/server/v3` failed with: dial tcp"
    )
    assert "to make it run: cd " in last


def test_what_a_killed_build_left_is_removed(machine: Machine) -> None:
    machine.install_go()
    (machine.cache / "saltext-k8s-ha" / "tools" / "building-x" / "programs").mkdir(parents=True)
    machine.build("kubeadm-1.36")
    assert [name.split("-v1.")[0] for name in machine.cached()] == ["kubeadm-1.36"]


@pytest.mark.parametrize("version", ["go1.25.9", None])
def test_without_a_usable_go_it_says_what_to_install(machine: Machine, version: str | None) -> None:
    if version:
        machine.install_go(version)
    code, stdout, stderr = machine.build("kubeadm-1.36")
    assert (code, stdout) == (1, "")
    assert stderr.startswith("kubeadm-1.36 is not available: no Go 1.26 or newer is on PATH, and installing")
    assert "to make it run: python3 -m pip install" in stderr
    assert machine.cached() == []


def test_one_missing_program_does_not_hide_the_others(machine: Machine) -> None:
    machine.install_go(then='case "$*" in *kubeadm*) exit 1;; esac')
    code, stdout, stderr = machine.build("kubeadm-1.36", "kubelet-1.36")
    assert code == 1
    assert stdout.startswith("kubelet-1.36\t")
    assert stderr.splitlines()[-1].startswith("kubeadm-1.36 is not available")
