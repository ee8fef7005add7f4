"""How one file is written: accepted before it takes its place, aside and renamed, without its secrets."""

import os
from pathlib import Path
from typing import Any

import pytest

from functional.needs import installed

write = installed("saltext.k8s_ha.utils.write")
host = installed("saltext.k8s_ha.utils.host")

SECRET = "plant-4711"


def file(path: str, **fields: Any) -> dict:
    return {
        "path": path,
        "mode": "0600",
        "user": "root",
        "group": "root",
        "contents": f"auth_pass {SECRET}\n",
        "secret": True,
        "part": "whole",
        "activation": {"action": "none", "unit": None},
        "check": None,
        "needs": [],
        "component": "load_balancer",
        "managed": "yes",
        **fields,
    }


class Salt:
    """Stands for Salt's file states; writes, and remembers what it was asked."""

    def __init__(self, code: int = 0) -> None:
        self.code = code
        self.works = True
        self.ends_after_write = False
        self.asked: list[dict] = []
        self.checked: list[list[str]] = []

    def managed(self, name: str, **arguments: Any) -> dict:
        self.asked.append({"name": name, **arguments})
        if not self.works:
            return {"result": False, "changes": {}, "comment": "no space left on device"}
        Path(name).write_text(arguments["contents"])
        if self.ends_after_write:
            raise KeyboardInterrupt
        return {"result": True, "changes": {"diff": arguments["contents"]}, "comment": ""}

    def run_all(self, command: list[str], **_: Any) -> dict:
        self.checked.append(command)
        return {"retcode": self.code, "stdout": Path(command[-1]).read_text(), "stderr": ""}

    def writer(self, root: Path | None, tmp_path: Path) -> Any:
        return write.Writer(
            host=host.Host(root),
            states={"file.managed": self.managed},
            modules={"cmd.run_all": self.run_all},
            test=False,
            cachedir=str(tmp_path / "cache"),
            drift="report",
            release="v1.36.4",
        )


def test_a_static_pod_is_never_written_in_the_directory_of_manifests(tmp_path: Path) -> None:
    salt = Salt()
    manifests = tmp_path / "etc/kubernetes/manifests"
    path = "/etc/kubernetes/manifests/kube-vip.yaml"
    answer = salt.writer(tmp_path, tmp_path).apply(file(path, contents="kind: Pod\n", secret=False))
    assert answer["result"] is True
    (asked,) = salt.asked
    assert Path(asked["name"]).parent != manifests
    assert [entry.name for entry in manifests.iterdir()] == ["kube-vip.yaml"]
    assert (manifests / "kube-vip.yaml").read_text() == "kind: Pod\n"


def test_what_a_program_says_about_a_secret_file_is_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    salt = Salt(code=1)
    monkeypatch.setattr(write.Record, "known", lambda *_: frozenset())
    target = tmp_path / "keepalived.conf"
    answer = salt.writer(None, tmp_path).apply(file(str(target), check="sh -n {file}"))
    assert answer["result"] is False and salt.asked == [] and not target.exists()
    assert SECRET not in str(answer) and "sh -n {file}" in answer["comment"]
    assert salt.checked[0][-1].endswith("/keepalived.conf"), "some programs read the name"
    shown = salt.writer(None, tmp_path).apply(file(str(target), check="sh -n {file}", secret=False))
    assert SECRET in shown["comment"], "a file without secrets shows why"


def test_the_contents_of_a_secret_file_are_no_change(tmp_path: Path) -> None:
    salt = Salt()
    target = tmp_path / "etc/keepalived.conf"
    target.parent.mkdir()
    target.write_text("")
    answer = salt.writer(tmp_path, tmp_path).apply(file("/etc/keepalived.conf"))
    assert answer["result"] is True and answer["changes"]
    assert SECRET not in str(answer)
    assert salt.asked[0]["show_changes"] is False


def test_drift_of_a_secret_file_is_reported_without_it(tmp_path: Path) -> None:
    salt = Salt()
    salt.writer(tmp_path, tmp_path).apply(file("/keepalived.conf"))
    (tmp_path / "keepalived.conf").write_text("auth_pass other-4712\n")
    answer = salt.writer(tmp_path, tmp_path).apply(file("/keepalived.conf"))
    assert "changed by hand" in answer["comment"]
    assert SECRET not in str(answer) and "other-4712" not in str(answer)


def test_a_run_that_ended_behind_the_write_knows_its_file_again(tmp_path: Path) -> None:
    salt = Salt()
    writer = salt.writer(tmp_path, tmp_path)
    writer.apply(file("/chosen.conf", contents="first\n"))
    salt.ends_after_write = True
    with pytest.raises(KeyboardInterrupt):
        writer.apply(file("/chosen.conf", contents="second\n"))
    salt.ends_after_write = False
    answer = writer.apply(file("/chosen.conf", contents="third\n"))
    assert answer["result"] is True and (tmp_path / "chosen.conf").read_text() == "third\n"
    assert salt.asked[-1]["backup"] == "", "it was ours"


def test_the_time_of_a_file_is_when_its_meaning_changed(tmp_path: Path) -> None:
    writer = Salt().writer(tmp_path, tmp_path)
    place = tmp_path / "haproxy.cfg"
    writer.apply(file("/haproxy.cfg", contents="global\n"))
    os.utime(place, (1000, 1000))
    answer = writer.apply(file("/haproxy.cfg", contents="# of a later release\nglobal\n"))
    assert answer["changes"] and place.read_text().startswith("# of a later release")
    assert place.stat().st_mtime == 1000
    writer.apply(file("/haproxy.cfg", contents="global\n    daemon\n"))
    assert place.stat().st_mtime > 1000


def test_a_takeover_that_failed_keeps_the_backup_the_next_time(tmp_path: Path) -> None:
    salt = Salt()
    (tmp_path / "chosen.conf").write_text("somebody else's\n")
    salt.works = False
    failed = salt.writer(tmp_path, tmp_path).apply(file("/chosen.conf"))
    assert failed["result"] is False and "no space left" in failed["comment"]
    salt.works = True
    assert salt.writer(tmp_path, tmp_path).apply(file("/chosen.conf"))["result"] is True
    assert [asked["backup"] for asked in salt.asked] == ["minion", "minion"]


def test_text_that_is_no_unicode_can_be_told(tmp_path: Path) -> None:
    salt = Salt()
    wanted = file("/chosen.conf", contents="ours\n", secret=False)
    salt.writer(tmp_path, tmp_path).apply(wanted)
    (tmp_path / "chosen.conf").write_bytes(b"\xff by hand\n")
    answer = salt.writer(tmp_path, tmp_path).apply(wanted)
    assert "by hand" in answer["comment"].encode().decode()
