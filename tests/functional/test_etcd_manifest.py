"""kubeadm's manifest of a member of etcd, and its record of the cluster, as they are changed after a join."""

from pathlib import Path

import pytest
import yaml

from functional.needs import installed

installed("saltext.k8s_ha")

from saltext.k8s_ha.utils import cluster_configuration, etcd_manifest  # noqa: E402 (after the check)
from saltext.k8s_ha.utils.etcd_manifest import EtcdManifest  # noqa: E402
from saltext.k8s_ha.utils.host import Host, HostError  # noqa: E402

# As kubeadm 1.36 writes it for the first member.
MANIFEST = """\
apiVersion: v1
kind: Pod
metadata:
  annotations:
    kubeadm.kubernetes.io/etcd.advertise-client-urls: https://10.0.10.11:2379
  labels:
    component: etcd
    tier: control-plane
  name: etcd
  namespace: kube-system
spec:
  containers:
  - command:
    - etcd
    - --advertise-client-urls=https://10.0.10.11:2379
    - --data-dir=/var/lib/etcd
    - --initial-cluster=cp1=https://10.0.10.11:2380
    - --initial-cluster-token=prod1
    - --name=cp1
    image: registry.k8s.io/etcd:3.6.8-0
    name: etcd
  hostNetwork: true
"""

CONFIGURATION = """\
apiVersion: kubeadm.k8s.io/v1beta4
etcd:
  local:
    dataDir: /var/lib/etcd
    extraArgs:
    - name: initial-cluster-token
      value: prod1
kind: ClusterConfiguration
kubernetesVersion: v1.36.4
"""


@pytest.fixture
def host(tmp_path: Path) -> Host:
    place = tmp_path / "etc/kubernetes/manifests/etcd.yaml"
    place.parent.mkdir(parents=True)
    place.write_text(MANIFEST)
    return Host(tmp_path)


def test_the_flags_are_given_once_and_nothing_else_is_touched(host: Host) -> None:
    flags = etcd_manifest.guarded_flags("cp1", "https://10.0.10.11:2380")
    manifest = EtcdManifest(host)
    assert not manifest.has(flags)
    manifest.write(flags)
    assert EtcdManifest(host).has(flags)
    place = host.path(etcd_manifest.PATH)
    written, before = yaml.safe_load(place.read_text()), yaml.safe_load(MANIFEST)
    assert place.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in place.parent.iterdir()] == ["etcd.yaml"]
    command = written["spec"]["containers"][0].pop("command")
    expected = [*before["spec"]["containers"][0].pop("command"), "--initial-cluster-state=existing"]
    assert sorted(command) == sorted(expected)
    assert written == before


@pytest.mark.parametrize("text", ["", "kind: Pod", "[", "spec: {containers: []}"])
def test_what_is_no_manifest_is_said(host: Host, text: str) -> None:
    host.path(etcd_manifest.PATH).write_text(text)
    with pytest.raises(HostError, match="cannot be read as kubeadm's static pod of etcd"):
        EtcdManifest(host)
    host.path(etcd_manifest.PATH).unlink()
    with pytest.raises(HostError, match="is not there: kubeadm writes it"):
        EtcdManifest(host)


def test_kubeadms_record_gets_the_state_once() -> None:
    text = cluster_configuration.with_existing(CONFIGURATION)
    assert text is not None
    written, before = yaml.safe_load(text), yaml.safe_load(CONFIGURATION)
    before["etcd"]["local"]["extraArgs"].append({"name": "initial-cluster-state", "value": "existing"})
    assert written == before
    assert cluster_configuration.with_existing(text) is None
    assert cluster_configuration.with_existing(text.replace("value: existing", "value: new")) == text


def test_an_external_etcd_is_left_alone() -> None:
    assert cluster_configuration.with_existing("etcd: {external: {endpoints: [https://e1:2379]}}") is None


@pytest.mark.parametrize("text", ["", "[", "etcd: []", "etcd: {local: {extraArgs: [x]}}"])
def test_what_is_no_record_is_said(text: str) -> None:
    with pytest.raises(HostError, match="kubeadm-config cannot be read"):
        cluster_configuration.with_existing(text)
