"""An API server whose etcd is gone."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from live.control_plane import ControlPlane
from ports import wait_until
from saltext.k8s_ha._core import Api, Etcd, LiveError


def test_it_says_that_it_is_not_ready_and_calls_end_in_time(tmp_path: Path) -> None:
    with ControlPlane(tmp_path).running() as control_plane:
        admin = control_plane.admin
        etcd = Etcd(control_plane.etcd_url, control_plane.ca, admin.certificate, admin.key)
        kubeconfig = control_plane.kubeconfig({"token": control_plane.token})
        # Its own look at etcd takes up to 2 s before it says no.
        api = Api(kubeconfig, timeout=5)
        control_plane.stop_etcd()

        with pytest.raises(LiveError) as raised:
            etcd.members()
        assert raised.value.kind == "connect"

        wait_until(lambda: not api.ready()["ready"], "the API server notices", 20)
        found = api.ready()
        assert (found["ready"], found["status"]) == (False, 500)
        assert "[-]etcd failed" in found["text"]

        began = time.monotonic()
        with pytest.raises(LiveError) as raised:
            Api(kubeconfig, timeout=2).apply("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}", "test")
        assert raised.value.kind in {"timeout", "refused"}
        assert time.monotonic() - began < 2.5
