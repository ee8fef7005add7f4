"""The status of a node on which everything hangs is told in time."""

from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from live.control_plane import Credentials
from ports import LOOPBACK
from programs import pki
from saltext.k8s_ha.utils import gate, status
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.status_node import Asker, Deadline

_SLACK_SECONDS = 1.0


def run_all(command: list[str], **_: Any) -> dict[str, Any]:
    """What Salt's own does with the same command."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return {"retcode": done.returncode, "stdout": done.stdout, "stderr": done.stderr}


def test_a_program_that_ignores_its_end_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "hangs"
    program.write_text("#!/bin/bash\ntrap '' TERM\nwhile true; do sleep 1; done\n")
    program.chmod(0o755)
    asker = Asker(Host(), {"cmd.run_all": run_all}, Deadline.after(10))
    began = time.monotonic()
    with pytest.raises(HostError, match=r"did not end within 1\.0 s"):
        asker.run([str(program)], 1.0)
    assert time.monotonic() - began < 1.5 + _SLACK_SECONDS


def test_servers_that_hang_cost_no_more_than_the_call_may_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = pki.Authority("k8s-ha-test-ca")
    client = Credentials(*authority.issue("admin", [LOOPBACK]))
    directory = tmp_path / "etc/kubernetes/pki/etcd"
    directory.mkdir(parents=True)
    for place, text in {
        directory / "ca.crt": authority.certificate,
        directory / "healthcheck-client.crt": client.certificate,
        directory / "healthcheck-client.key": client.key,
        directory.parent / "ca.crt": authority.certificate,
    }.items():
        place.write_text(text)
    monkeypatch.setattr(status, "_SECONDS", 2.5)
    # Below a root everything else of it is real; with services it would be that of the test's machine.
    monkeypatch.setattr(Host, "is_live", property(lambda _: True))
    with socket.socket() as silent:
        silent.bind((LOOPBACK, 0))
        silent.listen()
        at = f"{LOOPBACK}:{silent.getsockname()[1]}"
        topology = SimpleNamespace(
            cluster="prod1",
            digest="0" * 64,
            drift="report",
            api_vip="192.0.2.5",
            api_server=lambda _: f"https://{at}",
            control_plane_endpoint=at,
            etcd_members=lambda: {"cp1": (f"https://{at}", f"https://{at}")},
        )
        member: Any = SimpleNamespace(
            topology=topology,
            node="cp1",
            roles=["control_plane"],
            has_external_member=False,
            has_stacked_etcd=True,
            files={},
            release="v1.36.4",
        )
        began = time.monotonic()
        told = status.tell(gate.Verdict(member=member), Host(tmp_path), {"cmd.run_all": run_all}, time.time())
        taken = time.monotonic() - began
    assert taken < 2.5 + _SLACK_SECONDS
    assert f"https://{at} did not answer within 2 s" in told["etcd"]
    for part in ("endpoint", "address"):
        assert "not answer within 0." in told[part] or told[part].startswith("not asked: "), told[part]
    assert [line.split(":")[0] for line in told["attention"]] == [
        "etcd",
        "endpoint",
        "address",
        *["certificates"] * 3,
    ]
    assert told["api_server"].startswith("No API server runs here yet")
    assert [one["due"] for one in told["certificates"]] == [True] * 3, "what asks nobody is told all the same"
