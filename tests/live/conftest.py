"""The control plane that all tests of this package share, and the classes under test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from live.control_plane import ControlPlane, Credentials
from live.external_etcd import Site
from programs.plugin import pytest_runtest_call, pytest_runtest_setup
from saltext.k8s_ha._core import Api, Etcd

__all__ = ["pytest_runtest_call", "pytest_runtest_setup"]


@pytest.fixture(scope="package")
def control_plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A real etcd and a real kube-apiserver."""
    with ControlPlane(tmp_path_factory.mktemp("control-plane")).running() as running:
        yield running


@pytest.fixture
def api(control_plane: ControlPlane, api_as: Callable[[Credentials], Api]) -> Api:
    """The API for a client that may do everything."""
    return api_as(control_plane.admin)


@pytest.fixture
def api_as(control_plane: ControlPlane) -> Callable[[Credentials], Api]:
    """Makes the API for a client of one's choice."""

    def make(client: Credentials) -> Api:
        return Api(
            server=control_plane.api_url,
            ca=control_plane.ca,
            certificate=client.certificate,
            key=client.key,
        )

    return make


@pytest.fixture
def etcd(control_plane: ControlPlane) -> Etcd:
    """The only member."""
    admin = control_plane.admin
    return Etcd(control_plane.etcd_url, control_plane.ca, admin.certificate, admin.key)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Three blank hosts of etcd and a host of the control plane."""
    one = Site(tmp_path)
    yield one
    one.end()


@pytest.fixture
def three(site: Site) -> Site:
    """Three members."""
    said = site.apply_to_all()
    assert all(isinstance(each, dict) and each["result"] for each in said.values()), said
    return site
