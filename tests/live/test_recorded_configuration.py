"""What the real kubeadm records in a real API server is what we take for recorded, and what we would record."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from functional.pillars import three_masters
from live.control_plane import ControlPlane
from programs import kubeadm
from programs.test_kubernetes import MINORS
from programs.verdict import locate
from saltext.k8s_ha import _core
from saltext.k8s_ha._core import Api
from saltext.k8s_ha.utils import cluster_configuration, kubelet_change
from saltext.k8s_ha.utils.flat import flat
from saltext.k8s_ha.utils.host import Host
from saltext.k8s_ha.utils.kubeadm_dry_run import DryRun

RECORD = cluster_configuration.RECORD


def run(command: list[str], **_: Any) -> dict[str, Any]:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return {"retcode": done.returncode, "stdout": done.stdout, "stderr": done.stderr}


class WithKubeadm(Host):
    """The host with a kubeadm of some minor."""

    minor = ""

    def program(self, name: str) -> str | None:
        return str(locate(f"{name}-{self.minor}"))


@pytest.mark.parametrize("minor", MINORS)
def test_nothing_is_recorded_anew_after_init(
    control_plane: ControlPlane, api: Api, tmp_path: Path, minor: str
) -> None:
    host = type("Minor", (WithKubeadm,), {"minor": minor})()
    pillar = three_masters(cluster={"kubernetes_version": kubeadm.version(minor)})
    (init,) = (
        file for file in _core.Topology(pillar).files("cp1") if file["path"].endswith("kubeadm/init.yaml")
    )
    documents = list(yaml.safe_load_all(init["contents"]))
    documents[0].pop("patches")
    configuration, kubeconfig = tmp_path / "init.yaml", tmp_path / "admin.conf"
    configuration.write_text(yaml.safe_dump_all(documents))
    kubeconfig.write_text(control_plane.kubeconfig({"token": control_plane.token}))
    arguments = ["--config", str(configuration), "--kubeconfig", str(kubeconfig)]
    for phase in ("kubeadm", "kubelet"):
        done = run([str(host.program("kubeadm")), "init", "phase", "upload-config", phase, *arguments])
        assert done["retcode"] == 0, done
    dry = DryRun(host, {"cmd.run_all": run}, documents)
    wanted = dry.cluster_configuration()
    recorded = RECORD.read(api)
    assert cluster_configuration.meaning(recorded) == cluster_configuration.meaning(wanted)
    of_cluster = {**dry.kubelet_configuration(), "containerRuntimeEndpoint": ""}
    text = kubelet_change.RECORD.read(api)
    assert {name: value for name, value in flat(yaml.safe_load(text)).items() if value != ""} == {
        name: value for name, value in flat(of_cluster).items() if value != ""
    }
    # And only what differs is written, once.
    RECORD.change(api, lambda text: cluster_configuration.recorded(text, wanted))
    assert "existing" in RECORD.read(api)
    assert cluster_configuration.recorded(RECORD.read(api), wanted) is None
