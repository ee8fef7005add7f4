"""The OpenPGP key that signs the lab's repositories: made once and kept in the user's cache."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lab.artefacts import store
from lab.artefacts.command import located, run

_OWNER = "saltext-k8s-ha lab"
_PURPOSE = "the repository is not signed"


def directory() -> Path:
    """A folder with `Release.key`, the armoured public key, and `secret.asc`. Raises NotRun."""

    def make(result: Path) -> None:
        result.mkdir(mode=0o700)
        with _home() as gpg:
            run(
                [*gpg, "--passphrase", "", "--quick-gen-key", _OWNER, "ed25519", "sign", "never"],
                purpose=_PURPOSE,
            )
            public = run([*gpg, "--armor", "--export", _OWNER], purpose=_PURPOSE)
            secret = run([*gpg, "--armor", "--export-secret-keys", _OWNER], purpose=_PURPOSE)
        (result / "Release.key").write_text(public, encoding="ascii")
        path = result / "secret.asc"
        path.touch(mode=0o600)
        path.write_text(secret, encoding="ascii")

    return store.kept("signing-key", "key", [_OWNER], make)


def sign(release: Path) -> None:
    """Write `InRelease` and `Release.gpg` beside the file `Release`. Raises NotRun."""
    key = directory() / "secret.asc"
    with _home() as gpg:
        run([*gpg, "--import", key], purpose=_PURPOSE)
        inline = release.with_name("InRelease")
        run([*gpg, "--output", inline, "--clear-sign", release], purpose=_PURPOSE)
        detached = release.with_name("Release.gpg")
        run([*gpg, "--armor", "--output", detached, "--detach-sign", release], purpose=_PURPOSE)


@contextmanager
def _home() -> Iterator[list[str | Path]]:
    """A gpg with an empty key ring of its own, whose agent ends with the block."""
    gpg = located("gpg")["gpg"]
    # Not in the cache: the path of the agent's socket must be short.
    with tempfile.TemporaryDirectory(prefix="k8s-ha-gpg-") as home:
        try:
            yield [gpg, "--homedir", home, "--batch", "--quiet", "--pinentry-mode", "loopback"]
        finally:
            run(["gpgconf", "--homedir", home, "--kill", "gpg-agent"], purpose=_PURPOSE, limit_seconds=60)
