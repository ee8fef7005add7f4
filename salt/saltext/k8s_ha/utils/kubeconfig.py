"""The text of a kubeconfig with credentials in it."""

from __future__ import annotations

import base64
import json


def text(server: str, ca: str, user: str, certificate: str, key: str) -> str:
    """A kubeconfig of one user of one cluster.

    :param server: the URL of the API.
    :param ca: the certificate of the cluster's CA, PEM.
    :param certificate: the user's certificate, PEM, and ``key`` its key.
    """
    configuration = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {
                "name": "k8s-ha",
                "cluster": {"server": server, "certificate-authority-data": _encoded(ca)},
            }
        ],
        "users": [
            {
                "name": user,
                "user": {
                    "client-certificate-data": _encoded(certificate),
                    "client-key-data": _encoded(key),
                },
            }
        ],
        "contexts": [{"name": "k8s-ha", "context": {"cluster": "k8s-ha", "user": user}}],
        "current-context": "k8s-ha",
    }
    # JSON is YAML.
    return json.dumps(configuration, indent=1) + "\n"


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
