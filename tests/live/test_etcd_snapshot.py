"""A snapshot counts once it was restored and compared: real members, a real etcdutl, real damage."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from live.etcd_contents import MODULES, Contents, leader
from live.external_etcd import HOSTS, Site
from ports import wait_until
from programs.verdict import NotRun, locate
from saltext.k8s_ha._core import Etcd, LiveError
from saltext.k8s_ha.utils import etcd_programs, etcd_snapshot
from saltext.k8s_ha.utils import etcd_snapshot_verified as verified
from saltext.k8s_ha.utils.etcd_programs import EtcdPrograms
from saltext.k8s_ha.utils.etcd_scratch import Scratch
from saltext.k8s_ha.utils.etcd_snapshot_folder import Folder
from saltext.k8s_ha.utils.etcd_snapshot_source import healthiest
from saltext.k8s_ha.utils.etcd_snapshot_taken import Taking
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import Host, HostError

_MOST = 64 << 20


def programs() -> EtcdPrograms:
    etcd = locate("etcd-3.6")
    return EtcdPrograms(str(etcd), str(etcd.with_name("etcdutl")))


def taking(site: Site, name: str = "etcd1", **changes: Any) -> Taking:
    """What `k8s_ha.snapshot` does on one host, which has the programs of its package."""
    machine = site.machines[name]
    for program in (programs().etcd, programs().etcdutl):
        place = site.directory / name / "usr/bin" / Path(program).name
        place.unlink(missing_ok=True)
        place.symlink_to(program)
    return Taking(Member(site.topology, name, {}), machine.host, MODULES, _untold, **changes)


def _untold(_phase: str, _text: str) -> None:
    """Nobody listens."""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock")


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    return Scratch(tmp_path / "scratch", programs(), MODULES, 60.0)


@pytest.fixture
def saved(etcd: Etcd, control_plane: Any, tmp_path: Path) -> Path:
    """A snapshot of the shared member, with a value that can be found in it."""
    for value in ("earlier", "a-value-to-be-found"):
        control_plane.etcdctl("put", "snapshot/marker", value)
    etcd.snapshot(tmp_path / "one.db", _MOST)
    return tmp_path / "one.db"


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[Path]:
    """A file system of its own."""
    if os.geteuid() != 0:
        raise NotRun("only root mounts a small file system; to make it run: run the tests as root")
    place.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_snapshot_under_writes_is_restored_compared_and_kept(three: Site) -> None:
    contents = Contents(three)
    host = three.machines["etcd1"].host
    assert etcd_snapshot.newest_verified(host) is None
    with contents.writes() as acknowledged:
        wait_until(lambda: acknowledged() > 20, "somebody writes", 30)
        before = acknowledged()
        told = taking(three).take()
        after = acknowledged()
    assert after > before, "nobody was kept from writing"
    assert told["source"] != leader(three)
    assert before <= told["keys"] <= after + 10
    folder = host.path(etcd_snapshot.FOLDER)
    place = Path(told["snapshot"])
    assert names(folder) == [place.name] and place.parent == folder
    assert place.name.startswith("prod1-") and place.name.endswith(f"-r{told['revision']}.db")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700 and stat.S_IMODE(place.stat().st_mode) == 0o600
    newest = etcd_snapshot.newest_verified(host, "prod1")
    assert newest and newest[0] == place and abs(newest[1] - time.time()) < 120
    assert etcd_snapshot.newest_verified(host, "other") is None
    # Only so many are kept, and what is no snapshot any more does not count.
    old = place.with_name("prod1-20200101T000000Z-r1.db")
    shutil.copy(place, old)
    cut = place.with_name("prod1-20990101T000000Z-r2.db")
    cut.write_bytes(place.read_bytes()[:-1])
    again = taking(three, keep=1).take()
    assert sorted(again["removed"]) == sorted([old.name, place.name])
    assert names(folder) == sorted([Path(again["snapshot"]).name, cut.name])
    assert etcd_snapshot.newest_verified(host)[0].name == Path(again["snapshot"]).name  # type: ignore[index]


def test_what_would_be_done_changes_nothing(three: Site) -> None:
    told = taking(three, "etcd2").would()
    assert told["source"] in HOSTS and told["source"] != leader(three) and told["database_bytes"] > 0
    assert not three.machines["etcd2"].host.path(etcd_snapshot.FOLDER).exists()


def test_without_its_programs_a_snapshot_is_saved_and_does_not_count(three: Site) -> None:
    one = taking(three)
    host = three.machines["etcd1"].host
    (three.directory / "etcd1/usr/bin/etcdutl").unlink()
    for _ in range(2):
        with pytest.raises(
            HostError, match=r"is not verified, so it does not count: .* no etcdutl and etcd 3.6"
        ):
            one.take()
    (left,) = names(host.path(etcd_snapshot.FOLDER))
    assert left.endswith(".db.unverified") and etcd_snapshot.newest_verified(host) is None
    # One of another minor is not taken.
    other = host.path("/usr/bin/etcdutl")
    other.write_text("#!/bin/sh\necho etcdutl version: 3.4.9\n")
    other.chmod(0o755)
    with pytest.raises(HostError, match=r"etcdutl is etcdutl version: 3.4"):
        etcd_programs.find(host, MODULES, "3.6.16")
    told = taking(three).take()
    assert names(host.path(etcd_snapshot.FOLDER)) == [Path(told["snapshot"]).name]


def test_a_flipped_byte_is_refused(saved: Path, etcd: Etcd, scratch: Scratch) -> None:
    revision = verified.revision_of(saved, scratch.programs.etcdutl, MODULES)
    wanted = verified.Contents.of(etcd, revision)
    verified.verify(saved, scratch, wanted)
    content = bytearray(saved.read_bytes())
    content[content.index(b"a-value-to-be-found")] ^= 1
    saved.write_bytes(content)
    with pytest.raises(HostError, match=r"one\.db cannot be restored"):
        verified.verify(saved, scratch, wanted)
    # With a digest that fits the damage, etcdutl restores it, and the comparison finds it.
    saved.write_bytes(content[:-32] + hashlib.sha256(content[:-32]).digest())
    with pytest.raises(HostError, match="other contents than its source"):
        verified.verify(saved, scratch, wanted)
    saved.write_bytes(b"no snapshot")
    with pytest.raises(HostError, match=r"one\.db is no snapshot of etcd"):
        verified.revision_of(saved, scratch.programs.etcdutl, MODULES)
    assert not scratch.folder.exists()


def test_a_source_that_was_compacted_meanwhile_is_compared_all_the_same(
    etcd: Etcd, control_plane: Any, saved: Path, scratch: Scratch
) -> None:
    revision = verified.revision_of(saved, scratch.programs.etcdutl, MODULES)
    etcd.compact(revision - 1)
    wanted = verified.Contents.of(etcd, revision)
    assert wanted.compact_revision == revision - 1
    verified.verify(saved, scratch, wanted)
    control_plane.etcdctl("put", "snapshot/marker", "later")
    etcd.compact(revision + 1)
    with pytest.raises(HostError, match=f"the contents at revision {revision} are not known"):
        verified.Contents.of(etcd, revision)


def test_a_scratch_member_leaves_nothing_and_no_process(saved: Path, scratch: Scratch) -> None:
    with scratch.made():
        scratch.restore(saved)
        with scratch.serving() as member:
            assert member.count()["keys"] > 0 and member.members()[0]["name"] == "scratch"
            assert len(processes_of(scratch.folder)) == 1
        assert processes_of(scratch.folder) == []
    assert not scratch.folder.exists()
    # Where what was restored is gone again, etcd begins an empty store, and that is no proof.
    revision = verified.revision_of(saved, scratch.programs.etcdutl, MODULES)
    with scratch.made():
        scratch.restore(saved)
        shutil.rmtree(scratch.folder / "data")
        with (
            scratch.serving() as member,
            pytest.raises(HostError, match=f"at revision {revision} are not known"),
        ):
            verified.Contents.of(member, revision)
    broken = dataclasses.replace(scratch, programs=EtcdPrograms("/bin/false", scratch.programs.etcdutl))
    with broken.made(), pytest.raises(HostError, match="does not serve the snapshot"), broken.serving():
        pass
    assert not scratch.folder.exists()


def processes_of(folder: Path) -> list[int]:
    found = subprocess.run(
        ["pgrep", "-f", f"/etcd .*--data-dir={folder}/data"], capture_output=True, text=True
    )
    lines = [int(line) for line in found.stdout.split()]
    return [pid for pid in lines if Path(f"/proc/{pid}/exe").readlink().name == "etcd"]


def test_what_a_killed_taking_left_is_removed(tmp_path: Path) -> None:
    folder = tmp_path / "snapshots"
    left = folder / ".scratch-prod1-20200101T000000Z.db.unverified"
    left.mkdir(parents=True)
    (folder / ".prod1-20200101T000000Z.db.unverified.77.partial").write_text("half")
    etcd = subprocess.Popen(
        [
            programs().etcd,
            f"--data-dir={left}/data",
            "--listen-client-urls=unix://client:0",
            "--advertise-client-urls=unix://client:0",
            "--listen-peer-urls=unix://peer:0",
            "--initial-advertise-peer-urls=unix://peer:0",
            "--initial-cluster=default=unix://peer:0",
        ],
        cwd=left,
        stderr=subprocess.DEVNULL,
    )
    try:
        with Folder(Host(), str(folder)).held() as place:
            assert names(place) == []
            with (
                pytest.raises(HostError, match="another snapshot is being taken"),
                Folder(Host(), str(folder)).held(),
            ):
                pass
        assert etcd.wait(10) != 0
    finally:
        etcd.kill()
        etcd.wait()
    for wrong in ("snapshots", "/", "//"):
        with pytest.raises(HostError, match="write an absolute path"), Folder(Host(), wrong).held():
            pass


def test_a_full_disk_is_said_and_nothing_is_left(etcd: Etcd, control_plane: Any, tmp_path: Path) -> None:
    for number in range(5):
        control_plane.etcdctl("put", f"full/{number}", "v" * 100_000)
    with small_disk(tmp_path / "full", "256k") as full:
        with pytest.raises(LiveError, match="the disk is full") as raised:
            etcd.snapshot(full / "one.db", _MOST)
        assert raised.value.kind == "file"
        assert list(full.iterdir()) == []


def test_a_snapshot_is_bounded_and_never_takes_the_place_of_a_file(
    etcd: Etcd, control_plane: Any, tmp_path: Path
) -> None:
    place = tmp_path / "one.db"
    with pytest.raises(LiveError, match="and 1000 are allowed"):
        etcd.snapshot(place, 1000)
    admin = control_plane.admin
    hasty = Etcd(control_plane.etcd_url, control_plane.ca, admin.certificate, admin.key, timeout=0.001)
    with pytest.raises(LiveError):
        hasty.snapshot(place, _MOST)
    with pytest.raises(LiveError, match="No such file"):
        etcd.snapshot(tmp_path / "nowhere" / "one.db", _MOST)
    assert list(tmp_path.iterdir()) == []
    told = etcd.snapshot(place, _MOST)
    content = place.read_bytes()
    assert told["bytes"] == len(content) and told["version"] == "3.6.0"
    assert told["sha256"] == content[-32:].hex() == hashlib.sha256(content[:-32]).hexdigest()
    with pytest.raises(LiveError, match="there is such a file already"):
        etcd.snapshot(place, _MOST)
    assert place.read_bytes() == content


def test_a_disk_without_room_for_a_restore_is_refused_before_anything_is_saved(three: Site) -> None:
    # The path of a folder is one of the host, which is a directory here.
    with small_disk(three.machines["etcd1"].host.path("/srv/small"), "1m") as small:
        with pytest.raises(HostError, match="MiB are needed to save a snapshot and to restore it"):
            taking(three, folder="/srv/small").take()
        assert names(small) == []
    for wrong in (0, -1):
        with pytest.raises(HostError, match="the last verified snapshot always stays"):
            taking(three, keep=wrong).take()


_CONTAINER = """
import ctypes, os, sys
libc, root = ctypes.CDLL(None, use_errno=True), sys.argv[1].encode()
mounted = libc.mount(root, root, None, 4096, None)
os.chdir(root)
# The old root is put over the new one, and taken off: what runc does.
pivoted = libc.syscall(155, b".", b".")
ended = libc.umount2(b".", 2)
assert (mounted, pivoted, ended) == (0, 0, 0), os.strerror(ctypes.get_errno())
os.chdir("/")
os.execv("/usr/local/bin/etcd", ["etcd", *sys.argv[2:]])
"""


def test_the_programs_in_a_container_are_found_from_outside(tmp_path: Path) -> None:
    """The image of kubeadm has both in /usr/local/bin and no shell: a mount namespace with a root of its own."""
    if os.geteuid() != 0 or os.uname().machine != "x86_64":
        raise NotRun("only root makes a mount namespace; to make it run: run the tests as root on x86_64")
    inside = tmp_path / "usr/local/bin"
    inside.mkdir(parents=True)
    for program in (programs().etcd, programs().etcdutl):
        shutil.copy(program, inside)
    clients = ["--listen-client-urls=unix://client:0", "--advertise-client-urls=unix://client:0"]
    peers = ["--listen-peer-urls=unix://peer:0", "--initial-advertise-peer-urls=unix://peer:0"]
    words = [*clients, *peers, "--data-dir=/data", "--initial-cluster=default=unix://peer:0"]
    etcd = subprocess.Popen(
        ["unshare", "--mount", sys.executable, "-c", _CONTAINER, str(tmp_path), *words],
        stderr=subprocess.DEVNULL,
    )
    try:
        folder = f"/proc/{etcd.pid}/root/usr/local/bin"
        wanted = EtcdPrograms(f"{folder}/etcd", f"{folder}/etcdutl")
        wait_until(lambda: wanted in list(etcd_programs._candidates(Host())), "it is found", 20)
        done = subprocess.run([wanted.etcdutl, "version"], capture_output=True, text=True, check=True)
        assert "etcdutl version: 3.6." in done.stdout
    finally:
        etcd.kill()
        etcd.wait()


def test_the_source_is_a_healthy_follower_and_best_ones_own() -> None:
    def member(node: str, **changes: Any) -> dict[str, Any]:
        plain = {"state": "up", "is_learner": False, "is_leader": False, "applied_index": 9000, "alarms": []}
        return {"node": node, "because": "", **plain, **changes}

    three = [member("a", is_leader=True), member("b"), member("c")]
    assert healthiest(three, "c") == "c" and healthiest(three, "a") == "b"
    assert healthiest([member("a", is_leader=True), member("b", state="unknown")], "b") == "a"
    assert healthiest([member("a", is_leader=True), member("b", applied_index=1)], "b") == "a"
    assert healthiest([member("a", is_leader=True), member("b", is_learner=True)], "b") == "a"
    # NOSPACE takes no writes, and reads are what is wanted.
    assert healthiest([member("a", is_leader=True), member("b", alarms=["NOSPACE"])], "b") == "b"
    with pytest.raises(HostError, match="no member of etcd can give a snapshot"):
        healthiest([member("a", alarms=["CORRUPT"]), member("b", state="down", because="refused")], "a")
