"""The table of claims in the README of an example."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from golden.asking import Claim

BEGIN = "<!-- made of claims.yaml by tests/golden -->\n"
END = "<!-- end -->\n"
HEAD = "| claim | computed | true? | witness |\n|---|---|---|---|\n"

FATES = {
    "serve": {"serve": "stops until started elsewhere", "recover": "stops", "data": "loses data"},
    "recover": {"serve": "starts elsewhere", "recover": "stays away", "data": "loses data"},
    "data": {"serve": "keeps its data", "recover": "keeps its data", "data": "loses data"},
}
"""What becomes of a service, by the level that is asked for and the last one that is lost."""


def verdict(claim: Claim) -> str:
    """How the claim is judged, in a word."""
    if "open" in claim:
        return "open"
    return "true" if claim.get("holds", "accepts" in claim) else "false"


def table(claims: list[Claim]) -> str:
    """All claims of an example with what was computed."""
    return HEAD + "".join(row(claim) for claim in claims)


def row(claim: Claim) -> str:
    """One claim as a line of the table."""
    cells = (claim["claim"], computed(claim), verdict(claim), witness(claim))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def computed(claim: Claim) -> str:
    """What the engine answers, in short; all of it stands in `claims.yaml`."""
    if "open" in claim:
        return str(claim["open"])
    if "finds" in claim:
        says = f" ({claim['says']})" if "says" in claim else ""
        return f"finds {', '.join(claim['finds'])}{says}"
    if "accepts" in claim:
        return f"does not find {', '.join(claim['accepts'])}"
    if asked := claim.get("tolerance"):
        after = [f"{', '.join(asked['down'])} down"] if "down" in asked else []
        how = ", ".join([asked.get("level", "serve"), asked["kind"].replace("_", " "), *after])
        return f"{asked['service']}: {asked['computed']} ({how})"
    if "partition" in claim:
        return parted(claim)
    asked, lost = claim["loss"], claim["lost"]
    level = asked.get("level", "serve")
    fates: dict[str, list[str]] = {}
    for service in [*asked.get("keeps", []), *asked.get("stops", [])]:
        untouched = "keeps its data" if level == "data" else "goes on"
        fate = FATES[level][lost[service][-1]] if service in lost else untouched
        fates.setdefault(fate, []).append(service)
    return "; ".join(f"{fate}: {', '.join(services)}" for fate, services in fates.items())


def parted(claim: Claim) -> str:
    """What becomes of services in a network that is cut, and of writes once it is whole again."""
    asked = claim["partition"]
    smaller, larger = claim["lost"]
    fates: dict[str, list[str]] = {}
    for service in asked.get("keeps", []):
        sides = [side for side, lost in (("smaller", smaller), ("larger", larger)) if service not in lost]
        fates.setdefault(f"serves on the {' and the '.join(sides)} side" if sides else "stops", []).append(
            service
        )
    if asked.get("one_address", False):
        fates["held by one side" if claim["holds"] else "held by both sides"] = ["address of the API"]
    if asked.get("reconciles", False):
        for service, how in claim["returns"].items():
            fates.setdefault(how.replace("_", " "), []).append(service)
    return "; ".join(f"{fate}: {', '.join(services)}" for fate, services in fates.items())


def witness(claim: Claim) -> str:
    """The losses, or the change of the pillar, with which it can be seen."""
    if "finds" in claim or "accepts" in claim:
        return ", ".join(f"`{path}: {value}`" for path, value in leaves(claim["laid_over"]))
    if asked := claim.get("tolerance"):
        return ", ".join(asked["witness"]) or "none"
    if "partition" in claim:
        return f"{', '.join(claim['partition']['apart'])} cut off"
    return ", ".join(claim["loss"]["down"]) if "loss" in claim else "none"


def leaves(mapping: dict[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """The values of nested mappings, each with its path."""
    for key, value in mapping.items():
        path = f"{above}{key}"
        if isinstance(value, dict):
            yield from leaves(value, f"{path}.")
        else:
            yield path, json.dumps(value).replace('"', "")


def with_table(readme: str, claims: list[Claim]) -> str:
    """The README with the table between its marks written anew."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + table(claims) + END + after
