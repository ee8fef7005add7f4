"""Bad input is a sentence and exit 1 or 2: never a panic, a traceback, or half of an output."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from command import k8s_ha, program

Write = Callable[..., Path]


def refused(*args: str | Path, status: tuple[int, ...] = (1, 2)) -> str:
    """Run the command, see that it refuses in words, and return them."""
    done = k8s_ha(*args, check=False)
    said = done.stdout + done.stderr
    assert done.returncode in status, f"exit {done.returncode}\n{said}"
    assert said.strip(), "it refuses without a word"
    assert "panicked" not in said, said
    assert "Traceback" not in said, said
    return said


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("cluster: {", "cluster: [{"), "YAML-001"),
        (("cpus: 4", "cpus: four"), "expected a whole number that is not negative, found `four`"),
        (("api_failover", "api_failovr"), "did you mean `api_failover`?"),
        (("10.0.10.12", "10.0.10.11"), "10.0.10.11"),
        (("10.0.10.12", "10.0.10.300"), "`10.0.10.300`"),
        (("networks:", "network: {pod_cidrs: [10.0.0.0/8]}\n  networks:"), "NET-001"),
        (
            ("nodes:\n", "power_feeds: {a: {fed_by: [b]}, b: {fed_by: [a]}}\n  nodes:\n"),
            "these failure domains need each other: a -> b -> a",
        ),
        (("cp1: {", "cp1: &x {"), None),
        (("hypervisor: pve2}", "hypervisor: pve2}\n    cp1: {}"), "cp1"),
    ],
    ids=[
        "malformed",
        "type",
        "unknown-key",
        "same-address",
        "no-address",
        "overlap",
        "circle",
        "anchor",
        "duplicate-key",
    ],
)
def test_a_wrong_value_is_a_finding(pillar: Write, change: tuple[str, str], expected: str | None) -> None:
    path = pillar(change)
    if expected is None:
        k8s_ha("lint", path)
    else:
        assert expected in refused("lint", path, status=(1,))


def test_a_large_pillar_is_read(pillar: Write) -> None:
    labels = "".join(f"      label-{number}: {'x' * 60}\n" for number in range(40_000))
    path = pillar(("w2: {profile: worker,", "w2: {profile: worker, labels: *labels,"))
    path.write_text(f"labels: &labels\n{labels}" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert path.stat().st_size > 3_000_000
    k8s_ha("lint", path)


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b"? " * 50_000,
        b"k8s_ha:\n" + b"".join(b" " * depth + b"a:\n" for depth in range(1, 2000)),
        b"k8s_ha: {cluster: {name: a\0b}}\n",
        b"k8s_ha: {cluster: {name: \xff\xfe}}\n",
        b"a: &a [x,x,x,x,x,x,x,x,x]\n"
        + b"".join(b"%c: &%c [%s]\n" % (c + 1, c + 1, b",".join([b"*%c" % c] * 9)) for c in range(97, 110)),
        b"",
        b"k8s_ha:\n",
        b"k8s_ha: text\n",
        b"k8s_ha: [1, 2]\n",
        b"other: 1\n",
        b"\xef\xbb\xbfk8s_ha: {}\n",
    ],
    ids=[
        "100,000 levels",
        "explicit keys",
        "2,000 mappings",
        "NUL",
        "no UTF-8",
        "billion laughs",
        "empty",
        "nothing",
        "text",
        "list",
        "no root key",
        "byte order mark",
    ],
)
def test_hostile_bytes_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "hostile.sls"
    path.write_bytes(content)
    refused("lint", path)
    refused("render", path, "--all", "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "dangling.sls").symlink_to(tmp_path / "absent")
    for path in (
        tmp_path / "absent",
        tmp_path / "folder",
        tmp_path / "dangling.sls",
        tmp_path / "folder" / "x",
    ):
        assert str(path) in refused("lint", path, status=(2,))


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_without_permission_is_named(pillar: Write) -> None:
    path = pillar()
    path.chmod(0)
    assert str(path) in refused("lint", path, status=(2,))


def test_a_node_or_cluster_that_is_not_there_is_named(pillar: Write, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert "did you mean `cp1`?" in refused("render", pillar(), "--node", "cp11", "--out", out, status=(2,))
    assert "there is: prod1" in refused("show", pillar(), "--cluster", "prod9", status=(2,))
    assert not out.exists()


def test_a_folder_of_somebody_else_is_left_alone(pillar: Write, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "precious").write_text("mine", encoding="utf-8")
    assert "did not write" in refused("render", pillar(), "--all", "--out", out, status=(2,))
    assert [path.name for path in out.iterdir()] == ["precious"]


def test_a_refused_pillar_leaves_the_last_render(pillar: Write, tmp_path: Path) -> None:
    out = tmp_path / "out"
    k8s_ha("render", pillar(), "--node", "cp1", "--out", out)
    before = sorted(path.relative_to(out) for path in out.rglob("*"))
    refused("render", pillar(("10.0.10.12", "10.0.10.11")), "--node", "cp1", "--out", out, status=(1,))
    assert sorted(path.relative_to(out) for path in out.rglob("*")) == before


def test_a_file_system_that_takes_no_more_leaves_nothing(pillar: Write, tmp_path: Path) -> None:
    """A limit on the size of files stands for the full disk: it fails in the middle, for every user."""
    out = tmp_path / "out"

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1500, 1500))

    done = subprocess.run(
        [program(), "render", pillar(), "--all", "--out", out],
        capture_output=True,
        text=True,
        preexec_fn=limited,
        restore_signals=False,
        timeout=60,
    )
    assert done.returncode == 2, done.stdout + done.stderr
    assert "nothing was" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cluster.sls"]


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small file system needs root")
@pytest.mark.skipif(shutil.which("unshare") is None, reason="there is no unshare")
def test_a_full_disk_leaves_nothing(pillar: Write, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    script = (
        f"mount -t tmpfs -o size=32k none {small} && "
        f"{{ {program()} render {pillar()} --all --out {small}/out; echo exit $?; ls -A {small}; }}"
    )
    done = subprocess.run(["unshare", "-m", "sh", "-c", script], capture_output=True, text=True, timeout=60)
    assert "No space left on device" in done.stderr, done.stdout + done.stderr
    assert done.stdout.strip() == "exit 2"


def test_a_reader_that_goes_away_is_no_error(pillar: Write) -> None:
    script = f"{program()} show --effective {pillar()} | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines()[-1] in ("0", "141"), done.stdout + done.stderr
    assert "panicked" not in done.stderr
