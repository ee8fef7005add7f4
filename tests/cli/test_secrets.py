"""A marker under every key that holds a secret appears in no output at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.conftest import pillar_of
from command import k8s_ha

Write = Callable[..., Path]
MARKER = "marker-4711-of-a-secret"

SECRETS = f"""
  load_balancer: {{keepalived: {{auth_pass: {MARKER}}}}}
  images:
    registry_password: "{MARKER}"
  security:
    encryption_at_rest:
      encryption_key: '{MARKER}'
  proxmox:
    connection:
      token: |
        {MARKER}
        {MARKER}
    vm: {{storage: local-lvm, bridge: vmbr0, cloud_init: {{user: admin, password: {MARKER}}}}}
  dr:
    destinations:
      cloud: {{type: s3, secret_key: {MARKER}}}
"""

WRONG = [
    ("as literals", ""),
    ("with an unknown key beside", "  imags: {password: " + MARKER + "}\n"),
    ("with a wrong type", "  drift: {token: " + MARKER + "}\n"),
    ("in a list", "  mesh: [{password: " + MARKER + "}]\n"),
    ("in malformed text", "  apps: {x: {password: " + MARKER + "}\n"),
    ("twice", "  certs: {password: " + MARKER + ", password: " + MARKER + "}\n"),
    ("as a key of another type", "  ingress: {secret: [" + MARKER + ", {a: " + MARKER + "}]}\n"),
]


@pytest.mark.parametrize("extra", [text for _, text in WRONG], ids=[name for name, _ in WRONG])
@pytest.mark.parametrize(
    "arguments",
    [
        ["lint", "{}"],
        ["lint", "{}", "--color", "always"],
        ["lint", "{}", "--format", "json"],
        ["lint", "{}", "--format", "sarif"],
        ["lint", "{}", "--format", "junit"],
        ["lint", "{}", "--format", "github"],
        ["show", "{}"],
        ["show", "{}", "--effective"],
        ["show", "{}", "--machines"],
        ["show", "{}", "--as-read"],
        ["render", "{}", "--all", "--out", "{}.out"],
    ],
    ids=" ".join,
)
def test_no_output_shows_a_secret(pillar: Write, tmp_path: Path, extra: str, arguments: list[str]) -> None:
    base = re.sub(r"  proxmox:\n(    .*\n)+", "", pillar_of("proxmox"))
    path = pillar(text=base + SECRETS + extra)
    assert MARKER in path.read_text(encoding="utf-8")
    done = k8s_ha(*[part.format(path) for part in arguments], check=False)
    assert MARKER not in done.stdout, done.stdout
    assert MARKER not in done.stderr, done.stderr
    for written in tmp_path.rglob("*"):
        if written.is_file() and written != path:
            assert MARKER not in written.read_text(encoding="utf-8"), written


def test_a_literal_is_refused_and_its_reference_is_not(pillar: Write) -> None:
    base = re.sub(r"  proxmox:\n(    .*\n)+", "", pillar_of("proxmox"))
    literal = k8s_ha("lint", pillar(text=base + SECRETS), check=False)
    assert "SEC-001" in literal.stdout
    references = SECRETS.replace(f"|\n        {MARKER}\n        {MARKER}", MARKER).replace(
        MARKER, "sdb://keys/x"
    )
    assert "SEC-001" not in k8s_ha("lint", pillar(text=base + references), check=False).stdout
