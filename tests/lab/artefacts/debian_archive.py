"""Where this machine gets Debian from: the archive that its own apt is configured to use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from programs import NotRun

_SETTING = "K8S_HA_DEBIAN_ARCHIVE"


def address(suite: str) -> str:
    """URI of the archive that has this suite, such as `bookworm`.

    It is the environment variable K8S_HA_DEBIAN_ARCHIVE, else the first one below /etc/apt that names the
    suite. Raises NotRun when there is none.
    """
    if named := os.environ.get(_SETTING):
        return named
    for uris, suites, components in _sources(Path("/etc/apt")):
        if suite in suites and "main" in components:
            return uris[0]
    raise NotRun(
        f"no source of apt on this machine has Debian's {suite}; "
        f"to make it run: set {_SETTING} to the address of an archive that has it"
    )


def _sources(folder: Path) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """URIs, suites and components of each source, of both of apt's formats."""
    for path in sorted((folder / "sources.list.d").glob("*.sources")):
        yield from _stanzas(path.read_text(encoding="utf-8"))
    for path in (folder / "sources.list", *sorted((folder / "sources.list.d").glob("*.list"))):
        if path.is_file():
            yield from _lines(path.read_text(encoding="utf-8"))


def _stanzas(text: str) -> Iterator[tuple[list[str], list[str], list[str]]]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    for stanza in "\n".join(lines).split("\n\n"):
        fields = {
            name.strip(): value.split() for name, _, value in (_field(line) for line in stanza.splitlines())
        }
        if (
            "deb" in fields.get("Types", [])
            and fields.get("Enabled", ["yes"]) == ["yes"]
            and fields.get("URIs")
        ):
            yield fields["URIs"], fields.get("Suites", []), fields.get("Components", [])


def _field(line: str) -> tuple[str, str, str]:
    return line.partition(":")


def _lines(text: str) -> Iterator[tuple[list[str], list[str], list[str]]]:
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if words[:1] != ["deb"]:
            continue
        words = words[1:]
        if words and words[0].startswith("["):
            while words and not words.pop(0).endswith("]"):
                pass
        if len(words) > 2:
            yield [words[0]], [words[1]], words[2:]
