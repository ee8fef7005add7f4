"""The configuration by which kube-apiserver encrypts Secrets in etcd: made on the master, where its key is resolved."""

from __future__ import annotations

import base64
import binascii
import json

from saltext.k8s_ha.utils.secret import SecretError

KEY_BYTES = 32


def configuration(provider: str, reference: str, key: str) -> str:
    """The text of an EncryptionConfiguration: new Secrets are encrypted, those of before can still be read.

    :param provider: ``secretbox``, ``aescbc`` or ``aesgcm``.
    :param reference: where the key came from, for the sentence of an error.
    :param key: 32 bytes in base64.
    :raises SecretError: for a key that is none.
    """
    text = key.strip()
    try:
        length = len(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        length = -1
    if length != KEY_BYTES:
        raise SecretError(
            f"security.encryption_at_rest.encryption_key ({reference}) does not lead to {KEY_BYTES} bytes in base64; "
            "make one with: head -c 32 /dev/urandom | base64"
        )
    document = {
        "apiVersion": "apiserver.config.k8s.io/v1",
        "kind": "EncryptionConfiguration",
        "resources": [
            {
                "resources": ["secrets"],
                "providers": [{provider: {"keys": [{"name": "k8s-ha-1", "secret": text}]}}, {"identity": {}}],
            }
        ],
    }
    # JSON is YAML.
    return json.dumps(document, indent=1) + "\n"
