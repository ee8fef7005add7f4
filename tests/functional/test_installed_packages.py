"""What is decided about the packages of a node, from what is installed; and what dnf and rpm are asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from functional.needs import installed
from functional.pillars import three_masters

packages = installed("saltext.k8s_ha.utils.packages")
package_manager = installed("saltext.k8s_ha.utils.package_manager")
host = installed("saltext.k8s_ha.utils.host")
saltext = installed("saltext.k8s_ha")

KUBERNETES = dict.fromkeys(("kubelet", "kubeadm", "kubectl"), "1.36.4-1.1")
TOOLS = dict.fromkeys(("conntrack", "nftables", "haproxy", "keepalived", "curl"), "1.0-1")
ALL = {**KUBERNETES, **TOOLS, "containerd": "1.6.20-1"}
HELD = (*KUBERNETES, "containerd", "containerd.io")


def topology(**changes: Any) -> Any:
    written = three_masters(**changes)
    for profile in written["profiles"].values():
        profile["os"] = "debian-12"
    return saltext.Topology(written)


class Dpkg:
    """Stands for `cmd.run_all` of a Debian host: dpkg, and programs that print a version."""

    def __init__(self, there: dict[str, str], held: tuple[str, ...] = HELD, says: str = "") -> None:
        self.there, self.held, self.says = there, held, says
        self.asked: list[list[str]] = []

    def __call__(self, command: list[str], **_: Any) -> dict[str, Any]:
        self.asked.append(command)
        if "dpkg-query" not in command:
            return {"retcode": 0, "stdout": self.says, "stderr": ""}
        lines = [
            f"{name}\t{version}\t{'h' if name in self.held else 'i'}i" for name, version in self.there.items()
        ]
        return {"retcode": 1, "stdout": "\n".join(lines), "stderr": "dpkg-query: no packages found"}


@pytest.fixture(autouse=True)
def nothing_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


def apply(wanted: Any, dpkg: Dpkg, *, node: str = "cp1", test: bool = True) -> dict[str, Any]:
    answer: dict[str, Any] = packages.apply(wanted, node, {}, {"cmd.run_all": dpkg}, test, with_key(dpkg))
    return answer


def with_key(_: Dpkg) -> Any:
    """A live host on which the keys of all repositories are there."""

    class Live(host.Host):  # type: ignore[misc]
        def path(self, path: str) -> Path:
            return Path("/") if path.startswith("/etc/apt/keyrings/") else Path(path)

    return Live()


def test_a_complete_host_costs_one_question() -> None:
    dpkg = Dpkg(ALL)
    answer = apply(topology(), dpkg, test=False)
    assert (answer["result"], answer["changes"], len(dpkg.asked)) == (True, {}, 1), answer


def test_a_runtime_of_another_package_counts() -> None:
    runtimes = {**KUBERNETES, **TOOLS, "containerd.io": "2.2.1-1"}
    assert apply(topology(), Dpkg(runtimes))["changes"] == {}
    distribution = {**ALL, "containerd": "2.1.4~ds2-1"}
    assert apply(topology(containerd={"major": 2}), Dpkg(distribution))["changes"] == {}


def test_a_written_runtime_does_not_replace_another() -> None:
    wanted = topology(containerd={"package": "containerd.io"})
    refused = apply(wanted, Dpkg(ALL))
    assert refused["result"] is False
    assert (
        "containerd 1.6.20-1 is installed, the pillar wants the package containerd.io" in refused["comment"]
    )


def test_programs_that_somebody_put_there_are_left_alone(tmp_path: Path) -> None:
    for name in KUBERNETES:
        (tmp_path / name).touch(mode=0o755)
    there = {**TOOLS, "containerd": "1.6.20-1"}
    answer = apply(topology(), Dpkg(there, says="Kubernetes v1.36.4"), test=False)
    assert (answer["result"], answer["changes"]) == (True, {})
    assert f"{tmp_path}/kubelet is there without the package kubelet: it is left alone." in answer["comment"]
    refused = apply(topology(), Dpkg(there, says="Kubernetes v1.35.8"), test=False)
    assert refused["result"] is False and "kubelet v1.35.8" in refused["comment"]


def test_a_runtime_that_somebody_put_there_must_be_new_enough(tmp_path: Path) -> None:
    (tmp_path / "containerd").touch(mode=0o755)
    there = {**KUBERNETES, **TOOLS}
    old = Dpkg(there, says="containerd github.com/containerd/containerd v1.7.29 442cb34")
    refused = apply(topology(containerd={"major": 2}), old)
    assert refused["result"] is False and "1.7.29 is installed" in refused["comment"]
    new = Dpkg(there, says="containerd github.com/containerd/containerd/v2 v2.2.0 1c4457e")
    assert apply(topology(containerd={"major": 2}), new)["result"] is True


def test_what_is_only_checked_is_reported() -> None:
    answer = apply(topology(manage={"repositories": "check"}), Dpkg(KUBERNETES, held=()), test=False)
    assert (answer["result"], answer["changes"]) == (True, {}), "neither installed nor held"
    assert "Package haproxy is not installed (leads to a living API server)." in answer["warnings"]


def test_nothing_is_asked_where_nothing_is_managed(tmp_path: Path) -> None:
    dpkg = Dpkg({})
    assert apply(topology(manage={"repositories": False}), dpkg)["result"] is True
    directory = packages.apply(topology(), "cp1", {}, {}, False, host.Host(tmp_path))
    assert directory["result"] is True and "stands for the host" in directory["comment"]
    assert dpkg.asked == []


def test_a_package_manager_that_fails_is_quoted() -> None:
    asked: list[dict[str, Any]] = []

    def install(_: str, **arguments: Any) -> dict[str, Any]:
        asked.append(arguments)
        return {"result": False, "changes": {}, "comment": "E: Unmet dependencies."}

    def run(command: list[str], **_: Any) -> dict[str, Any]:
        if command[3:5] == ["apt-cache", "policy"]:
            policy = "curl:\n  Installed: (none)\n  Candidate: 8.1-1\n  Version table:\n     8.1-1 500\n"
            return {"retcode": 0, "stdout": policy, "stderr": ""}
        return Dpkg({name: version for name, version in ALL.items() if name != "curl"})(command)

    modules, states = {"cmd.run_all": run}, {"pkg.installed": install}
    answer = packages.apply(topology(), "cp1", states, modules, False, with_key(Dpkg({})))
    assert answer["result"] is False and answer["changes"] == {}
    assert answer["comment"].startswith("Node cp1: curl could not be installed: E: Unmet dependencies.")
    assert asked == [{"pkgs": ["curl"], "refresh": False}], "any version: apt follows its own priorities"


def test_apt_tells_candidates_and_versions() -> None:
    text = """kubelet:
  Installed: (none)
  Candidate: 1.36.4-1.1
  Version table:
     1.36.9-1.1 -1
        500 http://mirror.lan/1.36/deb  Packages
     1.36.4-1.1 99
        500 http://mirror.lan/1.36/deb  Packages
containerd.io:
  Installed: 2.2.1-1
  Candidate: 2.2.1-1
  Version table:
 *** 2.2.1-1 500
        500 http://mirror.lan/containerd  Packages
        100 /var/lib/dpkg/status
nothing:
  Installed: (none)
  Candidate: (none)
  Version table:"""
    apt = package_manager.Apt({"cmd.run_all": lambda *_, **__: {"retcode": 0, "stdout": text, "stderr": ""}})
    offers = apt.offered(["kubelet"])
    assert (offers["kubelet"].candidate, offers["kubelet"].versions) == (
        "1.36.4-1.1",
        ["1.36.9-1.1", "1.36.4-1.1"],
    )
    assert offers["containerd.io"].versions == ["2.2.1-1"]
    assert (offers["nothing"].candidate, offers["nothing"].versions) == (None, [])


def test_dnf_is_asked_once_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locks = tmp_path / "versionlock.list"
    locks.write_text(
        "# Added lock on Mon Nov 23 10:00:00 2026\nkubelet-0:1.36.4-150500.1.1.*\n!curl-0:7.76.1-1.*\n"
    )
    monkeypatch.setattr(package_manager, "_VERSION_LOCKS", locks)
    answers = {
        "rpm": "kubelet 0:1.36.4-150500.1.1\npackage kubectl is not installed\nbind 32:9.16.23-1.el9",
        "dnf": "kubelet 1.36.4-150500.1.1\nkubelet 1.36.10-150500.1.1\nkubelet 0:1.36.4-150500.1.1\ncurl 7.76.1-1",
    }

    def compare(left: str, right: str) -> int:
        numbers = [[int(part) for part in text.split("-")[0].split(".")] for text in (left, right)]
        return (numbers[0] > numbers[1]) - (numbers[0] < numbers[1])

    dnf = package_manager.of(
        "rpm",
        {
            "cmd.run_all": lambda command, **_: {"retcode": 0, "stdout": answers[command[3]], "stderr": ""},
            "pkg.version_cmp": compare,
        },
    )
    there = dnf.installed(["kubelet", "kubectl", "bind"])
    assert there["kubelet"] == package_manager.Installed("1.36.4-150500.1.1", held=True)
    assert there["bind"] == package_manager.Installed("32:9.16.23-1.el9", held=False)
    assert "kubectl" not in there
    offers = dnf.offered(["kubelet"])
    assert offers["kubelet"].versions == ["1.36.10-150500.1.1", "1.36.4-150500.1.1"]
    assert offers.keys() == {"kubelet"}


def test_dnf_leaves_a_repository_out_and_it_is_told() -> None:
    said = """Kubernetes 1.36                                 0.0  B/s |   0  B     00:00
Errors during downloading metadata for repository 'kubernetes':
  - Curl error (7): Couldn't connect to server for http://mirror.lan/1.36/repodata/repomd.xml
Error: Failed to download metadata for repo 'kubernetes': Cannot download repomd.xml
Ignoring repositories: kubernetes
Metadata cache created."""
    dnf = package_manager.Dnf({"cmd.run_all": lambda *_, **__: {"retcode": 0, "stdout": "", "stderr": said}})
    assert dnf.refresh() == [
        "Curl error (7): Couldn't connect to server for http://mirror.lan/1.36/repodata/repomd.xml",
        "Error: Failed to download metadata for repo 'kubernetes': Cannot download repomd.xml",
    ]


def test_no_answer_is_not_an_empty_host() -> None:
    with pytest.raises(host.HostError, match="dpkg-query does not say what is installed: it did not end"):
        package_manager.Apt(
            {"cmd.run_all": lambda *_, **__: {"retcode": 124, "stdout": "", "stderr": ""}}
        ).installed(["curl"])
