"""A manifest of a static pod as values, so that two of them are compared by what they mean."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from saltext.k8s_ha.utils.etcd_manifest import LIST, STATE
from saltext.k8s_ha.utils.flat import differences, flat
from saltext.k8s_ha.utils.host import Host, HostError

DIRECTORY = "/etc/kubernetes/manifests"
ETCD, API_SERVER = "etcd", "kube-apiserver"
CONTROLLER_MANAGER, SCHEDULER = "kube-controller-manager", "kube-scheduler"
COMPONENTS = (ETCD, API_SERVER, CONTROLLER_MANAGER, SCHEDULER)
"""In the order in which kubeadm's upgrade changes them."""

READ_AT_START = "k8s-ha/read-at-start"
"""Annotation: digest of the files that the program reads only when it starts. The kubelet starts a changed pod anew."""

# What the member starts by when it has no data. `etcd_protected` decides about it, kubeadm only writes a first version.
_OF_PROTECTION = frozenset({LIST, STATE})


class StaticPod:
    """One static pod with one container, as kubeadm writes them."""

    def __init__(self, pod: Mapping[str, Any]) -> None:
        self._pod: dict[str, Any] = copy.deepcopy(dict(pod))

    @classmethod
    def parse(cls, text: str, where: str) -> StaticPod:
        """From the text of a manifest. Raises HostError for one that is none of kubeadm's."""
        try:
            one = cls(yaml.safe_load(text))
            _ = (one.command[0], one.image)
        except (yaml.YAMLError, KeyError, IndexError, TypeError, ValueError) as error:
            raise HostError(f"{where} cannot be read as one of kubeadm's static pods: {error}") from error
        return one

    @classmethod
    def of(cls, host: Host, component: str) -> StaticPod:
        """The manifest that is there. Raises HostError when it is not, or is none."""
        path = path_of(component)
        try:
            return cls.parse(host.path(path).read_text(encoding="utf-8"), path)
        except FileNotFoundError:
            raise HostError(
                f"{path} is not there: somebody has stopped {component} by that. Put it back, or have kubeadm write it "
                f"({_PHASES[component]} --config /etc/kubernetes/kubeadm/init.yaml)"
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise HostError(f"{path} cannot be read: {error}") from error

    @property
    def _container(self) -> dict[str, Any]:
        container: dict[str, Any] = self._pod["spec"]["containers"][0]
        return container

    @property
    def image(self) -> str:
        """Its image with the tag."""
        return str(self._container["image"])

    @property
    def command(self) -> list[str]:
        """The program and its arguments."""
        return [str(word) for word in self._container["command"]]

    @property
    def annotations(self) -> dict[str, str]:
        """What is noted about the pod."""
        return self._pod["metadata"].get("annotations") or {}

    def flag(self, name: str) -> str | None:
        """The value of a flag; of several the last one, as the programs read them. None where it is not given."""
        given = [word for word in self.command if word.startswith(f"{name}=")]
        return given[-1].partition("=")[2] if given else None

    def health_url(self) -> str | None:
        """Where the kubelet asks whether it is ready, or else alive; None where it does not ask."""
        probe = self._container.get("readinessProbe") or self._container.get("livenessProbe") or {}
        asked = probe.get("httpGet")
        if not asked:
            return None
        ports = {port.get("name"): port["containerPort"] for port in self._container.get("ports") or []}
        name = str(asked.get("host") or "127.0.0.1")
        host = f"[{name}]" if ":" in name else name
        port = ports.get(asked["port"], asked["port"])
        return f"{asked.get('scheme', 'HTTP').lower()}://{host}:{port}{asked['path']}"

    def with_annotation(self, value: str | None) -> StaticPod:
        """The same with another digest of what is read at the start; None takes it away."""
        one = StaticPod(self._pod)
        annotations = {name: text for name, text in one.annotations.items() if name != READ_AT_START}
        one._pod["metadata"]["annotations"] = annotations | ({READ_AT_START: value} if value else {})
        return one

    def with_protection_of(self, other: StaticPod) -> StaticPod:
        """The same with what another manifest says about a member without data."""
        one = StaticPod(self._pod)
        kept = [word for word in other.command if _name(word) in _OF_PROTECTION]
        one._container["command"] = [
            *(word for word in one.command if _name(word) not in _OF_PROTECTION),
            *kept,
        ]
        return one

    def text(self) -> str:
        """The manifest to write."""
        return str(yaml.safe_dump(self._pod, sort_keys=False))

    def meaning(self) -> str:
        """What it means, without what others decide about: the same text for the same pod."""
        return json.dumps(dict(sorted(self._facts().items())), indent=1)

    def differences(self, wanted: StaticPod) -> dict[str, dict[str, Any]]:
        """From this one to another: ``old`` and ``new`` by flag, or by place in the pod."""
        return differences(self._facts(), wanted._facts())

    def _facts(self) -> dict[str, Any]:
        pod = copy.deepcopy(self._pod)
        pod.pop("status", None)
        pod["metadata"].pop("creationTimestamp", None)
        (pod["metadata"].get("annotations") or {}).pop(READ_AT_START, None)
        command = pod["spec"]["containers"][0].pop("command")
        facts = {"program": command[0]}
        for word in map(str, command[1:]):
            name, _, value = word.partition("=")
            if name not in _OF_PROTECTION:
                # Of several, all in their order.
                facts[name] = f"{facts[name]} {value}" if name in facts else value
        return facts | flat(pod)


_PHASES = {
    ETCD: "kubeadm init phase etcd local",
    API_SERVER: "kubeadm init phase control-plane apiserver",
    CONTROLLER_MANAGER: "kubeadm init phase control-plane controller-manager",
    SCHEDULER: "kubeadm init phase control-plane scheduler",
}


def path_of(component: str) -> str:
    """Where the manifest of a component lies."""
    return f"{DIRECTORY}/{component}.yaml"


def place_of(host: Host, component: str) -> Path:
    """The same on a host."""
    return host.path(path_of(component))


def _name(word: str) -> str:
    return word.partition("=")[0]
