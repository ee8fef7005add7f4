"""A node's turn with etcd: while it has one, no other node takes its member away or adds one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from saltext.k8s_ha.utils.ask_master import Master
from saltext.k8s_ha.utils.grant import until_granted
from saltext.k8s_ha.utils.host import HostError
from saltext.k8s_ha.utils.tell import Tell


@contextmanager
def turn(master: Master, tell: Tell, wait_seconds: float) -> Iterator[None]:
    """Wait for the turn, have it, and give it back; a host that dies meanwhile loses it after some minutes.

    :raises HostError: when the master refuses it, or others have it for ``wait_seconds``.
    """
    until_granted(lambda: master.request({"subject": "turn"}), wait_seconds, tell)
    try:
        yield
    finally:
        with suppress(HostError):
            master.request({"subject": "turn_ended"})
