"""Text for one receiver and one request."""

import pytest

from functional.needs import installed

installed("saltext.k8s_ha")

from saltext.k8s_ha.utils import sealed  # noqa: E402 (after the check that it is there)

TEXT = "-----BEGIN EC PRIVATE KEY-----"


def test_its_receiver_reads_it_and_nobody_sees_it_on_the_way() -> None:
    receiver = sealed.Receiver()
    once = sealed.seal(TEXT, receiver.public, "prod1 cp1 a")
    assert "PRIVATE" not in once and receiver.open(once, "prod1 cp1 a") == TEXT
    assert sealed.seal(TEXT, receiver.public, "prod1 cp1 a") != once


def test_another_receiver_or_another_request_does_not_open_it() -> None:
    receiver = sealed.Receiver()
    text = sealed.seal(TEXT, receiver.public, "prod1 cp1 a")
    for opener, context in ((sealed.Receiver(), "prod1 cp1 a"), (receiver, "prod1 cp1 b")):
        with pytest.raises(sealed.SealError, match="sealed for another request"):
            opener.open(text, context)


@pytest.mark.parametrize("damaged", ["", "AAAA", "no base64!"])
def test_damage_is_said(damaged: str) -> None:
    with pytest.raises(sealed.SealError):
        sealed.Receiver().open(damaged, "x")
    with pytest.raises(sealed.SealError):
        sealed.seal(TEXT, damaged, "x")
