"""Each check accepts a good file and refuses bad ones: a check that never refuses proves nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from programs import (
    chrony,
    containerd,
    etcd,
    haproxy,
    keepalived,
    nftables,
    sh,
    systemd,
)
from programs import example_files as example
from programs.expectations import Node, assert_accepted, assert_refused, replaced
from programs.verdict import Verdict


class TestHaproxy:
    def check(self, node: Node, text: str) -> Verdict:
        return haproxy.check(node({"/etc/haproxy/haproxy.cfg": text}))

    def test_accepts_with_the_certificates_still_absent(self, node: Node) -> None:
        assert_accepted(self.check(node, example.HAPROXY))

    @pytest.mark.parametrize(
        ("text", "because"),
        [
            (replaced(example.HAPROXY, "timeout connect", "timeout conect"), "got 'conect'"),
            (replaced(example.HAPROXY, "    timeout client 10m\n", ""), "missing timeouts"),
            (
                replaced(example.HAPROXY, "default_backend api_servers", "default_backend elsewhere"),
                "elsewhere",
            ),
            (example.HAPROXY.rstrip("\n"), "Missing LF"),
        ],
    )
    def test_refuses(self, node: Node, text: str, because: str) -> None:
        assert_refused(self.check(node, text), because)

    def test_refuses_a_directory_without_it(self, tmp_path: Path) -> None:
        assert_refused(haproxy.check(tmp_path), "has no /etc/haproxy/haproxy.cfg")


class TestKeepalived:
    def check(self, node: Node, text: str, script: str = example.CHECK_SCRIPT) -> Verdict:
        return keepalived.check(
            node({"/etc/keepalived/keepalived.conf": text, example.CHECK_SCRIPT_PATH: script})
        )

    def test_accepts(self, node: Node) -> None:
        assert_accepted(self.check(node, example.KEEPALIVED))

    @pytest.mark.parametrize(
        ("old", "new", "because"),
        [
            ("interval 2", "intervall 2", "Unknown keyword 'intervall'"),
            ("virtual_router_id 61", "virtual_router_id 300", "300"),
            ("state BACKUP", "state MASTER", "nopreempt"),
            ("    enable_script_security\n", "", "SECURITY VIOLATION"),
            (example.CHECK_SCRIPT_PATH, "/usr/libexec/keepalived/absent", "since not found"),
            ("interface eth7\n", "interface eth7\n    vrrp_strict\n", "Unknown keyword 'vrrp_strict'"),
        ],
    )
    def test_refuses(self, node: Node, old: str, new: str, because: str) -> None:
        assert_refused(self.check(node, replaced(example.KEEPALIVED, old, new)), because)

    def test_refuses_a_script_that_is_not_executable(self, node: Node) -> None:
        script = example.CHECK_SCRIPT.removeprefix("#!/bin/sh\n")
        assert_refused(self.check(node, example.KEEPALIVED, script), "not executable")

    def test_refuses_a_script_that_others_may_write(self, node: Node) -> None:
        root = node(
            {"/etc/keepalived/keepalived.conf": example.KEEPALIVED, example.CHECK_SCRIPT_PATH: "#!/bin/sh\n"}
        )
        (root / example.CHECK_SCRIPT_PATH.lstrip("/")).chmod(0o777)
        assert_refused(keepalived.check(root), "writable by others")

    def test_refuses_a_directory_without_it(self, tmp_path: Path) -> None:
        assert_refused(keepalived.check(tmp_path), "has no /etc/keepalived/keepalived.conf")


CONTAINERD = {1: example.CONTAINERD_VERSION_2, 2: example.CONTAINERD_VERSION_3}


class TestContainerd:
    def check(self, node: Node, text: str, major: int) -> Verdict:
        return containerd.check(node({"/etc/containerd/config.toml": text}), major)

    @pytest.mark.parametrize("major", [1, 2])
    def test_accepts(self, node: Node, major: int) -> None:
        assert_accepted(self.check(node, CONTAINERD[major], major))

    @pytest.mark.parametrize("major", [1, 2])
    @pytest.mark.parametrize(
        ("old", "new", "because"),
        [
            ("SystemdCgroup = true", "SystemdCgrup = true", "SystemdCgrup is no option"),
            ("SystemdCgroup = true", "SystemdCgroup = false", "SystemdCgroup is not true"),
            ("sandbox", "sandboxx", "sandbox"),
            ("config_path", "config_pathh", "config_pathh"),
            ('"/etc/containerd/certs.d"', "[1]", "exit 1"),
        ],
    )
    def test_refuses(self, node: Node, major: int, old: str, new: str, because: str) -> None:
        assert_refused(self.check(node, replaced(CONTAINERD[major], old, new), major), because)

    @pytest.mark.parametrize("major", [1, 2])
    def test_refuses_the_configuration_of_the_other_major(self, node: Node, major: int) -> None:
        assert_refused(self.check(node, CONTAINERD[3 - major], major), "version is meant to be")

    def test_tells_the_effective_sandbox_image(self, node: Node) -> None:
        root = node({"/etc/containerd/config.toml": CONTAINERD[2]})
        effective = containerd.effective_configuration(root, 2)
        assert containerd.sandbox_image(effective, 2) == "registry.k8s.io/pause:3.10.2"


class TestChrony:
    def check(self, node: Node, text: str) -> Verdict:
        return chrony.check(
            node({"/etc/chrony/chrony.conf": text, "/etc/chrony/sources.d/a.sources": example.SOURCES})
        )

    def test_accepts(self, node: Node) -> None:
        assert_accepted(self.check(node, example.CHRONY))

    @pytest.mark.parametrize(
        ("old", "new", "because"),
        [
            ("makestep", "makestepp", "Invalid directive"),
            ("iburst", "ibrust", "Could not parse server directive"),
            ("/etc/chrony/sources.d", "/etc/chrony/absent.d", "/etc/chrony/absent.d is included"),
        ],
    )
    def test_refuses(self, node: Node, old: str, new: str, because: str) -> None:
        assert_refused(self.check(node, replaced(example.CHRONY, old, new)), because)

    def test_reads_included_files(self, node: Node) -> None:
        root = node({"/etc/chrony/chrony.conf": example.CHRONY, "/etc/chrony/sources.d/a.conf": "bogus\n"})
        assert_refused(chrony.check(root), "Invalid directive")


class TestNftables:
    PATH = "/etc/nftables.d/k8s-ha.nft"

    def test_accepts(self, node: Node) -> None:
        assert_accepted(nftables.check(node({self.PATH: example.NFTABLES}), self.PATH))

    @pytest.mark.parametrize(
        ("old", "new", "because"),
        [
            ("tcp dport", "tcp dprt", "syntax error"),
            ("10.0.10.0/24", "10.0.10.0/33", "10.0.10.0/33"),
            ("hook input", "hook inptu", "inptu"),
        ],
    )
    def test_refuses(self, node: Node, old: str, new: str, because: str) -> None:
        text = replaced(example.NFTABLES, old, new)
        assert_refused(nftables.check(node({self.PATH: text}), self.PATH), because)


class TestSystemd:
    UNIT = "/etc/systemd/system/etcd.service"
    DROP_IN = "/etc/systemd/system/keepalived.service.d/k8s-ha.conf"
    GUARD = "/usr/libexec/k8s-ha/etcd-guard"

    def check(self, node: Node, unit: str = example.ETCD_UNIT, drop_in: str = example.DROP_IN) -> Verdict:
        return systemd.check(node({self.UNIT: unit, self.DROP_IN: drop_in, self.GUARD: example.CHECK_SCRIPT}))

    def test_accepts(self, node: Node) -> None:
        assert_accepted(self.check(node))

    @pytest.mark.parametrize(
        ("old", "new", "because"),
        [
            ("RestartSec", "RestartSecs", "Unknown key"),
            ("Type=notify", "Type=notifi", "notifi"),
            ("ExecStart=", "ExecStarts=", "ExecStart"),
        ],
    )
    def test_refuses_a_unit(self, node: Node, old: str, new: str, because: str) -> None:
        assert_refused(self.check(node, unit=replaced(example.ETCD_UNIT, old, new)), because)

    def test_refuses_a_drop_in(self, node: Node) -> None:
        assert_refused(
            self.check(node, drop_in=replaced(example.DROP_IN, "RestartSec=1", "RestartSec=x")), "x"
        )

    def test_refuses_a_program_of_ours_that_is_not_executable(self, node: Node) -> None:
        root = node({self.UNIT: example.ETCD_UNIT, self.GUARD: "true\n"})
        assert_refused(systemd.check(root), "not executable")


class TestEtcd:
    def check(self, node: Node, text: str) -> Verdict:
        return etcd.check(node({"/etc/etcd/etcd.conf.yml": text}))

    def test_accepts_what_becomes_healthy(self, node: Node) -> None:
        assert_accepted(self.check(node, example.ETCD))

    @pytest.mark.parametrize(
        ("old", "new", "because"),
        [
            ("election-timeout: 1000", "election-timeout: 300", "election-timeout"),
            ("election-timeout: 1000", "election-timeout: 60s", "not healthy"),
            ("snapshot-count", "snapshot-counts", "snapshot-counts is no key that etcd knows"),
            (
                "trusted-ca-file",
                "trusted-ca",
                "client-transport-security.trusted-ca is no key that etcd knows",
            ),
            ("InitialCorruptCheck=true", "Bogus=true", "Bogus"),
        ],
    )
    def test_refuses(self, node: Node, old: str, new: str, because: str) -> None:
        assert_refused(self.check(node, replaced(example.ETCD, old, new)), because)


class TestSh:
    @pytest.mark.parametrize(
        ("text", "accepted"),
        [
            (example.CHECK_SCRIPT, True),
            ("#!/bin/sh\nif true; then\n", False),
            ("exit 0\n", False),
        ],
    )
    def test_checks(self, node: Node, text: str, accepted: bool) -> None:
        verdict = sh.check(node({"/script": text}) / "script")
        assert verdict.accepted is accepted, verdict.output
