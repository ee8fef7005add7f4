"""What cannot be reached, what is refused, and how long it takes to know."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable

import pytest

from live.control_plane import ControlPlane, Credentials
from ports import LOOPBACK, free_ports
from programs import pki
from saltext.k8s_ha._core import Api, K8sHaError, LiveError

LIMIT = 1.0


def other_api(server: str, timeout: float = 10.0) -> Api:
    authority = pki.Authority("stranger")
    certificate, key = authority.issue("admin")
    return Api(server=server, ca=authority.certificate, certificate=certificate, key=key, timeout=timeout)


def test_a_server_that_accepts_and_never_answers_costs_the_limit() -> None:
    with socket.create_server((LOOPBACK, 0)) as silent:
        server = f"https://{LOOPBACK}:{silent.getsockname()[1]}"
        for ask in ("ready", "nodes", "kube_system_uid"):
            began = time.monotonic()
            with pytest.raises(LiveError, match=f"{server} did not answer within 1 s") as raised:
                getattr(other_api(server, LIMIT), ask)()
            assert LIMIT - 0.05 <= time.monotonic() - began <= LIMIT + 0.5
            assert raised.value.kind == "timeout"


def test_a_closed_port_is_known_at_once() -> None:
    (port,) = free_ports(1)
    began = time.monotonic()
    with pytest.raises(
        LiveError, match=f"cannot connect to https://{LOOPBACK}:{port}: Connection refused"
    ) as raised:
        other_api(f"https://{LOOPBACK}:{port}").ready()
    assert time.monotonic() - began < LIMIT
    assert raised.value.kind == "connect"


def test_a_certificate_of_another_authority_is_refused(control_plane: ControlPlane) -> None:
    with pytest.raises(LiveError, match="none of the given certificate authorities signed it") as raised:
        other_api(control_plane.api_url).ready()
    assert raised.value.kind == "certificate"


def test_a_name_that_the_certificate_does_not_hold_is_refused(control_plane: ControlPlane) -> None:
    elsewhere = control_plane.api_url.replace(LOOPBACK, "localhost")
    with pytest.raises(LiveError, match=f"the certificate of {elsewhere} is refused.*localhost") as raised:
        Api(server=elsewhere, ca=control_plane.ca).ready()
    assert raised.value.kind == "certificate"


def test_a_kubeconfig_may_say_which_name_the_certificate_holds(control_plane: ControlPlane) -> None:
    kubeconfig = json.loads(control_plane.kubeconfig({"token": control_plane.token}))
    cluster = kubeconfig["clusters"][0]["cluster"]
    cluster["server"] = cluster["server"].replace(LOOPBACK, "localhost")
    cluster["tls-server-name"] = "server"
    assert Api(json.dumps(kubeconfig)).ready()["ready"]
    cluster["tls-server-name"] = "stranger"
    with pytest.raises(LiveError, match="is refused") as raised:
        Api(json.dumps(kubeconfig)).ready()
    assert raised.value.kind == "certificate"


def test_who_may_not_is_told_so(control_plane: ControlPlane, api_as: Callable[[Credentials], Api]) -> None:
    with pytest.raises(
        LiveError, match=r'reading the nodes.*User "nobody" cannot list resource "nodes"'
    ) as raised:
        api_as(control_plane.nobody).nodes()
    assert raised.value.kind == "forbidden"


def test_a_client_that_the_server_does_not_know(control_plane: ControlPlane) -> None:
    with pytest.raises(LiveError, match="does not accept the client's certificate or token") as raised:
        Api(control_plane.kubeconfig({"token": "hunter2"})).nodes()
    assert raised.value.kind == "unauthorized"
    assert "hunter2" not in str(raised.value)


def test_what_has_no_meaning_is_refused_before_anything_is_sent(control_plane: ControlPlane) -> None:
    with pytest.raises(LiveError, match="is no URL of the form"):
        Api(server="http://127.0.0.1:1", ca=control_plane.ca)
    with pytest.raises(LiveError, match="the certificate authority holds no certificate"):
        Api(server="https://127.0.0.1:1", ca="nothing")
    with pytest.raises(LiveError, match="the kubeconfig cannot be used"):
        Api("current-context: nowhere")
    with pytest.raises(ValueError, match="give kubeconfig"):
        Api()
    with pytest.raises(ValueError, match="timeout is -1"):
        Api(server="https://127.0.0.1:1", ca=control_plane.ca, timeout=-1)
    assert issubclass(LiveError, K8sHaError)


def test_a_key_of_another_certificate_is_refused_without_showing_it(control_plane: ControlPlane) -> None:
    admin, nobody = control_plane.admin, control_plane.nobody
    mixed = Api(
        server=control_plane.api_url, ca=control_plane.ca, certificate=admin.certificate, key=nobody.key
    )
    with pytest.raises(
        LiveError, match=r"the credentials for .* cannot be used: keys may not be consistent"
    ) as raised:
        mixed.ready()
    assert "PRIVATE" not in str(raised.value) + repr(mixed)
