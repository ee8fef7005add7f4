"""What observes and acts over the network, against a real etcd and a real kube-apiserver on loopback."""
