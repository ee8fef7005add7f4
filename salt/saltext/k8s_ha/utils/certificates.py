"""The certificates of this node, and which of them end soon."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from saltext.k8s_ha.utils.certificate_remedies import KUBELET_PKI, KUBERNETES, remedy, renews_itself
from saltext.k8s_ha.utils.host import Host, HostError

if TYPE_CHECKING:
    from saltext.k8s_ha._core import CertificateDates

DAYS = 30

_DIRECTORIES = (f"{KUBERNETES}/pki", f"{KUBERNETES}/pki/etcd", "/etc/etcd/pki", "/etc/haproxy")
_KUBECONFIGS = (
    "admin.conf",
    "super-admin.conf",
    "controller-manager.conf",
    "scheduler.conf",
    "kubelet.conf",
    "k8s-ha.kubeconfig",
)
_KUBELETS = ("kubelet-client-current.pem", "kubelet-server-current.pem")
_MOST_BYTES = 1 << 20
_DAY = 86_400
# The kubelet begins to renew its own at a random moment when 30 to 10 % of its life are left, and goes on trying.
_STUCK = 0.1
_LEFT = 1 / 3


@dataclass(frozen=True)
class Certificate:
    """One certificate of this node. Times are seconds since the epoch."""

    path: str
    subject: str
    begins: int
    ends: int

    def is_due(self, now: float, days: float = DAYS) -> bool:
        """Whether somebody has to act: it ends within ``days``, or has not been renewed by who renews it."""
        if renews_itself(self.path):
            return self.ends - now < _STUCK * (self.ends - self.begins)
        return self.ends - now <= days * _DAY

    def is_old(self, now: float) -> bool:
        """Whether who does not renew itself is renewed now.

        Less than a third of its life is left, or less than the days of a warning and half of its life.
        """
        life, left = self.ends - self.begins, self.ends - now
        return left < max(_LEFT * life, min(DAYS * _DAY, life / 2))

    def sentence(self, now: float) -> str:
        """Whose it is, when it ends, and what is to be done."""
        left = self.ends - now
        if left <= 0:
            told = f"ended on {date(self.ends)}"
        elif left < 2 * _DAY:
            told = f"ends on {date(self.ends)}, in {left / 3600:.1f} hours"
        else:
            told = f"ends on {date(self.ends)}, in {left / _DAY:.0f} days"
        return f"{self.path} ({self.subject}) {told}: {remedy(self.path)}."


@dataclass
class Found:
    """What there is, and a sentence for each file that does not tell its end."""

    certificates: list[Certificate] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def within(self, now: float, days: float = DAYS) -> list[Certificate]:
        """Those that are due, the soonest first; ``now`` in seconds since the epoch."""
        due = [one for one in self.certificates if one.is_due(now, days)]
        return sorted(due, key=lambda one: (one.ends, one.path))

    def warnings(self, now: float) -> list[str]:
        """A sentence for each that is due, and for each file that does not tell its end."""
        return [*(one.sentence(now) for one in self.within(now)), *self.unread]


def find(host: Host) -> Found:
    """All certificates of this node, below its root where it has one. Raises nothing for what cannot be read."""
    search = _Search(host)
    for directory in _DIRECTORIES:
        for path in search.listed(directory):
            search.pem(path)
    named = [search.kubeconfig(f"{KUBERNETES}/{name}") for name in _KUBECONFIGS]
    for name in _KUBELETS:
        search.pem(f"{KUBELET_PKI}/{name}")
    known = {one.path for one in search.found.certificates}
    for path in filter(None, named):
        if path not in known:
            search.pem(path, must_exist=True)
    return search.found


def date(seconds: float) -> str:
    """A moment as an operator reads it, in UTC."""
    return f"{datetime.fromtimestamp(seconds, timezone.utc):%Y-%m-%d %H:%M} UTC"


@dataclass(frozen=True)
class _Search:
    """Reads one file after the other; what goes wrong with one of them is kept as a sentence."""

    host: Host
    found: Found = field(default_factory=Found)

    def listed(self, directory: str) -> list[str]:
        """Paths of the certificates in a directory."""
        with self._told(directory, must_exist=False):
            names = sorted(place.name for place in self.host.path(directory).iterdir())
            return [f"{directory}/{name}" for name in names if name.endswith(".crt")]
        return []

    def pem(self, path: str, *, must_exist: bool = False) -> None:
        """The certificates in a file."""
        from saltext.k8s_ha import _core

        with self._told(path, must_exist=must_exist):
            self._keep(path, _core.certificates_of_pem(_contents(self.host, path)))

    def kubeconfig(self, path: str) -> str | None:
        """The client certificate in a kubeconfig, or the path of the file that it names instead."""
        from saltext.k8s_ha import _core

        with self._told(path, must_exist=False):
            client = _core.client_of_kubeconfig(_contents(self.host, path))
            self._keep(path, client["certificates"])
            return os.path.normpath(Path(path).parent / client["file"]) if client["file"] else None
        return None

    def _keep(self, path: str, dates: list[CertificateDates]) -> None:
        told = (Certificate(path, one["subject"], one["begins"], one["ends"]) for one in dates)
        self.found.certificates.extend(told)

    @contextmanager
    def _told(self, path: str, *, must_exist: bool) -> Iterator[None]:
        from saltext.k8s_ha import _core

        try:
            yield
        except (OSError, HostError, _core.K8sHaError) as error:
            if must_exist or not isinstance(error, FileNotFoundError):
                reason = error.strerror if isinstance(error, OSError) else error
                told = f"{path} does not tell when certificates end: {reason}."
                if told not in self.found.unread:
                    self.found.unread.append(told)


def _contents(host: Host, path: str) -> bytes:
    place = _followed(host, path)
    if place.exists() and not place.is_file():
        # A pipe would keep the reader waiting.
        raise HostError("it is no file")
    with place.open("rb") as stream:
        contents = stream.read(_MOST_BYTES + 1)
    if len(contents) > _MOST_BYTES:
        raise HostError(f"it is larger than {_MOST_BYTES >> 20} MiB")
    return contents


def _followed(host: Host, path: str) -> Path:
    """Where a path lies; the kubelet's link names its target as the host sees it, also below a root."""
    link = host.path(str(Path(path).parent)) / Path(path).name
    if not link.is_symlink():
        return link
    return host.path(os.path.normpath(Path(path).parent / link.readlink()))
