"""Text that one receiver can read: sealed to a key that was made for one request.

What passes the master's and the minion's caches is ciphertext. X25519, HKDF-SHA256 and AES-256-GCM, with one
key for each message, as HPKE (RFC 9180) does; ``context`` is bound to it, so an answer fits no other request.
"""

from __future__ import annotations

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_KEY_BYTES = 32
_NONCE_BYTES = 12


class SealError(Exception):
    """A sealed text that cannot be opened, or a key that is none."""


class Receiver:
    """A key that was made for one request, and is forgotten with it."""

    def __init__(self) -> None:
        self._key = X25519PrivateKey.generate()

    @property
    def public(self) -> str:
        """What the sender needs."""
        return _text(self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    def open(self, sealed: str, context: str) -> str:
        """The text in what :func:`seal` made. Raises SealError when it is not for this key and context."""
        data = _bytes(sealed)
        sender, nonce, secret = (
            data[:_KEY_BYTES],
            data[_KEY_BYTES : _KEY_BYTES + _NONCE_BYTES],
            data[_KEY_BYTES + _NONCE_BYTES :],
        )
        try:
            shared = self._key.exchange(X25519PublicKey.from_public_bytes(sender))
            return AESGCM(_derive(shared, context)).decrypt(nonce, secret, context.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise SealError("the master's answer was sealed for another request") from error


def context(cluster: str, node: str, nonce: str) -> str:
    """What a master's answer is bound to: the cluster, the node, and the one request."""
    return f"k8s-ha {cluster} {node} {nonce}"


def seal(text: str, public: str, context: str) -> str:
    """Seal a text for the receiver with this public key. Raises SealError for a key that is none."""
    try:
        receiver = X25519PublicKey.from_public_bytes(_bytes(public))
    except ValueError as error:
        raise SealError("the request carries no X25519 public key") from error
    sender = X25519PrivateKey.generate()
    nonce = os.urandom(_NONCE_BYTES)
    key = _derive(sender.exchange(receiver), context)
    secret = AESGCM(key).encrypt(nonce, text.encode(), context.encode())
    return _text(sender.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw) + nonce + secret)


def _derive(shared: bytes, context: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=context.encode()).derive(shared)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SealError("a sealed text is no base64") from error
