"""What is done with one file, for every case, from values alone."""

import pytest

from functional.needs import installed

decision = installed("saltext.k8s_ha.utils.decision")
record = installed("saltext.k8s_ha.utils.record")
Decision = decision.Decision

OURS = frozenset({record.sha256("earlier\n")})


@pytest.mark.parametrize(
    ("present", "known", "drift", "managed", "expected"),
    [
        (None, frozenset(), "report", "yes", Decision.CREATE),
        (None, OURS, "report", "yes", Decision.CREATE),
        ("wanted\n", frozenset(), "report", "yes", Decision.KEEP),
        ("wanted\n", OURS, "report", "check", Decision.KEEP),
        ("foreign\n", frozenset(), "report", "yes", Decision.ADOPT),
        ("foreign\n", frozenset(), "report", "check", Decision.REPORT_CHECK),
        (None, frozenset(), "report", "check", Decision.REPORT_CHECK),
        ("earlier\n", OURS, "report", "yes", Decision.UPDATE),
        ("by hand\n", OURS, "report", "yes", Decision.CONFLICT),
        ("by hand\n", frozenset({record.sha256("wanted\n")}), "report", "yes", Decision.REPORT_DRIFT),
        ("by hand\n", OURS, "enforce", "yes", Decision.REVERT),
        # A run that ended between the record and the file: both digests are known.
        ("earlier\n", OURS | {record.sha256("wanted\n")}, "report", "yes", Decision.UPDATE),
    ],
)
def test_each_case(
    present: str | None, known: frozenset[str], drift: str, managed: str, expected: object
) -> None:
    file = {"contents": "wanted\n", "managed": managed}
    assert decision.decide(file, present, known, drift) is expected


def test_nothing_of_somebody_else_is_lost() -> None:
    losing = {case for case in Decision if case.writes} - {Decision.CREATE, Decision.UPDATE}
    assert losing == {case for case in Decision if case.backs_up}
