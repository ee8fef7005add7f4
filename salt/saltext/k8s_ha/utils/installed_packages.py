"""What is there of the packages of a node, and what forbids to go on."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import kubernetes
from saltext.k8s_ha.utils.host import Host
from saltext.k8s_ha.utils.package_manager import Installed, PackageManager

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Package, Packages

Run = Callable[..., dict[str, Any]]

KUBERNETES = ("kubelet", "kubeadm", "kubectl")
_SECONDS = 20


@dataclass
class Survey:
    """The packages of a node, sorted by what is to be done with them."""

    present: dict[str, Installed] = field(default_factory=dict)
    """Installed packages by name; the name may be that of an alternative."""
    missing: list[Package] = field(default_factory=list)
    """To be installed."""
    held: set[str] = field(default_factory=set)
    """Names of the packages that have to be held."""
    refusals: list[str] = field(default_factory=list)
    """What forbids to touch any package, in sentences."""
    reports: list[str] = field(default_factory=list)
    """What somebody else has to mend, because the pillar says `check`."""
    notes: list[str] = field(default_factory=list)
    """What is left alone, and why."""

    @classmethod
    def of(cls, plan: Packages, manager: PackageManager, host: Host, run: Run, release: str) -> Survey:
        """Ask once what is installed.

        :param run: Salt's ``cmd.run_all``.
        :param release: the Kubernetes of the pillar, such as ``v1.36.4``.
        """
        names = [
            name
            for package in plan["packages"]
            for name in (package["name"], *package["alternatives"], *package["excludes"])
        ]
        installed = manager.installed(list(dict.fromkeys(names)))
        survey = cls()
        releases: dict[str, str] = {}
        for package in plan["packages"]:
            name = next(
                (one for one in (package["name"], *package["alternatives"]) if one in installed), None
            )
            if name is not None:
                survey._found(package, name, installed[name], plan, releases)
            else:
                survey._absent(package, installed, host, run, plan)
        wanted = {package["name"] for package in plan["packages"]}
        if wanted & {"kubelet", "kubeadm"} - survey.present.keys():
            survey._by_hand(host, run, releases)
        mismatch = kubernetes.mismatch(releases, release)
        if mismatch:
            survey.refusals.insert(0, mismatch)
        return survey

    @property
    def unheld(self) -> dict[str, Installed]:
        """Installed packages that have to be held and are not, by name."""
        return {name: one for name, one in self.present.items() if name in self.held and not one.held}

    def note(self, installed: dict[str, Installed]) -> None:
        """Packages that are installed by now."""
        self.present |= installed
        self.held |= {package["name"] for package in self.missing if package["hold"]}
        self.missing = []

    def _found(
        self, package: Package, name: str, there: Installed, plan: Packages, releases: dict[str, str]
    ) -> None:
        """A package that is there: it stays, and has to be of the right version."""
        self.present[name] = there
        if package["hold"] and package["managed"] == "yes":
            self.held.add(name)
        if name in KUBERNETES and not fnmatch.fnmatchcase(there.version, package["version"] or "*"):
            releases[name] = f"v{_without_epoch(there.version).split('-')[0]}"
        if package["brings"] == "containerd":
            self._runtime(package, name, there.version, plan)
        if package["brings"] == "etcd" and not fnmatch.fnmatchcase(
            _without_epoch(there.version), package["version"] or "*"
        ):
            self.reports.append(
                f"{name} {there.version} is installed, the pillar wants {package['version']}: it is left as it is."
            )

    def _runtime(self, package: Package, name: str, version: str, plan: Packages) -> None:
        major = re.match(r"\d+", _without_epoch(version))
        if major is None or int(major[0]) >= plan["containerd"]:
            return
        source = next((one["base_url"] for one in plan["repositories"] if one["name"] == "containerd"), None)
        where = source or "a repository that has it (packages.containerd.base_url)"
        text = (
            f"{name} {version} is installed, the pillar wants containerd {plan['containerd']}: its "
            f"configuration would not be read. Install containerd.io from {where}, which stops and starts "
            f"the containers' runtime, or set containerd.major to {major[0]}."
        )
        (self.refusals if package["managed"] == "yes" else self.reports).append(text)

    def _absent(
        self, package: Package, installed: dict[str, Installed], host: Host, run: Run, plan: Packages
    ) -> None:
        """A package that is not there: to be installed, unless its program is there all the same."""
        name = package["name"]
        if package["managed"] == "check":
            self.reports.append(f"Package {name} is not installed ({package['purpose']}).")
            return
        rivals = [f"{one} {installed[one].version}" for one in package["excludes"] if one in installed]
        if rivals:
            self.refusals.append(
                f"{' and '.join(rivals)} is installed, the pillar wants the package {name}: one would "
                f"replace the other under running containers. Set containerd.package to what is installed, "
                f"or exchange them by hand while the node is drained."
            )
            return
        program = self._program(package, host)
        if program is None:
            self.missing.append(package)
            return
        self.notes.append(f"{program} is there without the package {name}: it is left alone.")
        if package["brings"] == "containerd":
            told = run([program, "--version"], python_shell=False, timeout=_SECONDS, ignore_retcode=True)
            version = re.search(r"\bv?(\d+\.\d+\.\d+\S*)", str(told.get("stdout", "")))
            if version:
                self._runtime(package, program, version[1], plan)

    def _program(self, package: Package, host: Host) -> str | None:
        """The program of a package that must not be written over: somebody put it there by hand."""
        if package["brings"] in ("containerd", "etcd"):
            return host.program(package["brings"])
        return host.program(package["name"]) if package["name"] in KUBERNETES else None

    def _by_hand(self, host: Host, run: Run, releases: dict[str, str]) -> None:
        """Where half of Kubernetes is there by hand, the other half must not be of another release."""
        for name, release in kubernetes.installed(host, run).items():
            releases.setdefault(name, release)


def _without_epoch(version: str) -> str:
    return version.split(":", 1)[-1]
