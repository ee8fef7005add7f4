"""The keys that sign packages: brought once to where the package manager reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils.host import Host, HostError

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Repository

Functions = Mapping[str, Callable[..., Any]]

_BEGIN = "-----BEGIN PGP PUBLIC KEY BLOCK-----"
_OK = 200
_LIMITS = {"http_connect_timeout": 20, "http_request_timeout": 20, "http_max_body": 1024 * 1024}


def missing(repositories: list[Repository], host: Host) -> list[Repository]:
    """Repositories whose key is to be fetched and is not on the host."""
    return [
        repository
        for repository in repositories
        if repository["key_url"] and not host.path(repository["key_path"] or "/").exists()
    ]


def bring(repository: Repository, states: Functions, modules: Functions, *, test: bool) -> str:
    """Bring the key of a repository to the host, or say in test mode that it would be.

    :returns: a sentence on where the key came from, and on what that proves.
    :raises HostError: when there is no usable key.
    """
    url, path = repository["key_url"] or "", repository["key_path"] or ""
    if not test:
        source = {"contents": _download(repository, modules)} if url.startswith("http") else _source(url)
        answer = states["file.managed"](
            path, mode="0644", user="root", group="root", makedirs=True, dir_mode="0755", **source
        )
        if answer["result"] is False:
            raise HostError(_sentence(repository, answer["comment"]))
    fetched = "would be fetched" if test else "was fetched"
    return (
        f"The key that signs the packages of {repository['name']} {fetched} from {url}; no fingerprint was "
        f"asked for: packages.{repository['name']}.key, the key itself, asks for that one alone."
    )


def _source(url: str) -> dict[str, Any]:
    return {"source": url.removeprefix("file://"), "skip_verify": True}


def _download(repository: Repository, modules: Functions) -> str:
    """Asked by Salt's client, which knows the proxy of the minion; its own limit is an hour."""
    url = repository["key_url"]
    answer = modules["http.query"](url, opts=_LIMITS, status=True, decode=False, raise_error=False)
    if answer.get("error"):
        raise HostError(_sentence(repository, str(answer["error"])))
    if answer.get("status", _OK) != _OK:
        raise HostError(_sentence(repository, f"the server answers with status {answer['status']}"))
    text = str(answer.get("body", ""))
    if not text.lstrip().startswith(_BEGIN):
        raise HostError(_sentence(repository, f"what is there does not begin with {_BEGIN}"))
    return text


def _sentence(repository: Repository, reason: str) -> str:
    name = repository["name"]
    return (
        f"the key that signs the packages of {name} is not to be had from {repository['key_url']} "
        f"({reason.strip().rstrip('.')}); mend packages.{name}.key_url, or write the key itself as "
        f"packages.{name}.key"
    )
