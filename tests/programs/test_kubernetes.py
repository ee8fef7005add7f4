"""The checks of Kubernetes's own programs accept a good file and refuse bad ones."""

from __future__ import annotations

import pytest

from programs import example_files as example
from programs import kube_proxy, kubeadm, kubelet
from programs.expectations import Node, assert_accepted, assert_refused, replaced
from programs.verdict import Verdict

MINORS = ("1.35", "1.36", "1.37")


@pytest.mark.parametrize("minor", MINORS)
class TestKubeadm:
    def check(self, node: Node, minor: str, text: str) -> Verdict:
        text = text.replace("@VERSION@", kubeadm.version(minor))
        return kubeadm.check(node({"/kubeadm.yaml": text}) / "kubeadm.yaml", minor)

    @pytest.mark.parametrize(
        "text", [example.KUBEADM_INIT, example.KUBEADM_JOIN, example.KUBELET, example.KUBE_PROXY]
    )
    def test_accepts(self, node: Node, minor: str, text: str) -> None:
        assert_accepted(self.check(node, minor, text))

    @pytest.mark.parametrize(
        ("text", "because"),
        [
            (example.KUBEADM_INIT + "bogusCluster: 1\n", 'unknown field "bogusCluster"'),
            (example.KUBEADM_JOIN + "bogusJoin: 1\n", 'unknown field "bogusJoin"'),
            (example.KUBELET + "bogusKubelet: 1\n", 'unknown field "bogusKubelet"'),
            (example.KUBE_PROXY + "bogusProxy: 1\n", 'unknown field "bogusProxy"'),
            (example.KUBEADM_JOIN + "---\n" + example.KUBELET, "Ignored configuration document"),
            (example.KUBEADM_INIT + "---\n" + example.KUBEADM_JOIN_WITHOUT_DISCOVERY, "discovery"),
            ("# nothing\n", "no document"),
        ],
    )
    def test_refuses(self, node: Node, minor: str, text: str, because: str) -> None:
        assert_refused(self.check(node, minor, text), because)

    def test_lists_the_images_of_its_own_version(self, minor: str) -> None:
        assert f"registry.k8s.io/kube-apiserver:{kubeadm.version(minor)}" in kubeadm.images(minor)


class TestKubelet:
    def check(self, node: Node, text: str) -> Verdict:
        return kubelet.check(node({"/config.yaml": text}) / "config.yaml", "1.36")

    def test_accepts(self, node: Node) -> None:
        assert_accepted(self.check(node, example.KUBEADM_JOIN + "---\n" + example.KUBELET))

    @pytest.mark.parametrize(
        ("text", "because"),
        [
            (example.KUBELET + "bogusKubelet: 1\n", 'unknown field \\"bogusKubelet\\"'),
            (example.KUBELET + "maxPods: 110\n", 'key "maxPods" already set'),
            (example.KUBELET + "imageGCHighThresholdPercent: 10\n", "imageGCLowThresholdPercent"),
            (example.KUBELET + "featureGates: {Bogus: true}\n", "unrecognized feature gate: Bogus"),
            (example.KUBE_PROXY, "no KubeletConfiguration"),
        ],
    )
    def test_refuses(self, node: Node, text: str, because: str) -> None:
        assert_refused(self.check(node, text), because)


class TestKubeProxy:
    def check(self, node: Node, text: str) -> Verdict:
        return kube_proxy.check(node({"/config.yaml": text}) / "config.yaml", "1.36")

    def test_accepts(self, node: Node) -> None:
        assert_accepted(self.check(node, example.KUBE_PROXY))

    @pytest.mark.parametrize(
        ("text", "because"),
        [
            (example.KUBE_PROXY + "bogusProxy: 1\n", 'unknown field \\"bogusProxy\\"'),
            (replaced(example.KUBE_PROXY, "nftables", "userspace"), "KubeProxyConfiguration.Mode"),
        ],
    )
    def test_refuses(self, node: Node, text: str, because: str) -> None:
        assert_refused(self.check(node, text), because)
