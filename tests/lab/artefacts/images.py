"""The container images that kubeadm asks for, made of programs that were built here: no registry is asked."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from lab.artefacts import docker_archive, store
from lab.artefacts.command import identity, located, run, version
from lab.artefacts.docker_archive import Image
from programs import NotRun

_PROGRAMS = "/usr/local/bin"
_COREDNS = "coredns-1.14"
_PAUSE_SOURCE = Path(__file__).with_name("pause.c")
_COMPONENTS = ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy")
_HELPERS = ("nft", "conntrack")
"""Programs that kube-proxy runs."""

_PROTOCOLS = "tcp 6 TCP\nudp 17 UDP\nsctp 132 SCTP\nicmp 1 ICMP\nipv6-icmp 58 IPv6-ICMP\n"
"""nft looks up the names of protocols in /etc/protocols."""


def archive(minor: str) -> Path:
    """A docker-archive with every image of `kubeadm config images list` for that minor (`1.36`).

    Imported on a host by `ctr -n k8s.io images import`. The names are kubeadm's; etcd and CoreDNS are the
    releases that `tests/tools` builds of the same minor (CoreDNS: of 1.14), whatever patch the tag says.
    Raises NotRun when a program cannot be built or the minor is not one that the lab builds.
    """
    wanted = names(minor)
    tools = _tools(minor, wanted)
    helpers = _helper_files()
    inputs = [
        *store.recipe("images.py", "docker_archive.py", "pause.c"),
        *wanted,
        *(identity(tool) for tool in tools),
        *(f"{path} {store.file_digest(source)}" for path, source in helpers.items()),
    ]

    def make(result: Path) -> None:
        with tempfile.TemporaryDirectory(dir=result.parent) as scratch:
            pause = _compile_pause(Path(scratch) / "pause")
            images = [_image(reference, minor, pause, helpers) for reference in wanted]
            docker_archive.write(result, images)

    return store.kept("images", minor, inputs, make, suffix=".tar")


def names(minor: str) -> list[str]:
    """The images that kubeadm of that minor asks for, with registry and tag. Raises NotRun."""
    tool = f"kubeadm-{minor}"
    kubeadm = located(tool)[tool]
    release = f"v{version(tool)}"
    listed = run(
        [kubeadm, "config", "images", "list", "--kubernetes-version", release],
        purpose=f"the images of Kubernetes {release} are not known",
        limit_seconds=60,
    )
    return listed.split()


def _tools(minor: str, wanted: Sequence[str]) -> list[str]:
    """The Go tools in these images."""
    etcd = next(_etcd_tool(reference) for reference in wanted if "/etcd:" in reference)
    tools = [*(f"{component}-{minor}" for component in _COMPONENTS), etcd, _COREDNS]
    located(*tools)
    return tools


def _etcd_tool(reference: str) -> str:
    found = re.search(r":(\d+\.\d+)\.", reference)
    if found is None:
        raise NotRun(
            f"the image {reference} has no version of etcd in its tag; to make it run: adapt {__file__}"
        )
    return f"etcd-{found.group(1)}"


def _image(reference: str, minor: str, pause: Path, helpers: dict[str, Path]) -> Image:
    name = reference.rpartition(":")[0].rpartition("/")[2]
    if name == "pause":
        return Image(reference, {"/pause": pause}, ["/pause"])
    if name == "coredns":
        return Image(reference, {"/coredns": located(_COREDNS)[_COREDNS]}, ["/coredns"])
    if name == "etcd":
        tool = _etcd_tool(reference)
        folder = located(tool)[tool].parent
        return Image(
            reference, {f"{_PROGRAMS}/{name}": folder / name for name in ("etcd", "etcdctl", "etcdutl")}
        )
    if name in _COMPONENTS:
        tool = f"{name}-{minor}"
        files: dict[str, Path | str] = {f"{_PROGRAMS}/{name}": located(tool)[tool]}
        if name == "kube-proxy":
            files |= {**helpers, "/etc/protocols": _PROTOCOLS}
        return Image(reference, files)
    raise NotRun(
        f"kubeadm {minor} asks for {reference}, which the lab cannot make; to make it run: adapt {__file__}"
    )


def _helper_files() -> dict[str, Path]:
    """Programs of Debian and their shared libraries: path in the image, and the file here."""
    programs = located(*_HELPERS)
    files = {f"/usr/sbin/{name}": programs[name].resolve() for name in _HELPERS}
    for program in programs.values():
        listed = run(
            ["ldd", program], purpose=f"the shared libraries of {program} are not known", limit_seconds=60
        )
        # `libmnl.so.0 => /lib/x86_64-linux-gnu/libmnl.so.0 (0x…)`, and the loader without an arrow.
        for path in re.findall(r"(?:=> |^\s*)(/\S+) \(0x", listed, re.MULTILINE):
            files[path] = Path(path).resolve()
    return files


def _compile_pause(program: Path) -> Path:
    gcc = located("gcc")["gcc"]
    run(
        [gcc, "-Os", "-static", "-s", "-Wall", "-Werror", "-o", program, _PAUSE_SOURCE],
        purpose="the image pause is not made",
        limit_seconds=60,
    )
    return program
