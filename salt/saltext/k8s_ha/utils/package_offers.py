"""What is said of packages that no repository offers: which, from where, what is there instead, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from saltext.k8s_ha.utils.package_manager import Offer

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Package, Repository

_SHOWN_VERSIONS = 5
_SHOWN_LINES = 3


def not_offered(
    absent: list[Package], repositories: list[Repository], offers: dict[str, Offer], failures: list[str]
) -> str:
    """A sentence for each repository that should have had some of the packages.

    :param absent: packages of which no version is offered that the pillar wants.
    :param failures: what the package manager said against its repositories, in lines.
    """
    by_source: dict[str | None, list[Package]] = {}
    for package in absent:
        source = next((one["base_url"] for one in repositories if package["name"] in one["packages"]), None)
        by_source.setdefault(source, []).append(package)
    sentences = [_of_source(source, packages, offers) for source, packages in by_source.items()]
    about = [
        line for line in failures if any(source and source.rstrip("/") in line for source in by_source)
    ] or failures
    if about:
        sentences.append(f"the package manager said: {' '.join(about[:_SHOWN_LINES]).rstrip('.')}")
    return "; ".join(sentences)


def _of_source(source: str | None, packages: list[Package], offers: dict[str, Offer]) -> str:
    named = ", ".join(_offered(package, offers.get(package["name"], Offer())) for package in packages)
    verb = "is" if len(packages) == 1 else "are"
    sentence = f"{named} {verb} not to be had from {source or 'the repositories of the host'}"
    if source is None and any(package["brings"] == "containerd" for package in packages):
        sentence += (
            " (write as packages.containerd.base_url where containerd.io is, or as containerd.major what "
            "is offered)"
        )
    if source is None and any(package["brings"] == "etcd" for package in packages):
        sentence += (
            " (write as packages.etcd.base_url where etcd is, or as etcd.version what is offered, or put the program "
            "at /usr/local/bin/etcd)"
        )
    return sentence


def _offered(package: Package, offer: Offer) -> str:
    wanted = f"{package['name']} {package['version']}" if package["version"] else package["name"]
    versions = ", ".join(offer.versions[:_SHOWN_VERSIONS])
    return f"{wanted} ({f'offered is {versions}' if versions else 'no version is offered'})"
