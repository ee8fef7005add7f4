"""Each accepted difference is one: Salt reads the document, and we refuse it for the reason given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .accepted import DIFFERENCES, Difference

if TYPE_CHECKING:
    from .comparison import Comparison


@pytest.mark.parametrize("difference", [pytest.param(entry, id=entry.name) for entry in DIFFERENCES])
def test_salt_reads_it_and_we_refuse_it(comparison: Comparison, difference: Difference) -> None:
    salt_reads_it, our_refusal = comparison.refusals(difference.document.encode())
    assert salt_reads_it, "Salt refuses it too: this is no difference any more"
    assert our_refusal == difference.kind
