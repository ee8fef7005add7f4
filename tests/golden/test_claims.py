"""What a document claims is judged as `claims.yaml` says, by what the engine answers."""

from __future__ import annotations

from pathlib import Path

import pytest

import examples
from golden import asking, readme
from golden.asking import Claim
from golden.committed import compare

KINDS = ("finds", "accepts", "tolerance", "loss", "partition", "open")


def claims(kind: str) -> pytest.MarkDecorator:
    """All claims of a kind, each as a test."""
    of_kind = [
        pytest.param(name, claim, id=f"{name}: {claim['claim']}")
        for name in examples.NAMES
        for claim in examples.claims(name)
        if kind in claim
    ]
    return pytest.mark.parametrize(("name", "claim"), of_kind)


@claims("finds")
def test_findings_refute_it(name: str, claim: Claim, tmp_path: Path) -> None:
    written = asking.findings(examples.FOLDER / name)
    found = asking.findings(asking.pillar_of(name, claim, tmp_path))
    assert claim["finds"] and set(claim["finds"]) <= found.keys() - written.keys()
    assert claim.get("says", "") in found[claim["finds"][0]]


@claims("accepts")
def test_no_finding_refutes_it(name: str, claim: Claim, tmp_path: Path) -> None:
    assert claim["accepts"]
    assert not set(claim["accepts"]) & asking.findings(asking.pillar_of(name, claim, tmp_path)).keys()


@claims("tolerance")
def test_so_many_losses_are_survived(name: str, claim: Claim, tmp_path: Path) -> None:
    asked = claim["tolerance"]
    answer = asking.tolerance(asking.pillar_of(name, claim, tmp_path), asked)
    assert asked["computed"] == answer["computed"]
    # Of several smallest sets each is a witness: that this one is, is asked below.
    assert len(asked["witness"]) == len(answer["witness"])
    assert claim["holds"] is asking.holds_of_tolerance(asked)


@claims("tolerance")
def test_its_witness_breaks_it(name: str, claim: Claim, tmp_path: Path) -> None:
    asked = claim["tolerance"]
    pillar = asking.pillar_of(name, claim, tmp_path)
    witness = [f"{asked['kind']}:{element}" for element in asked["witness"]]
    if not witness:
        return
    level = asked.get("level", "serve")
    together = asking.loss(pillar, [*asked.get("down", []), *witness])["lost"]
    assert level in together.get(asked["service"], [])
    assert len(witness) == asked["computed"] + 1
    all_but_one = asking.loss(pillar, [*asked.get("down", []), *witness[1:]])["lost"] if witness[1:] else {}
    assert level not in all_but_one.get(asked["service"], []), "a smaller set would be the witness"


@claims("loss")
def test_so_much_is_lost(name: str, claim: Claim, tmp_path: Path) -> None:
    asked = claim["loss"]
    answer = asking.loss(asking.pillar_of(name, claim, tmp_path), asked["down"])
    known = {*answer["left"], *answer["lost"]}
    assert {*asked.get("keeps", []), *asked.get("stops", [])} <= known
    assert (claim["lost"], claim["degraded"]) == (answer["lost"], answer["degraded"])
    assert claim["holds"] is asking.holds_of_loss(asked, answer["lost"])


@pytest.mark.parametrize("name", examples.NAMES)
def test_each_claim_asks_one_thing(name: str) -> None:
    for claim in examples.claims(name):
        assert len([kind for kind in KINDS if kind in claim]) == 1, claim["claim"]
        has_verdict = any(kind in claim for kind in ("tolerance", "loss", "partition"))
        assert ("holds" in claim) is has_verdict, claim["claim"]
    sentences = [claim["claim"] for claim in examples.claims(name)]
    assert len(set(sentences)) == len(sentences)


@pytest.mark.parametrize("name", examples.NAMES)
def test_each_scenario_of_the_pillar_is_asked(name: str) -> None:
    asked = [set(claim["loss"]["down"]) for claim in examples.claims(name) if "loss" in claim]
    scenarios = examples.pillar(name)["k8s_ha"].get("dr", {}).get("scenarios", {})
    assert not [scenario for scenario, what in scenarios.items() if set(what["lose"]) not in asked]


@pytest.mark.parametrize("name", examples.NAMES)
def test_its_readme_has_each_claim_with_its_verdict(name: str) -> None:
    file = examples.FOLDER / name / "README.md"
    text = file.read_text(encoding="utf-8")
    written = examples.claims(name)
    assert (readme.BEGIN in text) is bool(written)
    compare(file, readme.with_table(text, written) if written else text)
