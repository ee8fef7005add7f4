"""Puts on this host what the master gave: authorities, and the credentials of one join; none is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from saltext.k8s_ha.utils import kubeconfig
from saltext.k8s_ha.utils.host import Host
from saltext.k8s_ha.utils.kubeadm import DISCOVERY
from saltext.k8s_ha.utils.record import write_durably

if TYPE_CHECKING:
    from saltext.k8s_ha.utils.ask_master import Answered

PKI = "/etc/kubernetes/pki"

ENCRYPTION = "/etc/kubernetes/kube-apiserver/encryption-config.yaml"

# HAProxy reads it before kubeadm has made anything, and as a user that may not enter /etc/kubernetes/pki.
BALANCER_CA = "/etc/haproxy/kubernetes-ca.crt"


def put_authorities(host: Host, files: Mapping[str, str]) -> None:
    """Write authorities where kubeadm expects them, keys for root alone."""
    for name, text in files.items():
        _put(host, f"{PKI}/{name}", text, 0o600 if name.endswith(".key") else 0o644)


def put_encryption(host: Host, configuration: str) -> None:
    """Write how Secrets are encrypted in etcd, with its key, for root alone."""
    _put(host, ENCRYPTION, configuration, 0o600)


def put_balancer_ca(host: Host, certificate: str) -> None:
    """Write the CA by which HAProxy and keepalived's check trust the API servers."""
    _put(host, BALANCER_CA, certificate, 0o644)


def put_discovery(host: Host, endpoint: str, answered: Answered) -> None:
    """Write the kubeconfig by which ``kubeadm join`` finds the cluster and proves itself, for one join."""
    text = kubeconfig.text(
        f"https://{endpoint}", answered.files["ca.crt"], "k8s-ha-join", answered.certificate, answered.key
    )
    _put(host, DISCOVERY, text, 0o600)


def remove_discovery(host: Host) -> None:
    """Forget the credentials of the join."""
    host.path(DISCOVERY).unlink(missing_ok=True)


def _put(host: Host, path: str, text: str, mode: int) -> None:
    place = host.path(path)
    place.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    write_durably(place, text)
    place.chmod(mode)
