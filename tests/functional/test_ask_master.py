"""The way to the master: an old answer and a missing master are no answer."""

from typing import Any

import pytest

from functional.needs import installed

installed("saltext.k8s_ha")

from saltext.k8s_ha.utils.ask_master import Master, through_pillar  # noqa: E402 (after the check)
from saltext.k8s_ha.utils.host import HostError  # noqa: E402


def test_an_answer_to_an_earlier_request_is_none() -> None:
    """As a master gives it that keeps compiled pillars: a grant of yesterday."""
    kept: list[Any] = []

    def cached(request: Any) -> Any:
        kept.append({"nonce": request["nonce"], "outcome": "initialise", "attempt": "first"})
        return kept[0]

    master = Master("prod1", "cp1", cached)
    assert master.request({"subject": "membership"}).outcome == "initialise"
    with pytest.raises(HostError, match="pillar_cache: False"):
        master.request({"subject": "membership"})


def test_a_master_without_the_external_pillar_is_no_answer() -> None:
    with pytest.raises(HostError, match="no external pillar k8s_ha: add"):
        Master("prod1", "cp1", lambda _: {}).request({"subject": "membership"})


def test_without_a_master_nothing_is_granted() -> None:
    with pytest.raises(HostError, match=r"no master \(masterless, or salt-ssh\)"):
        through_pillar({"file_client": "local", "id": "cp1"}, {})
