"""Brings the KubeletConfiguration of a node to what the pillar says, and its kubelet to run with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from saltext.k8s_ha.utils import bounded, kubernetes, membership, patch_directory
from saltext.k8s_ha.utils.answer import Answer, state_answer
from saltext.k8s_ha.utils.component_health import answers
from saltext.k8s_ha.utils.config_map_change import ConfigMapText
from saltext.k8s_ha.utils.decision import Decision
from saltext.k8s_ha.utils.disruption import Disruption
from saltext.k8s_ha.utils.flat import differences, flat
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.hand_made import Meaning
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.kept import Kept
from saltext.k8s_ha.utils.kubeadm_dry_run import DryRun
from saltext.k8s_ha.utils.node_files import NodeFiles
from saltext.k8s_ha.utils.own_api import own_api
from saltext.k8s_ha.utils.patch_directory import PatchDirectory
from saltext.k8s_ha.utils.record import write_durably
from saltext.k8s_ha.utils.settled import Settled, program_stamp
from saltext.k8s_ha.utils.steady import is_steady
from saltext.k8s_ha.utils.tell import Tell
from saltext.k8s_ha.utils.write import Writer

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Api

PATH = "/var/lib/kubelet/config.yaml"
RECORD = ConfigMapText("kube-system", "kubelet-config", "kubelet", "kubeadm init phase upload-config kubelet")

_MODE = 0o644
_UNIT = "kubelet.service"
_UNIT_SECONDS = 60
_API_SECONDS = 10.0
_POLL_SECONDS = 0.5
# The kubelet waits for its runtime; one that cannot read its configuration ends at once, again and again.
_START_SECONDS = 60.0
# What kubeadm writes on the node only.
_OF_NODE = "containerRuntimeEndpoint"


@dataclass(frozen=True)
class KubeletChange:
    """What is needed to bring it there.

    ``modules`` is Salt's ``__salt__``.
    ``settle_seconds`` is for how long the kubelet has to say that it is well before it counts.
    """

    member: Member
    host: Host
    modules: Mapping[str, Callable[..., Any]]
    tell: Tell
    writer: Writer
    settle_seconds: float = 10.0
    start_seconds: float = _START_SECONDS

    def attain(self, *, test: bool) -> Answer:
        """Bring it there, or find that it is.

        :returns: ``result``, ``changes``, ``comment`` and, where something is left as it is, ``warnings`` of a state.
        :raises HostError: when something cannot be read, or the kubelet does not run with it; the configuration of
            before is back then.
        """
        if not {"control_plane", "worker"} & set(self.member.roles):
            return state_answer(True, "No kubelet runs on this node.")
        if later := membership.not_joined(self.host, test=test):
            return later
        stale = self._patches.stale(of_kubelet=True)
        if not self._kept.exists() and not stale and self._settled.holds(self._values, [PATH]):
            return state_answer(True, "The kubelet is configured as the pillar wants it.")
        kubernetes.refuse_mismatch(self.host, self.modules["cmd.run_all"], self.member.release)
        present, wanted = self._present(), self._wanted()
        meaning = Meaning(PATH, _meaning(present), _meaning(wanted))
        if meaning.decision(self.host, self.member.topology.drift) is Decision.REPORT_DRIFT:
            names = ", ".join(differences(flat(present), flat(wanted)))
            told = f"{PATH} ({names}) is left as it is: {Decision.REPORT_DRIFT.value}."
            return state_answer(True, told, warnings=[told])
        changes = self._changes(present, wanted) | patch_directory.changes(stale)
        if test:
            told = "would be configured anew" if changes else "is configured as the pillar wants it"
            return state_answer(None if changes else True, f"The kubelet {told}.", changes)
        if "kubelet" in changes:
            self._change(wanted, meaning)
        self._record()
        self._patches.remove(stale)
        meaning.end(self.host)
        self._settled.keep(self._values, [PATH])
        return state_answer(True, "The kubelet is configured as the pillar wants it.", changes)

    @property
    def _kept(self) -> Kept:
        return Kept(self.host, "kubelet")

    @property
    def _settled(self) -> Settled:
        return Settled(self.host, "kubelet")

    @property
    def _files(self) -> NodeFiles:
        return NodeFiles(self.member, self.writer)

    @property
    def _patches(self) -> PatchDirectory:
        return PatchDirectory(self.member, self.host)

    @property
    def _is_control_plane(self) -> bool:
        return "control_plane" in self.member.roles

    @property
    def _values(self) -> dict[str, str]:
        own = self.member.topology.kubelet_configuration(self.member.node)
        return {
            **self._files.known,
            "configuration": json.dumps(own, sort_keys=True),
            "kubeadm": program_stamp(self.host, "kubeadm"),
        }

    def _present(self) -> dict[str, Any]:
        try:
            document = yaml.safe_load(self.host.path(PATH).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise HostError(f"{PATH} cannot be read: {error}") from error
        if not isinstance(document, dict):
            raise HostError(f"{PATH} is no KubeletConfiguration")
        return document

    def _wanted(self) -> dict[str, Any]:
        files = self._files
        return DryRun(self.host, self.modules, files.for_kubelet(), files.patches).kubelet_configuration()

    def _changes(self, present: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
        changes: dict[str, Any] = {}
        own = differences(flat(present), flat(wanted))
        if self._kept.exists():
            own["runs"] = {"old": "not known, an earlier change did not end", "new": "yes"}
        if own:
            changes["kubelet"] = own
        if self._is_control_plane:
            recorded = RECORD.read(self._api)
            new = self._recorded(recorded)
            if new is not None:
                changes[RECORD.name] = differences(_flat_text(recorded), _flat_text(new))
        return changes

    @property
    def _api(self) -> Api:
        return own_api(self.member, self.host, _API_SECONDS)

    def _record(self) -> None:
        """Have the cluster remember what nodes that join begin with, once this node has proven it."""
        if self._is_control_plane:
            RECORD.change(self._api, self._recorded)

    def _recorded(self, text: str) -> str | None:
        """The cluster's KubeletConfiguration; None where that is recorded. No patch of this node is in it."""
        new = DryRun(self.host, self.modules, self._files.init()).kubelet_configuration()
        new[_OF_NODE] = ""
        wanted = str(yaml.safe_dump(new, sort_keys=False))
        return None if _flat_text(text) == _flat_text(wanted) else wanted

    def _change(self, wanted: dict[str, Any], meaning: Meaning) -> None:
        with self._allowed():
            self._kept.keep([PATH])
            meaning.begin(self.host)
            self.tell("changes", "the kubelet is started with another configuration")
            write_durably(self.host.path(PATH), yaml.safe_dump(wanted, sort_keys=True), _MODE)
            try:
                self._restart(wanted)
            except HostError as error:
                raise HostError(f"{error}. {self._put_back()}") from error
            self._kept.forget()

    @contextmanager
    def _allowed(self) -> Iterator[None]:
        """Wait for the lock and the gate on a host that can ask for them; the pods of any other one stay, too."""
        if not self._is_control_plane:
            yield
            return
        step = Disruption(self.member, self.host, "restart", ("kubelet",), self.tell)
        with step.allowed() as allowed:
            allowed.confirm()
            yield

    def _put_back(self) -> str:
        self.tell("reverts", "the kubelet is started with the configuration of before")
        self._kept.put_back()
        self._kept.forget()
        try:
            self._restart(self._present())
        except HostError:
            return "The configuration of before was put back, and the kubelet does not run with that either"
        return "The configuration of before was put back, and the kubelet runs with it"

    def _restart(self, configuration: Mapping[str, Any]) -> None:
        """Restart the kubelet, and wait until it has said for a while that it is well. Its pods go on."""
        done = bounded.run(self.modules, ["systemctl", "restart", _UNIT], _UNIT_SECONDS)
        if done.code != 0:
            raise HostError(f"`systemctl restart {_UNIT}` fails: {done.said or 'no word of it'}")
        url = health_url(configuration)
        limit = self.start_seconds + self.settle_seconds
        if not is_steady(lambda: url is None or answers(url), self.settle_seconds, limit, _POLL_SECONDS):
            raise HostError(
                f"the kubelet is not well {self.start_seconds:.0f} s after {PATH} was changed: "
                f"`journalctl -u {_UNIT}` says why"
            )


def health_url(configuration: Mapping[str, Any]) -> str | None:
    """Where a kubelet says whether it is well; None where it does not."""
    port = configuration.get("healthzPort", 10248)
    host = str(configuration.get("healthzBindAddress") or "127.0.0.1")
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (what it listens on)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/healthz" if port else None


def _meaning(document: Mapping[str, Any]) -> str:
    return json.dumps(flat(document), sort_keys=True)


def _flat_text(text: str) -> dict[str, Any]:
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise HostError(f"the ConfigMap {RECORD.name} cannot be read: {error}") from error
    return {
        place: value
        for place, value in flat(document if isinstance(document, dict) else {}).items()
        if value != ""
    }
