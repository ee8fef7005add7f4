"""Renews the certificates of kubeadm on this host before they end, and keeps the names in that of the API server."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from saltext.k8s_ha.utils import certificate_renewal, certificates, kubernetes, membership
from saltext.k8s_ha.utils.answer import Answer, state_answer
from saltext.k8s_ha.utils.certificate_renewal import Renewal
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.kept import Kept
from saltext.k8s_ha.utils.kubeadm import INIT, Kubeadm
from saltext.k8s_ha.utils.own_api import serves
from saltext.k8s_ha.utils.serving_names import CERTIFICATE, KEY, ServingNames, is_served
from saltext.k8s_ha.utils.settled import Settled, program_stamp
from saltext.k8s_ha.utils.tell import Tell
from saltext.k8s_ha.utils.write import Writer

_RENEW_SECONDS = 60
# kube-apiserver is told of a changed file, and looks once in a minute besides.
_SERVED_SECONDS = 90.0
_POLL_SECONDS = 0.5


@dataclass(frozen=True)
class ControlPlaneCertificates:
    """What is needed to renew them. ``modules`` is Salt's ``__salt__``."""

    member: Member
    host: Host
    modules: Mapping[str, Callable[..., Any]]
    tell: Tell
    writer: Writer
    now: Callable[[], float] = time.time
    served_seconds: float = _SERVED_SECONDS

    def attain(self, *, test: bool) -> Answer:
        """Renew what has to be, or find that nothing has.

        :returns: ``result``, ``changes``, ``comment`` and, where kubeadm cannot renew one, ``warnings`` of a state.
        :raises HostError: when kubeadm fails, or the API server does not take its new certificate; the files of before
            are back then.
        """
        if "control_plane" not in self.member.roles:
            return state_answer(True, "No control plane runs on this node.")
        if later := membership.not_joined(self.host, test=test):
            return later
        changes: dict[str, Any] = {}
        if self._kept.exists():
            changes["an earlier renewal"] = {"old": "did not end", "new": "files as they were before it"}
            if not test:
                self._kept.put_back()
                self._kept.forget()
        names = self._names()
        wrong = names.changes() if names else None
        found = certificate_renewal.find(self.member, self.host, self.now())
        due = [one for one in found.due if not (wrong and one.certificate.path == CERTIFICATE)]
        if wrong:
            changes[CERTIFICATE] = {
                "old": f"without {', '.join(wrong['missing']) or 'nothing'}",
                "new": f"without {', '.join(wrong['too many']) or 'nothing'}",
            }
        for one in due:
            ends = certificates.date(one.certificate.ends)
            changes[one.certificate.path] = {"old": f"ends on {ends}", "new": "a new one"}
        if not test:
            self._carry_out(names if wrong else None, due, looked=names is not None)
        told = (
            "Certificates would be renewed."
            if test and changes
            else "The certificates of kubeadm are current."
        )
        return state_answer(
            None if test and changes else True,
            " ".join([told, *found.refused]),
            changes,
            found.refused,
        )

    @property
    def _kept(self) -> Kept:
        return Kept(self.host, "certificates")

    @property
    def _settled(self) -> Settled:
        return Settled(self.host, "certificate-names")

    @property
    def _values(self) -> dict[str, str]:
        file = self.member.files[INIT]
        return {INIT: self.writer.text_of(file) or "", "kubeadm": program_stamp(self.host, "kubeadm")}

    def _names(self) -> ServingNames | None:
        """What makes a certificate by the pillar; None where the one that is there was made by the same pillar."""
        if self._settled.holds(self._values, [CERTIFICATE]) or self._is_of_another_release():
            return None
        return ServingNames(self.member, self.host, self.modules, self.writer)

    def _is_of_another_release(self) -> bool:
        """Whether kubeadm is not the one of the pillar. It still renews what ends; names come with the upgrade."""
        installed = kubernetes.installed(self.host, self.modules["cmd.run_all"])
        return kubernetes.mismatch(installed, self.member.release) is not None

    def _carry_out(self, names: ServingNames | None, due: list[Renewal], *, looked: bool) -> None:
        if names:
            self._proven([KEY, CERTIFICATE], lambda: self._put_names(names))
        # That of the API server comes last: others may have ended that it cannot serve without.
        for one in sorted(due, key=lambda one: one.certificate.path == CERTIFICATE):
            self._proven(one.paths, lambda one=one: self._renew(one))  # type: ignore[misc]
        if looked:
            self._settled.keep(self._values, [CERTIFICATE])

    def _proven(self, paths: list[str], write: Callable[[], None]) -> None:
        """Write files; those of before are back where kubeadm fails, or the API server does not take the new ones."""
        self.tell("renews", ", ".join(paths))
        self._kept.keep(paths)
        try:
            write()
        except (HostError, OSError) as error:
            self._kept.put_back()
            self._kept.forget()
            raise HostError(f"{error}. The files of before were put back: {', '.join(paths)}") from error
        self._kept.forget()

    def _put_names(self, names: ServingNames) -> None:
        names.put()
        self._wait_until_served(serves)

    def _renew(self, one: Renewal) -> None:
        arguments = ["certs", "renew", one.name, "--config", INIT]
        Kubeadm(self.host, self.modules).run("certs", arguments, _RENEW_SECONDS)
        after = [
            other for other in certificates.find(self.host).certificates if other.path == one.certificate.path
        ]
        if not after or after[0].ends <= one.certificate.ends:
            raise HostError(f"`kubeadm certs renew {one.name}` has made no certificate that ends later")
        if one.certificate.path == CERTIFICATE:
            self._wait_until_served(lambda *_: True)

    def _wait_until_served(self, serves_too: Callable[[Member, Host], bool]) -> None:
        """Until the API server shows the certificate that is on the disk."""
        server = self.member.topology.api_server(self.member.node)
        text = self.host.path(CERTIFICATE).read_text(encoding="ascii")
        deadline = time.monotonic() + self.served_seconds
        while not (is_served(server, text) and serves_too(self.member, self.host)):
            if time.monotonic() > deadline:
                raise HostError(
                    f"the API server of this host does not show its new certificate after {self.served_seconds:.0f} s"
                )
            time.sleep(_POLL_SECONDS)
