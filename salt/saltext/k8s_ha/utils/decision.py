"""What to do with one file: decided from values alone, so that a test run and the real one decide alike."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from saltext.k8s_ha.utils.record import sha256

if TYPE_CHECKING:
    from saltext.k8s_ha._core import File


class Decision(Enum):
    """What is done with a file."""

    KEEP = "as wanted"
    CREATE = "it is not there"
    UPDATE = "it is as it was last written here, and the pillar wants something else"
    ADOPT = "it was never written here: its contents are kept as a backup, and it is taken over"
    REVERT = "it was changed by hand, and `drift: enforce` reverts that"
    REPORT_DRIFT = "it was changed by hand, and `drift: report` leaves it so"
    CONFLICT = "it was changed by hand, and the pillar wants something else now"
    REPORT_CHECK = "it differs, and `manage` only checks it"

    @property
    def writes(self) -> bool:
        """Whether the file is written."""
        return self in (Decision.CREATE, Decision.UPDATE, Decision.ADOPT, Decision.REVERT)

    @property
    def backs_up(self) -> bool:
        """Whether somebody else's contents are lost without a backup."""
        return self in (Decision.ADOPT, Decision.REVERT)


def decide(file: File, present: str | None, known: frozenset[str], drift: str) -> Decision:
    """Decide on one file.

    :param file: what the pillar wants.
    :param present: the text that is there, of the file or of our block in it; None where there is none.
    :param known: digests of what was written here before; empty where we never wrote.
    :param drift: ``report`` or ``enforce``, from the pillar.
    """
    wanted = file["contents"]
    if present == wanted:
        return Decision.KEEP
    if file["managed"] == "check":
        return Decision.REPORT_CHECK
    if present is None:
        return Decision.CREATE
    if not known:
        return Decision.ADOPT
    if sha256(present) in known:
        return Decision.UPDATE
    if drift == "enforce":
        return Decision.REVERT
    return Decision.REPORT_DRIFT if sha256(wanted) in known else Decision.CONFLICT
