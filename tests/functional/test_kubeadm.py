"""What is said of a kubeadm that fails: its own words with a remedy, and where all of them are."""

from pathlib import Path
from typing import Any

import pytest

from functional.needs import installed

installed("saltext.k8s_ha")

from saltext.k8s_ha.utils.host import Host, HostError  # noqa: E402 (after the check that it is there)
from saltext.k8s_ha.utils.kubeadm import Kubeadm, cause  # noqa: E402

PREFLIGHT = """\
[init] Using Kubernetes version: v1.36.4
[preflight] Running pre-flight checks
\t[WARNING Hostname]: hostname "cp1" could not be reached
[preflight] Some fatal errors occurred:
\t[ERROR Port-10259]: Port 10259 is in use
\t[ERROR Swap]: running with swap on is not supported. Please disable swap
error: error execution phase preflight: preflight checks failed
"""


def test_every_preflight_error_comes_with_its_remedy() -> None:
    said = cause(PREFLIGHT)
    assert (
        "Port-10259: Port 10259 is in use [something else listens there: ss -ltnp names it; stop it]" in said
    )
    assert "swapoff -a" in said and "WARNING" not in said


@pytest.mark.parametrize(
    ("output", "said"),
    [
        (
            "[wait-control-plane] Waiting\nerror: error execution phase wait-control-plane: timed out",
            "timed out",
        ),
        ("error: timed out\nTo see the stack trace of this error execute with --v=5", "error: timed out"),
        ("one\ntwo\n", "two"),
        ("", "it said nothing"),
    ],
)
def test_otherwise_its_last_words(output: str, said: str) -> None:
    assert said in cause(output)


def test_its_output_is_kept_for_root_alone(tmp_path: Path) -> None:
    host = Host(tmp_path)
    place = host.path("/usr/bin/kubeadm")
    place.parent.mkdir(parents=True)
    place.touch(mode=0o755)
    asked: list[Any] = []
    code = 1

    def run(command: list[str], **arguments: Any) -> dict[str, Any]:
        asked.append((command, arguments))
        return {"retcode": code, "stdout": PREFLIGHT, "stderr": ""}

    with pytest.raises(
        HostError, match=r"`kubeadm init` failed: Port-10259.*kubeadm-init\.log has all of it"
    ):
        Kubeadm(host, {"cmd.run_all": run}).init()
    log = host.path("/var/log/k8s-ha/kubeadm-init.log")
    assert log.read_text().startswith(PREFLIGHT) and log.stat().st_mode & 0o777 == 0o600
    (command, arguments) = asked[0]
    assert command[-3:] == ["init", "--config", "/etc/kubernetes/kubeadm/init.yaml"]
    assert arguments["output_loglevel"] == "quiet" and arguments["python_shell"] is False
    # timeout(1) ended it, with all that it had started.
    code = 124
    with pytest.raises(HostError, match="`kubeadm join` did not end within 900 s"):
        Kubeadm(host, {"cmd.run_all": run}).join()


def test_without_kubeadm_its_package_is_named(tmp_path: Path) -> None:
    with pytest.raises(HostError, match="kubeadm is not installed; install its package"):
        Kubeadm(Host(tmp_path), {}).join()
