"""A secret's value is in no output at all."""

import pytest

from functional.minion import Minion
from functional.pillars import three_masters

PLANTED = "plant-4711"


def with_secrets(**more: object) -> dict:
    """A literal under every key that holds a secret: wrong, and not to be printed when that is said."""
    return three_masters(
        **more,
        load_balancer={"keepalived": {"auth_pass": PLANTED}},
        security={"encryption_at_rest": {"encryption_key": PLANTED}},
        proxmox={"connection": {"token": PLANTED}, "vm": {"cloud_init": {"password": PLANTED}}},
        images={"registry_password": PLANTED},
    )


@pytest.mark.parametrize("more", [{}, {"unknown": {"password": PLANTED, "token": [PLANTED]}}])
def test_no_function_and_no_state_prints_a_secret(minion: Minion, more: dict) -> None:
    """Once with a pillar that can be resolved, and once with one that cannot."""
    minion.set_pillar(with_secrets(**more))
    assert minion.call("k8s_ha.is_valid").value is False
    calls = [(f"k8s_ha.{name}",) for name in ("validate", "findings", "effective")]
    calls += [("state.apply",), ("state.apply", "test=True"), ("pillar.get", "_k8s_ha")]
    for call in calls:
        answer = minion.call(*call)
        assert PLANTED not in answer.text, call
    kept = [path for path in (minion.directory / "salt").rglob("*") if path.is_file()]
    assert kept
    for path in kept:
        assert PLANTED.encode() not in path.read_bytes(), path
