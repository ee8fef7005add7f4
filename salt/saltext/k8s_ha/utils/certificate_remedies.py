"""What is to be done about a certificate that ends, by the path at which it lies."""

from __future__ import annotations

KUBERNETES = "/etc/kubernetes"
KUBELET_PKI = "/var/lib/kubelet/pki"

# What `kubeadm certs renew` calls it, and the static pod that reads it only at its start: kube-apiserver and etcd read
# theirs anew.
_KUBEADM = {
    "pki/apiserver.crt": ("apiserver", None),
    "pki/apiserver-kubelet-client.crt": ("apiserver-kubelet-client", None),
    "pki/front-proxy-client.crt": ("front-proxy-client", None),
    "pki/etcd/server.crt": ("etcd-server", None),
    "pki/etcd/peer.crt": ("etcd-peer", None),
    "pki/etcd/healthcheck-client.crt": ("etcd-healthcheck-client", None),
    "admin.conf": ("admin.conf", None),
    "super-admin.conf": ("super-admin.conf", None),
    "controller-manager.conf": ("controller-manager.conf", "kube-controller-manager"),
    "scheduler.conf": ("scheduler.conf", "kube-scheduler"),
}
RENEWED_BY_KUBEADM = {path: name for path, (name, _) in _KUBEADM.items()}
"""What `kubeadm certs renew` calls a certificate, by its path below ``/etc/kubernetes``."""

_AUTHORITIES = frozenset({"pki/ca.crt", "pki/etcd/ca.crt", "pki/front-proxy-ca.crt"})

_NEW_AUTHORITY = (
    "it is an authority, and all that it signed ends with it; kubeadm does not renew it. Bring a new one to all nodes "
    'beside it, as "Manual Rotation of CA Certificates" in the documentation of Kubernetes says'
)
_OTHERS = {
    f"{KUBERNETES}/pki/apiserver-etcd-client.crt": (
        "`salt <minion> state.apply k8s.ha` renews it when less than a third of its life is left, and says why it "
        "cannot. By hand, where etcd has no hosts of its own: run `kubeadm certs renew apiserver-etcd-client` on this "
        "node. The API server reads it anew at the next connection"
    ),
    f"{KUBERNETES}/k8s-ha.kubeconfig": (
        "`salt <minion> state.apply k8s.ha` renews it when less than a third of its life is left, and says why it "
        "cannot"
    ),
    "/etc/haproxy/kubernetes-ca.crt": (
        "it is HAProxy's copy of the cluster's CA: put the new CA there when that one is replaced, and run "
        "`systemctl reload haproxy`"
    ),
    "/etc/etcd/pki/ca.crt": "it is the authority of etcd, and yours: bring a new one to all members beside it",
    f"{KUBERNETES}/kubelet.conf": (
        f"let client-certificate and client-key in it name {KUBELET_PKI}/kubelet-client-current.pem, which the kubelet "
        "renews, and run `systemctl restart kubelet`"
    ),
    f"{KUBELET_PKI}/kubelet-client-current.pem": (
        "the kubelet renews it by itself and has not; `journalctl -u kubelet` and `kubectl get csr` say why. Once it "
        "has ended, `kubeadm kubeconfig user --org system:nodes --client-name system:node:<node>` on a control-plane "
        f"node makes a new {KUBERNETES}/kubelet.conf"
    ),
    f"{KUBELET_PKI}/kubelet-server-current.pem": (
        "the kubelet asks for a new one by itself and has got none; `kubectl get csr` shows its request, which "
        "somebody has to approve (`kubectl certificate approve`)"
    ),
}
_BY_DIRECTORY = {
    "/etc/etcd/pki/": (
        "`salt <minion> state.apply k8s.ha` renews it when less than a third of its life is left, and says why it "
        "cannot. Where its authority is not on the master, have that sign a new one, and put it there with its key; "
        "etcd reads both anew at the next connection"
    ),
    "/etc/haproxy/": "it is yours: put a new one there, and run `systemctl reload haproxy`",
}


def remedy(path: str) -> str:
    """What is to be done, in words that follow a colon."""
    name = path.removeprefix(f"{KUBERNETES}/")
    if name in _KUBEADM:
        return _renewed_by_kubeadm(*_KUBEADM[name])
    if name in _AUTHORITIES:
        return _NEW_AUTHORITY
    if path in _OTHERS:
        return _OTHERS[path]
    others = (told for directory, told in _BY_DIRECTORY.items() if path.startswith(directory))
    return next(others, "whoever put it there has to renew it: kubeadm does not know it")


def renews_itself(path: str) -> bool:
    """Whether the kubelet renews it, so that its end comes near again and again."""
    return path.startswith(f"{KUBELET_PKI}/")


def _renewed_by_kubeadm(name: str, pod: str | None) -> str:
    told = (
        "`salt <minion> state.apply k8s.ha` renews it when less than a third of its life is left, and says why it "
        f"cannot. By hand: run `kubeadm certs renew {name}` on this node"
    )
    if pod is None:
        return f"{told}; nothing has to be restarted"
    return (
        f"{told}, and restart the static pod {pod}: move {KUBERNETES}/manifests/{pod}.yaml to another directory until "
        "its container has ended, and back; one node at a time"
    )
