"""The loads against a server that stalls, fails and forgets: what they count must be what was done."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from lab import down
from lab.api_stand_in import ApiStandIn
from lab.commands import LabError, wait_for
from lab.processes import every_pid, identity
from lab.timeline import Sample, Timeline
from lab.traffic import Load, Readers, Writers
from lab.worker import TESTS, Client
from programs.pki import Authority

_STALL_SECONDS = 1.5
_DEADLINE_SECONDS = 0.4

_DRIVER = """
import sys, time
from pathlib import Path
from lab.traffic import Readers
from lab.worker import Client
load = Readers(Path(sys.argv[1]), Client(Path(sys.argv[2])), sys.argv[3])
load.start()
print("started", flush=True)
time.sleep(60)
"""


class Answering(BaseHTTPRequestHandler):
    """Answers `/health` with 200 and all else with 404, without a body."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/health" else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        return


@pytest.fixture
def client(tmp_path: Path) -> Client:
    authority = Authority("lab")
    certificate, key = authority.issue("localhost", ["127.0.0.1"])
    for name, text in {"ca.crt": authority.certificate, "tls.crt": certificate, "tls.key": key}.items():
        (tmp_path / name).write_text(text)
    return Client(tmp_path / "ca.crt", tmp_path / "tls.crt", tmp_path / "tls.key")


@pytest.fixture
def server(tmp_path: Path, client: Client) -> Iterator[ApiStandIn]:
    with ApiStandIn("127.0.0.1", 0, tmp_path / "tls.crt", tmp_path / "tls.key") as running:
        yield running


def until(load: Load, count: int) -> None:
    wait_for(lambda: load.timeline().count >= count, 15, f"{count} requests were made")


def test_nothing_fails_without_a_fault(tmp_path: Path, client: Client, server: ApiStandIn) -> None:
    with Readers(tmp_path, client, f"{server.url}/readyz") as load:
        until(load, 20)
    seen = load.timeline()
    assert seen.failed == 0, seen.errors
    assert seen.longest_gap < 0.3


def test_a_stall_is_as_long_as_it_was(tmp_path: Path, client: Client, server: ApiStandIn) -> None:
    with Readers(tmp_path, client, f"{server.url}/readyz", deadline=_DEADLINE_SECONDS) as load:
        until(load, 10)
        mark = load.set_mark()
        server.going.clear()
        time.sleep(_STALL_SECONDS)
        server.going.set()
        until(load, load.timeline().count + 20)
    seen = load.timeline()
    failures = seen.failures(mark)
    # Requests of the last moments of the stall are answered within their deadline after it.
    expected = (_STALL_SECONDS - _DEADLINE_SECONDS) * 20
    assert expected - 4 <= seen.failed <= expected + 6, seen.summary(mark)
    assert _STALL_SECONDS - 0.2 < seen.longest_gap < _STALL_SECONDS + 0.4
    assert all(-0.1 < after < _STALL_SECONDS for after, _reason in failures)
    assert seen.errors == {"no answer in time": seen.failed}


def test_a_slow_answer_does_not_slow_the_load_down(
    tmp_path: Path, client: Client, server: ApiStandIn
) -> None:
    server.going.clear()
    began = time.monotonic()
    with Readers(tmp_path, client, f"{server.url}/readyz") as load:
        until(load, 20)
        took = time.monotonic() - began
    assert took < 4
    assert load.timeline().failed == load.timeline().count


def test_refused_and_wrong_answers_fail(tmp_path: Path, client: Client, server: ApiStandIn) -> None:
    server.status = 500
    with Readers(tmp_path, client, f"{server.url}/readyz", name="status") as load:
        until(load, 3)
    assert set(load.timeline().errors) == {"HTTP 500"}
    with Readers(tmp_path, client, "https://127.0.0.1:1/readyz", name="port") as load:
        until(load, 3)
    assert all(reason.startswith("ConnectionRefusedError") for reason in load.timeline().errors)


def test_a_foreign_certificate_fails(tmp_path: Path, client: Client, server: ApiStandIn) -> None:
    (tmp_path / "other.crt").write_text(Authority("other").certificate)
    with Readers(tmp_path, Client(tmp_path / "other.crt"), f"{server.url}/readyz") as load:
        until(load, 3)
    assert all("certificate verify failed" in reason for reason in load.timeline().errors)


def test_plain_http_is_asked_too(tmp_path: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        with Readers(tmp_path, Client(), f"{url}/health", name="there") as load:
            until(load, 5)
        with Readers(tmp_path, Client(), f"{url}/absent", name="absent") as absent:
            until(absent, 3)
        server.shutdown()
    assert load.timeline().failed == 0, load.timeline().errors
    assert set(absent.timeline().errors) == {"HTTP 404"}


def test_what_was_acknowledged_and_is_gone_is_named(
    tmp_path: Path, client: Client, server: ApiStandIn
) -> None:
    with Writers(tmp_path, client, server.url, rate=20, deadline=_DEADLINE_SECONDS) as load:
        until(load, 10)
        server.swallow = True
        until(load, 15)
        server.swallow = False
        # Created and never acknowledged: its absence would be no loss.
        server.going.clear()
        until(load, load.timeline().count + 5)
        server.going.set()
        until(load, load.timeline().count + 5)
    missing = [name for name in load.acknowledged() if name not in server.objects]
    assert 3 <= len(missing) <= 8
    unacknowledged = set(server.objects) - set(load.acknowledged())
    assert unacknowledged
    del server.objects[unacknowledged.pop()]
    assert load.verify_acknowledged({"self": server.url}) == {"self": sorted(missing)}


def test_a_changed_object_counts_as_lost(tmp_path: Path, client: Client, server: ApiStandIn) -> None:
    with Writers(tmp_path, client, server.url, rate=20) as load:
        until(load, 5)
    name = next(iter(load.acknowledged()))
    server.objects[name]["data"]["number"] = "999"
    assert load.verify_acknowledged({"self": server.url}) == {"self": [name]}


def test_a_server_that_cannot_be_asked_is_named(tmp_path: Path, client: Client, server: ApiStandIn) -> None:
    with Writers(tmp_path, client, server.url, rate=20) as load:
        until(load, 3)
    with pytest.raises(LabError, match=r"API server cp2 .* does not list the ConfigMaps"):
        load.verify_acknowledged({"cp1": server.url, "cp2": "https://127.0.0.1:1"})


def test_a_worker_that_fails_is_no_silence(tmp_path: Path, client: Client) -> None:
    load = Readers(tmp_path, Client(tmp_path / "absent.crt"), "https://127.0.0.1:1/")
    load.start()
    with pytest.raises(LabError, match=r"readers\.log exits with 1"):
        load.stop()


def test_a_load_ends_with_its_driver(tmp_path: Path, client: Client, server: ApiStandIn) -> None:
    driver = subprocess.Popen(
        [sys.executable, "-c", _DRIVER, str(tmp_path), str(client.ca), f"{server.url}/readyz"],
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": str(TESTS)},
    )
    assert driver.stdout
    assert driver.stdout.readline() == b"started\n"
    wait_for((tmp_path / "readers.jsonl").exists, 10, "the load makes requests")
    worker = next(one for pid in every_pid() if (one := identity(pid)) and _is_worker(one.command, tmp_path))
    driver.kill()
    driver.wait(5)
    driver.stdout.close()
    wait_for(lambda: not worker.is_alive(), 5, "the worker has ended")


def _is_worker(command: tuple[str, ...], directory: Path) -> bool:
    return "lab.traffic_worker" in command and json.loads(command[-1])["output"].startswith(str(directory))


def _timeline(*ok: bool) -> Timeline:
    return Timeline([Sample(number, number, number + 0.5, good, "") for number, good in enumerate(ok)], 1.0)


def test_a_host_is_down_from_the_last_success_to_the_next_one() -> None:
    assert down.spans(_timeline(True, False, False, True, True)) == [(0.5, 3.5)]
    assert down.spans(_timeline(True, True)) == []
    assert down.spans(_timeline(False, True)) == [(0, 1.5)]
    assert down.spans(_timeline(True, False)) == [(0.5, 1.5)]


def test_hosts_that_are_down_together_are_told_from_such_that_follow_each_other() -> None:
    one, after, beside = [(0.0, 4.0)], [(4.0, 6.0)], [(3.0, 5.0)]
    assert down.together({"a": one, "b": after}, 2) == 0
    assert down.together({"a": one, "b": beside}, 2) == 1
    assert down.together({"a": one, "b": beside, "c": [(3.5, 9.0)]}, 2) == 1.5 + 0.5
    assert down.together({"a": one, "b": beside, "c": [(3.5, 9.0)]}, 3) == 0.5
