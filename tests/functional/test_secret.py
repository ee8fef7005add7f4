"""Where secrets are kept, resolved as on the master: by files, Salt's own sdb, Vault's module, and a real GPG."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from functional.needs import installed

installed("saltext.k8s_ha")

from saltext.k8s_ha.utils.secret import SecretError, secret  # noqa: E402 (after the check that it is there)

SECRET = "a secret of the test"


def no_module(name: str, *_: str) -> Any:
    raise KeyError(f"{name} {SECRET}")


def resolve(reference: str, opts: dict[str, Any] | None = None, execute: Any = no_module) -> str:
    return secret(reference, opts or {}, execute)


def test_a_file_on_the_master(tmp_path: Path) -> None:
    place = tmp_path / "key"
    place.write_text(SECRET)
    assert resolve(f"file://{place}") == SECRET
    with pytest.raises(SecretError, match=f"file://{place}2 cannot be read on the master: No such file"):
        resolve(f"file://{place}2")


def test_a_key_of_vault() -> None:
    def execute(name: str, *arguments: str) -> str:
        assert (name, arguments) == ("vault.read_secret", ("secret/prod1", "ca"))
        return SECRET

    assert resolve("vault://secret/prod1/ca", execute=execute) == SECRET


def test_what_a_driver_says_is_not_shown() -> None:
    with pytest.raises(
        SecretError, match="vault://secret/prod1/ca cannot be resolved on the master"
    ) as caught:
        resolve("vault://secret/prod1/ca")
    assert SECRET not in str(caught.value)


def test_a_simple_database(tmp_path: Path) -> None:
    opts = {"prod1": {"driver": "yaml", "files": [str(tmp_path / "keys")]}, "extension_modules": ""}
    (tmp_path / "keys").write_text(f"ca: {SECRET}\n")
    from salt.config import master_config

    everything = {**master_config(None), **opts}
    assert resolve("sdb://prod1/ca", everything) == SECRET
    with pytest.raises(SecretError, match="sdb://prod1/absent"):
        resolve("sdb://prod1/absent", everything)


@pytest.mark.skipif(shutil.which("gpg") is None, reason="gpg is not installed; apt-get install gnupg")
def test_a_message_for_the_masters_key(tmp_path: Path) -> None:
    from salt.config import master_config

    home = tmp_path / "gpgkeys"
    home.mkdir(mode=0o700)
    gpg = [
        "gpg",
        "--homedir",
        str(home),
        "--batch",
        "--quiet",
        "--pinentry-mode",
        "loopback",
        "--passphrase",
        "",
    ]
    subprocess.run([*gpg, "--quick-generate-key", "master", "default", "default"], check=True, timeout=60)
    encrypt = [*gpg, "--armor", "--trust-model", "always", "--encrypt", "--recipient", "master"]
    message = subprocess.run(
        encrypt, input=SECRET, capture_output=True, text=True, check=True, timeout=60
    ).stdout
    opts = {**master_config(None), "gpg_keydir": str(home)}
    try:
        assert resolve(message, opts) == SECRET
        with pytest.raises(SecretError, match="a PGP message"):
            resolve(message, {**opts, "gpg_keydir": str(tmp_path)})
    finally:
        subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], check=False, timeout=30)
