"""Where the machines run, asked of a fake Proxmox VE that answers by the schema of the real one's API."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fakepve import FakePve

from command import k8s_ha
from functional.pillars import three_masters
from saltext.k8s_ha import Topology, _core
from saltext.k8s_ha._core import LiveError
from saltext.k8s_ha.utils import cluster_step, machines
from saltext.k8s_ha.utils.host import HostError

SECRET = "5ec7e70d-0000-4000-8000-000000000001"
IDS = {"cp1": 401, "cp2": 402, "cp3": 403}

Pillar = Callable[..., dict[str, Any]]


@pytest.fixture
def pillar(fakepve: FakePve, fakepve_url: str, fakepve_cafile: str, tmp_path: Path) -> Pillar:
    """A pillar whose three masters are machines of a Proxmox VE that runs."""
    fakepve.apitokens["salt@pve!gate"] = SECRET
    for name, node in (("cp1", "pve1"), ("cp2", "pve2"), ("cp3", "pve3")):
        fakepve.add_vm(IDS[name], name, node=node, status="running")
    token = tmp_path / "token"
    token.write_text(f"gate={SECRET}\n", encoding="utf-8")

    def with_urls(*urls: str) -> dict[str, Any]:
        written = three_masters()
        connection = {
            "urls": list(urls) or [fakepve_url],
            "user": "salt@pve",
            "token": f"file://{token}",
            "ca": Path(fakepve_cafile).read_text(encoding="utf-8"),
        }
        written["proxmox"] = {"connection": connection}
        written["hypervisors"] = {f"pve{n}": {"cpus": 32, "memory": "128GiB"} for n in (1, 2, 3)}
        for n, name in enumerate(IDS, 1):
            written["nodes"][name] |= {"hypervisor": f"pve{n}", "vm": {"vmid": IDS[name]}}
        return written

    return with_urls


def told(written: dict[str, Any]) -> tuple[list[dict[str, Any]] | None, str]:
    """What the master tells: never a secret."""

    def execute(*_arguments: object) -> object:
        raise AssertionError("a file needs no module")

    seen, sentences = machines.tell(Topology(written), {}, execute)
    assert not any(SECRET in sentence for sentence in sentences)
    return seen, " | ".join(sentences)


def test_each_machine_is_where_the_pillar_says(pillar: Pillar) -> None:
    seen, sentences = told(pillar())
    assert sentences == ""
    assert seen == [{"node": name, "hypervisor": f"pve{n}", "state": "up"} for n, name in enumerate(IDS, 1)]


def test_a_machine_that_moved_takes_two_voters_with_it(fakepve: FakePve, pillar: Pillar) -> None:
    fakepve.vm(402).node = "pve1"
    seen, sentences = told(pillar())
    assert seen and seen[1]["hypervisor"] == "pve1"
    assert "the machine of cp2 is on pve1, the pillar says pve2" in sentences
    assert "the loss of pve1 takes too much" in sentences and "etcd 1 of 3 voters" in sentences


def test_a_step_takes_the_machines_that_run_on_the_hypervisor_now(fakepve: FakePve, pillar: Pillar) -> None:
    def look(topology: Topology) -> str | None:
        return machines.look(topology, {}, lambda *_arguments: None)

    topology = Topology(pillar())
    assert cluster_step.taken(topology, [], ["pve1"], look) == ["cp1", "w1"]
    fakepve.vm(402).node = "pve1"
    assert cluster_step.taken(topology, [], ["pve1"], look) == ["cp1", "cp2", "w1"]
    fakepve.lose_quorum()
    with pytest.raises(HostError, match="where the machines run is not known"):
        cluster_step.taken(topology, [], ["pve1"], look)


def test_a_machine_that_is_off_or_gone_is_told(fakepve: FakePve, pillar: Pillar) -> None:
    fakepve.vm(402).status = "stopped"
    fakepve.vms.remove(fakepve.vm(403))
    seen, sentences = told(pillar())
    assert seen and [each["state"] for each in seen] == ["up", "down", "unknown"]
    assert "the machine of cp2 does not run" in sentences and "shows no machine of cp3" in sentences


def test_one_host_that_answers_is_enough(pillar: Pillar, fakepve_url: str) -> None:
    seen, sentences = told(pillar("https://127.0.0.1:1", fakepve_url))
    assert seen and sentences == ""


def test_what_a_host_without_quorum_says_is_not_believed(fakepve: FakePve, pillar: Pillar) -> None:
    fakepve.lose_quorum()
    seen, sentences = told(pillar())
    assert seen is None
    assert "where the machines run is not known" in sentences and "has no quorum" in sentences


def test_a_token_that_is_not_accepted_is_told(fakepve: FakePve, pillar: Pillar) -> None:
    fakepve.apitokens["salt@pve!gate"] = "another"
    seen, sentences = told(pillar())
    assert seen is None and "does not accept" in sentences, sentences


def test_a_hung_host_is_one_that_failed(pillar: Pillar, fakepve_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as hung:
        urls = [f"https://127.0.0.1:{hung.getsockname()[1]}", fakepve_url]
        with pytest.raises(LiveError, match=r"did not answer within 0\.5 s"):
            _core.machines(Topology(pillar(urls[0])), f"gate={SECRET}", 0.5)
        assert json.loads(_core.machines(Topology(pillar(*urls)), f"gate={SECRET}", 2.0))


def test_without_a_way_to_ask_the_pillar_is_taken_at_its_word(pillar: Pillar) -> None:
    written = pillar()
    del written["proxmox"]["connection"]["ca"]
    assert told(written) == (None, "")
    with pytest.raises(LiveError, match=r"`ca` under `proxmox.connection`"):
        _core.machines(Topology(written), f"gate={SECRET}")


def test_the_command_line_takes_all_machines_of_a_hypervisor(
    fakepve: FakePve, pillar: Pillar, tmp_path: Path
) -> None:
    written = pillar()
    place, token, seen = tmp_path / "prod1.yaml", tmp_path / "token", tmp_path / "seen.json"
    place.write_text(json.dumps({"k8s_ha": written}), encoding="utf-8")

    def verdict(*arguments: object) -> tuple[int, str]:
        done = k8s_ha("gate", place, "--step", "stop", *arguments, check=False)
        return done.returncode, done.stdout + done.stderr

    sound = json.loads(k8s_ha("gate", place, "--all-up").stdout)
    for hypervisor, code in (("pve2", 0), ("pve1", 1)):
        fakepve.vm(402).node = hypervisor
        machines_now = json.loads(_core.machines(Topology(written), token.read_text(encoding="utf-8")))
        seen.write_text(json.dumps({**sound, "machines": machines_now}), encoding="utf-8")
        done = verdict("--hypervisor", "pve1", "--observation", seen)
        assert done[0] == code, done
    assert "etcd 1 of 3 voters" in done[1]
    seen.write_text(json.dumps(sound), encoding="utf-8")
    assert "nobody says which machines run" in verdict("--hypervisor", "pve1", "--observation", seen)[1]
    # It asks by itself, and says so before it looks at anything else.
    assert (
        "no node stands on a hypervisor `pve9`"
        in verdict("--hypervisor", "pve9", "--proxmox-token", token)[1]
    )
    token.write_text("gate=another", encoding="utf-8")
    assert "does not accept" in verdict("--hypervisor", "pve1", "--proxmox-token", token)[1]
