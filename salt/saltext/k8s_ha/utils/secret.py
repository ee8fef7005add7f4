"""Secrets by reference, resolved on the master alone: a file, ``sdb://``, ``vault://``, or a PGP message."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any


class SecretError(Exception):
    """A reference that leads to nothing; the sentence names the reference and never a secret."""


def secret(reference: str, opts: Mapping[str, Any], execute: Callable[..., Any]) -> str:
    """The text that a reference leads to.

    :param reference: as in the pillar; a PGP message counts as one.
    :param execute: runs an execution module of Salt on the master: its name, then its arguments.
    :raises SecretError: when it leads to nothing.
    """
    if reference.startswith("file://"):
        return _file(reference)
    if reference.startswith("sdb://"):
        return _text(reference, lambda: _sdb(reference, opts))
    if reference.startswith("vault://"):
        path, _, key = reference.removeprefix("vault://").rpartition("/")
        return _text(reference, lambda: execute("vault.read_secret", path, key))
    return _text("a PGP message", lambda: _decrypted(reference, opts))


def _file(reference: str) -> str:
    place = Path(reference.removeprefix("file://"))
    try:
        return place.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise SecretError(f"{reference} cannot be read on the master: {reason}") from error


def _sdb(reference: str, opts: Mapping[str, Any]) -> object:
    import salt.utils.sdb

    found: object = salt.utils.sdb.sdb_get(reference, dict(opts))
    # Salt hands back the reference itself where no driver takes it.
    return None if found == reference else found


def _decrypted(message: str, opts: Mapping[str, Any]) -> object:
    import salt.loader

    decrypted: object = salt.loader.render(dict(opts), {})["gpg"](message)
    return None if decrypted == message else decrypted


def _text(reference: str, resolve: Callable[[], object]) -> str:
    try:
        found = resolve()
    except Exception as error:  # whatever a driver raises; its message may hold what it read
        raise SecretError(f"{reference} cannot be resolved on the master ({type(error).__name__})") from error
    if isinstance(found, str) and found:
        return found
    raise SecretError(f"{reference} leads to no text on the master")
