"""Services run with what is on the disk: decided from stamps, acted upon through Salt's service module."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from functional.needs import installed
from saltext.k8s_ha.utils.host import HostError

activation = installed("saltext.k8s_ha.utils.activation")
unit = installed("saltext.k8s_ha.utils.unit")

NOW = 1_000_000.0
WANTED = unit.Wanted("haproxy.service", {"/a": "1", "/b": "2"}, {"/a": "reload", "/b": "restart"}, NOW)


@pytest.mark.parametrize(
    ("running", "expected"),
    [
        ({"active": False}, "start"),
        ({"stamp": {"/a": "1", "/b": "2"}}, "none"),
        ({"stamp": {"/a": "0", "/b": "2"}}, "reload"),
        ({"stamp": {"/a": "1", "/b": "0"}}, "restart"),
        ({"stamp": {"/a": "0", "/b": "0"}}, "restart"),
        ({"stamp": {"/b": "2"}}, "reload"),
        # After a boot: started with these files, or before they were written, or nobody knows.
        ({"stamp": None, "started": NOW + 60}, "none"),
        ({"stamp": None, "started": NOW - 60}, "restart"),
        ({"stamp": None, "started": None}, "restart"),
    ],
)
def test_what_has_to_happen(running: dict, expected: str) -> None:
    known = unit.Running(**{"installed": True, "enabled": True, "active": True, **running})
    assert unit.action(WANTED, known) == expected


class Systemd:
    """Stands for Salt's service module."""

    def __init__(
        self, *, active: bool = True, enabled: bool = True, available: bool = True, works: bool = True
    ) -> None:
        self.active, self.is_enabled, self.is_available, self.works = active, enabled, available, works
        self.done: list[str] = []

    def modules(self) -> dict:
        return {
            "service.available": lambda _: self.is_available,
            "service.enabled": lambda _: self.is_enabled,
            "service.status": lambda _: self.active,
            "service.show": lambda _: {},
            **{f"service.{step}": self._step(step) for step in ("enable", "start", "reload", "restart")},
        }

    def _step(self, step: str) -> Callable[[str], bool]:
        def act(name: str) -> bool:
            self.done.append(f"{step} {name}")
            if self.works and step == "enable":
                self.is_enabled = True
            elif self.works:
                self.active = True
            return self.works

        return act


@pytest.fixture
def stamps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(activation, "STAMPS", tmp_path / "stamps")
    return tmp_path / "stamps"


def run(
    tmp_path: Path,
    systemd: Systemd,
    *,
    test: bool = False,
    failed: tuple = (),
    text: str = "one\n",
    needs: tuple = (),
) -> dict:
    path = tmp_path / "haproxy.cfg"
    path.write_text(text)
    file = file_of("haproxy.service", path, "reload", needs)
    return activation.activate([file], writer_of(systemd, text, test=test), failed, packages_come=False)


def file_of(unit_name: str, path: Path, action: str, needs: tuple = ()) -> dict:
    return {
        "path": str(path),
        "managed": "yes",
        "activation": {"action": action, "unit": unit_name},
        "needs": list(needs),
    }


def writer_of(systemd: Systemd, text: str, *, test: bool = False) -> SimpleNamespace:
    host = SimpleNamespace(is_live=True, path=Path)
    return SimpleNamespace(host=host, modules=systemd.modules(), test=test, text_of=lambda _: text)


def test_a_unit_is_reloaded_once_for_a_change(tmp_path: Path, stamps: Path) -> None:
    systemd = Systemd()
    first = run(tmp_path, systemd)
    assert first["changes"] == {
        "haproxy.service": {"old": "enabled, running with earlier files", "new": "reloaded"}
    }
    assert json.loads((stamps / "haproxy.service").read_text())
    assert run(tmp_path, systemd)["changes"] == {}
    assert run(tmp_path, systemd, text="two\n")["result"] is True
    assert systemd.done == ["reload haproxy.service"] * 2


def test_other_bytes_with_the_same_meaning_restart_nothing(tmp_path: Path, stamps: Path) -> None:
    systemd = Systemd()
    run(tmp_path, systemd)
    answer = run(tmp_path, systemd, text="# of a later release\n\none\n")
    assert answer["changes"] == {}
    assert systemd.done == ["reload haproxy.service"]


def test_a_test_run_announces_and_does_nothing(tmp_path: Path, stamps: Path) -> None:
    systemd = Systemd(active=False, enabled=False)
    announced = run(tmp_path, systemd, test=True)
    assert announced["result"] is None and systemd.done == [] and not stamps.exists()
    real = run(tmp_path, systemd)
    assert real["changes"] == announced["changes"]
    assert systemd.done == ["enable haproxy.service", "start haproxy.service"]


def test_a_failure_leaves_no_stamp_and_is_tried_again(tmp_path: Path, stamps: Path) -> None:
    systemd = Systemd(works=False, active=False)
    answer = run(tmp_path, systemd)
    assert answer["result"] is False and "journalctl -u haproxy.service" in answer["comment"]
    assert answer["changes"] == {} and not stamps.exists()
    systemd.works = True
    assert run(tmp_path, systemd)["result"] is True


def test_a_file_that_could_not_be_written_leaves_its_unit_as_it_runs(tmp_path: Path, stamps: Path) -> None:
    systemd = Systemd()
    answer = run(tmp_path, systemd, failed=(str(tmp_path / "haproxy.cfg"),))
    assert answer["result"] is False and systemd.done == []


def test_a_unit_that_is_not_installed_is_said(tmp_path: Path, stamps: Path) -> None:
    answer = run(tmp_path, Systemd(available=False))
    assert answer["result"] is False and "haproxy.service is not installed" in answer["comment"]


def test_a_unit_waits_for_what_somebody_else_brings(tmp_path: Path, stamps: Path) -> None:
    systemd = Systemd(active=False, enabled=False)
    certificate = tmp_path / "ca.crt"
    answer = run(tmp_path, systemd, needs=(str(certificate),))
    assert answer["result"] is True and systemd.done == ["enable haproxy.service"]
    assert f"haproxy.service waits for {certificate}." in answer["comment"]
    certificate.touch()
    assert run(tmp_path, systemd, needs=(str(certificate),))["result"] is True
    assert systemd.done[1:] == ["start haproxy.service"]


def test_a_boot_is_no_reason_to_restart(tmp_path: Path, stamps: Path) -> None:
    systemd = Systemd()
    modules = systemd.modules()
    since_boot = time.clock_gettime(time.CLOCK_MONOTONIC) + 60
    shown = {"ActiveEnterTimestampMonotonic": str(int(since_boot * 1e6))}
    systemd.modules = lambda: {**modules, "service.show": lambda _: shown}
    assert run(tmp_path, systemd)["changes"] == {}
    assert (stamps / "haproxy.service").exists(), "from now on the stamp tells"


def test_a_member_of_etcd_is_started_with_the_rest_and_restarted_in_its_turn(
    tmp_path: Path, stamps: Path
) -> None:
    path = tmp_path / "etcd.conf.yaml"
    path.write_text("one")
    file = file_of("etcd.service", path, "restart")

    def activate(systemd: Systemd, text: str) -> dict:
        return activation.activate([file], writer_of(systemd, text), (), packages_come=False)

    systemd = Systemd(active=False)
    assert activate(systemd, "one")["changes"] and systemd.done == ["start etcd.service"]
    assert activate(systemd, "two")["changes"] == {} and systemd.done == ["start etcd.service"]
    in_turn = activation.InTurn("etcd.service", [file], writer_of(systemd, "two"))
    assert in_turn.needs_restart()
    in_turn.note_started()
    assert not in_turn.needs_restart() and (stamps / "etcd.service").exists()
    assert not activation.InTurn(
        "etcd.service", [file], writer_of(Systemd(active=False), "x")
    ).needs_restart()


class Gate:
    """Stands for the gate: lets pass, or not, and remembers what it was asked."""

    def __init__(self, refusal: str | None = None) -> None:
        self.refusal = refusal
        self.asked: list[str] = []

    @contextmanager
    def around(self, unit_name: str, step: str) -> Iterator[None]:
        self.asked.append(f"{step} {unit_name}")
        if self.refusal:
            raise HostError(self.refusal)
        yield


def gated(tmp_path: Path, systemd: Systemd, gate: Gate, text: str, *, test: bool = False) -> dict:
    path = tmp_path / "haproxy.cfg"
    path.write_text(text)
    file = file_of("haproxy.service", path, "restart")
    writer = writer_of(systemd, text, test=test)
    return activation.activate([file], writer, (), packages_come=False, around=gate.around)


def test_each_step_goes_through_the_gate_and_without_one_nobody_is_asked(
    tmp_path: Path, stamps: Path
) -> None:
    systemd, gate = Systemd(), Gate()
    assert gated(tmp_path, systemd, gate, "one", test=True)["changes"] and gate.asked == []
    gated(tmp_path, systemd, gate, "one")
    assert gate.asked == systemd.done == ["restart haproxy.service"]
    assert gated(tmp_path, systemd, gate, "one")["changes"] == {}
    assert len(gate.asked) == 1


def test_what_the_gate_does_not_let_pass_is_left_as_it_runs(tmp_path: Path, stamps: Path) -> None:
    systemd, gate = Systemd(), Gate("Restarting haproxy on cp1 is deferred, nothing was changed: cp2 is down")
    answer = gated(tmp_path, systemd, gate, "one")
    assert systemd.done == [] and answer["changes"] == {}
    assert answer["result"] is False and "deferred" in answer["comment"]
    gate.refusal = None
    assert gated(tmp_path, systemd, gate, "one")["changes"], "the next apply does it"
