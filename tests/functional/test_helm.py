"""A chart of the pod network, rendered by the real helm."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from functional.needs import installed
from programs.verdict import locate

installed("saltext.k8s_ha")

from saltext.k8s_ha.utils import helm  # noqa: E402 (after the check that it is there)
from saltext.k8s_ha.utils.host import Host, HostError  # noqa: E402

DEPLOYMENT = """\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: {{ .Release.Name }}-agent, namespace: {{ .Release.Namespace }}}
spec: {template: {spec: {containers: [{name: agent, image: {{ .Values.image | required "give image" | quote }}}]}}}
"""
DEFINITION = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: pools.example.org}
"""


def run_all(command: list[str], **_arguments: Any) -> dict[str, Any]:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return {"retcode": done.returncode, "stdout": done.stdout, "stderr": done.stderr}


MODULES = {"cmd.run_all": run_all}


@pytest.fixture
def host(tmp_path: Path) -> Host:
    """A host with helm."""
    place = tmp_path / "host/usr/bin/helm"
    place.parent.mkdir(parents=True)
    place.symlink_to(locate("helm-3"))
    return Host(tmp_path / "host")


def chart(directory: Path, **more: Any) -> dict[str, Any]:
    """A chart in a folder, as the pillar names it."""
    place = directory / "network"
    (place / "templates").mkdir(parents=True, exist_ok=True)
    (place / "crds").mkdir(exist_ok=True)
    (place / "Chart.yaml").write_text(
        "apiVersion: v2\nname: network\nversion: 1.0.0\nkubeVersion: '>=1.35.0-0'\n"
    )
    (place / "templates" / "agent.yaml").write_text(DEPLOYMENT)
    (place / "crds" / "pools.yaml").write_text(DEFINITION)
    return {"name": str(place), "release": "net", "namespace": "kube-system", **more}


def test_values_release_and_definitions_are_in_what_is_applied(tmp_path: Path, host: Host) -> None:
    written = chart(tmp_path, values={"image": "example.org/agent:1"})
    documents = list(yaml.safe_load_all(helm.template(written, "v1.36.4", host, MODULES)))
    by_kind = {document["kind"]: document for document in documents if document}
    assert by_kind["DaemonSet"]["metadata"] == {"name": "net-agent", "namespace": "kube-system"}
    assert "example.org/agent:1" in str(by_kind["DaemonSet"])
    assert "CustomResourceDefinition" in by_kind


def test_what_helm_says_against_it_is_said(tmp_path: Path, host: Host) -> None:
    with pytest.raises(HostError, match=r"`helm template` of .*network failed: .*give image"):
        helm.template(chart(tmp_path), "v1.36.4", host, MODULES)
    with pytest.raises(HostError, match=r"failed: .*kubeVersion"):
        helm.template(chart(tmp_path, values={"image": "a"}), "v1.34.0", host, MODULES)


def test_without_helm_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(HostError, match=r"needs the program helm.*or give .*network\.cni\.manifests"):
        helm.template(chart(tmp_path), "v1.36.4", Host(tmp_path / "blank"), MODULES)
