"""Installs and holds the packages of a node, and touches none that is there."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import package_manager, signing_key
from saltext.k8s_ha.utils.answer import Answer, state_answer
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.installed_packages import Survey
from saltext.k8s_ha.utils.package_manager import Offer, PackageManager
from saltext.k8s_ha.utils.package_offers import not_offered

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Package, Packages, Topology

Functions = Mapping[str, Callable[..., Any]]


def apply(
    topology: Topology,
    node: str,
    states: Functions,
    modules: Functions,
    test: bool,
    host: Host | None = None,
) -> Answer:
    """Bring the packages of a node to what the pillar says.

    Missing ones are installed at the pillar's version and held; one that is there stays as it is, and one of
    another release of Kubernetes is a refusal.

    :param states: Salt's ``__states__``.
    :param modules: Salt's ``__salt__``.
    :param host: the host; with a directory that stands for one, nothing is installed.
    :returns: ``result``, ``changes``, ``comment`` and, where there are any, ``warnings`` of a state. A
        package changes from ``""`` to its version, with ``, held`` behind it where it is held.
    """
    host = host or Host()
    plan = topology.packages(node)
    if not plan["packages"]:
        return state_answer(True, f"No packages are managed on node {node}.")
    if not host.is_live:
        return state_answer(True, f"{host.root} stands for the host: no package is installed.")
    manager = package_manager.of(plan["packaging"], modules)
    survey = Survey.of(plan, manager, host, modules["cmd.run_all"], topology.kubernetes_version or "")
    if survey.refusals:
        return state_answer(False, _lines(f"Refused: node {node}: {text}" for text in survey.refusals))
    run = _Run(node, plan, states, modules, test, host, manager, survey)
    try:
        run.bring_keys()
        run.install()
        run.hold()
    except HostError as error:
        failed = f"Node {node}: {error}."
        return state_answer(False, _lines([failed, *run.told]), run.changes, survey.reports)
    return run.answer()


@dataclass
class _Run:
    """One run on one node, with what it has changed, or would change, and what is to be told of it."""

    node: str
    plan: Packages
    states: Functions
    modules: Functions
    test: bool
    host: Host
    manager: PackageManager
    survey: Survey
    changes: dict[str, dict[str, str]] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    def bring_keys(self) -> None:
        for repository in signing_key.missing(self.plan["repositories"], self.host):
            self.told.append(signing_key.bring(repository, self.states, self.modules, test=self.test))
            self.changes[repository["key_path"] or ""] = {
                "old": "absent",
                "new": f"the key at {repository['key_url']}",
            }

    def install(self) -> None:
        """All that is missing in one step, so that one solution of all dependencies is found or none."""
        missing = self.survey.missing
        if not missing:
            return
        failures = [] if self.test else self.manager.refresh()
        offers = self.manager.offered([package["name"] for package in missing])
        chosen = {package["name"]: _choose(package, offers) for package in missing}
        if self.test:
            for package in missing:
                version = chosen[package["name"]] or package["version"] or "the newest one"
                self._changed(package, "", version, held=package["hold"])
            return
        absent = [package for package in missing if chosen[package["name"]] is None]
        if absent:
            raise HostError(not_offered(absent, self.plan["repositories"], offers, failures))
        # Where the pillar wants no version, the package manager follows its own priorities.
        pkgs = [
            {package["name"]: chosen[package["name"]]} if package["version"] else package["name"]
            for package in missing
        ]
        answer = self.states["pkg.installed"](
            "packages of k8s_ha", pkgs=pkgs, refresh=False, **self.manager.arguments
        )
        there = self.manager.installed([package["name"] for package in missing])
        for package in missing:
            if package["name"] in there:
                self._changed(package, "", there[package["name"]].version, held=False)
        left = [package["name"] for package in missing if package["name"] not in there]
        if left or answer["result"] is False:
            what = ", ".join(left) or "some of the packages"
            raise HostError(f"{what} could not be installed: {str(answer['comment']).strip().rstrip('.')}")
        self.survey.note(there)

    def hold(self) -> None:
        """Those that are installed and not held, whether or not this run has installed them."""
        unheld = self.survey.unheld
        if not unheld:
            return
        if not self.test:
            self.modules["pkg.hold"](pkgs=list(unheld))
            held = self.manager.installed(list(unheld))
            left = [name for name in unheld if name not in held or not held[name].held]
            if left:
                raise HostError(f"{', '.join(left)} could not be held at the installed version")
        for name, there in unheld.items():
            known = self.changes.get(name, {"old": there.version, "new": there.version})
            self.changes[name] = {**known, "new": f"{known['new']}, held"}

    def answer(self) -> Answer:
        count = len(self.survey.present) + (len(self.survey.missing) if self.test else 0)
        if not self.changes:
            self.told.append(f"All packages of node {self.node} are there ({count}).")
        else:
            names = ", ".join(name for name in self.changes if not name.startswith("/"))
            done = "would be installed or held" if self.test else "were installed or held"
            self.told[:0] = [f"On node {self.node} {done}: {names}."] if names else []
        result = None if self.test and self.changes else True
        return state_answer(
            result, _lines([*self.told, *self.survey.notes]), self.changes, self.survey.reports
        )

    def _changed(self, package: Package, old: str, new: str, *, held: bool) -> None:
        self.changes[package["name"]] = {"old": old, "new": f"{new}, held" if held else new}


def _choose(package: Package, offers: dict[str, Offer]) -> str | None:
    """The version to install: the one that the package manager prefers, where the pillar wants it too."""
    offer = offers.get(package["name"], Offer())
    pattern = package["version"] or "*"
    first = [offer.candidate] if offer.candidate else []
    return next((one for one in [*first, *offer.versions] if fnmatch.fnmatchcase(one, pattern)), None)


def _lines(texts: Any) -> str:  # noqa: ANN401 (any iterable of texts)
    return "\n".join(texts)
