"""A real API server and a real etcd take a renewed certificate by themselves, and are asked whether they do."""

from __future__ import annotations

from pathlib import Path

from live.control_plane import ControlPlane
from ports import wait_until
from saltext.k8s_ha._core import Api
from saltext.k8s_ha.utils.component_health import answers
from saltext.k8s_ha.utils.serving_names import is_served

# It looks at its files once in a minute, where it was not told that one has changed.
_RELOAD_LIMIT_SECONDS = 90


def test_servers_show_a_renewed_certificate_without_a_restart(tmp_path: Path) -> None:
    control_plane = ControlPlane(tmp_path)
    with control_plane.running():
        old = (tmp_path / "server.crt").read_text()
        assert is_served(control_plane.api_url, old) and is_served(control_plane.etcd_url, old)
        new = control_plane.renew_server()
        wait_until(
            lambda: is_served(control_plane.api_url, new), "kube-apiserver shows it", _RELOAD_LIMIT_SECONDS
        )
        assert not is_served(control_plane.api_url, old)
        assert is_served(control_plane.etcd_url, new), "etcd reads it for each connection"
        admin = control_plane.admin
        api = Api(
            server=control_plane.api_url,
            ca=control_plane.ca,
            certificate=admin.certificate,
            key=admin.key,
        )
        assert api.ready()["ready"] is True


def test_whether_a_component_is_well(control_plane: ControlPlane) -> None:
    assert answers(f"{control_plane.api_url}/livez") is True
    assert answers(f"{control_plane.api_url}/livez/absent") is False
    assert answers("https://127.0.0.1:1/livez") is False
    assert is_served("https://127.0.0.1:1", control_plane.ca) is False
