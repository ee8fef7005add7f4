"""Whether a static pod of this host serves, asked where its kubelet asks."""

from __future__ import annotations

import ssl
import urllib.request

from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.own_api import serves
from saltext.k8s_ha.utils.own_etcd import OwnEtcd, follows
from saltext.k8s_ha.utils.static_pod import API_SERVER, ETCD, StaticPod

_SECONDS = 3.0


def is_healthy(member: Member, host: Host, component: str, pod: StaticPod) -> bool:
    """Whether a component of this host serves: the API server and etcd are asked for what they are for."""
    if component == ETCD:
        return _follows(host) and serves(member, host)
    if component == API_SERVER:
        return serves(member, host)
    url = pod.health_url()
    return url is None or answers(url)


def answers(url: str) -> bool:
    """Whether a health endpoint of this host says that all is well.

    Its certificate is one that the program made for itself in memory: there is nothing to verify it by. No secret is
    sent, and the answer is yes or no.
    """
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
    )
    try:
        with opener.open(url, timeout=_SECONDS) as answer:
            return bool(answer.status == _OK)
    except (OSError, ValueError):
        return False


_OK = 200


def _follows(host: Host) -> bool:
    try:
        return follows(OwnEtcd(host, {}).own())
    except HostError:
        return False
