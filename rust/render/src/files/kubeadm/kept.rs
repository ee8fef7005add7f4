//! Files that kubeadm keeps on a node.

use super::super::Context;

type Kept = (&'static str, &'static str);

/// Path and purpose. The CAs and the key of service accounts are not among them: they are made once for the cluster and
/// delivered to the control plane.
pub(in crate::files) fn kept(context: Context<'_>) -> Vec<(String, &'static str)> {
    let mut groups: Vec<&[Kept]> = Vec::new();
    if context.is_control_plane() {
        groups.push(&CONTROL_PLANE);
        if !context.topology.etcd.is_external() {
            groups.push(&STACKED_ETCD);
        }
    } else if context.runs_kubelet() {
        groups.push(&WORKER);
    }
    if context.runs_kubelet() {
        groups.push(&KUBELET);
    }
    groups.into_iter().flatten().map(|(path, purpose)| ((*path).to_owned(), *purpose)).collect()
}

const CONTROL_PLANE: [Kept; 13] = [
    ("/etc/kubernetes/manifests/kube-apiserver.yaml", "static pod of kube-apiserver"),
    ("/etc/kubernetes/manifests/kube-controller-manager.yaml", "static pod of kube-controller-manager"),
    ("/etc/kubernetes/manifests/kube-scheduler.yaml", "static pod of kube-scheduler"),
    ("/etc/kubernetes/admin.conf", "kubeconfig of the cluster's administrators"),
    ("/etc/kubernetes/super-admin.conf", "kubeconfig that no role limits; on the node that initialised the cluster"),
    ("/etc/kubernetes/controller-manager.conf", "kubeconfig of kube-controller-manager"),
    ("/etc/kubernetes/scheduler.conf", "kubeconfig of kube-scheduler"),
    ("/etc/kubernetes/pki/apiserver.crt", "serving certificate of kube-apiserver"),
    ("/etc/kubernetes/pki/apiserver.key", "key of kube-apiserver's serving certificate"),
    ("/etc/kubernetes/pki/apiserver-kubelet-client.crt", "certificate by which kube-apiserver asks kubelets"),
    ("/etc/kubernetes/pki/apiserver-kubelet-client.key", "key by which kube-apiserver asks kubelets"),
    ("/etc/kubernetes/pki/front-proxy-client.crt", "certificate by which kube-apiserver asks extension API servers"),
    ("/etc/kubernetes/pki/front-proxy-client.key", "key by which kube-apiserver asks extension API servers"),
];

const STACKED_ETCD: [Kept; 9] = [
    ("/etc/kubernetes/manifests/etcd.yaml", "static pod of etcd"),
    ("/etc/kubernetes/pki/apiserver-etcd-client.crt", "certificate by which kube-apiserver asks etcd"),
    ("/etc/kubernetes/pki/apiserver-etcd-client.key", "key by which kube-apiserver asks etcd"),
    ("/etc/kubernetes/pki/etcd/server.crt", "certificate of etcd for its clients"),
    ("/etc/kubernetes/pki/etcd/server.key", "key of etcd for its clients"),
    ("/etc/kubernetes/pki/etcd/peer.crt", "certificate of etcd for its peers"),
    ("/etc/kubernetes/pki/etcd/peer.key", "key of etcd for its peers"),
    ("/etc/kubernetes/pki/etcd/healthcheck-client.crt", "certificate of etcd's health checks"),
    ("/etc/kubernetes/pki/etcd/healthcheck-client.key", "key of etcd's health checks"),
];

const WORKER: [Kept; 1] = [("/etc/kubernetes/pki/ca.crt", "the cluster's CA, taken from the discovery file")];

const KUBELET: [Kept; 4] = [
    ("/etc/kubernetes/kubelet.conf", "kubeconfig of the kubelet"),
    ("/var/lib/kubelet/config.yaml", "KubeletConfiguration: the cluster's, with this node's patches"),
    ("/var/lib/kubelet/instance-config.yaml", "KubeletConfiguration: the container runtime of this node"),
    ("/var/lib/kubelet/kubeadm-flags.env", "arguments of the kubelet"),
];
