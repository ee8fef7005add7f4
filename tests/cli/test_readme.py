"""What the README shows is true."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from command import ROOT, k8s_ha

README = (ROOT / "README.md").read_text(encoding="utf-8")
PILLAR = re.findall(r"```yaml\n(k8s_ha:.*?)```", README, re.DOTALL)[0]


def test_the_pillar_of_the_readme_has_no_finding(pillar: Callable[..., Path]) -> None:
    assert k8s_ha("lint", "--fail-on", "warn", pillar(text=PILLAR)).stdout == "no findings\n"
    assert len(PILLAR.splitlines()) <= 20


def test_the_finding_of_the_readme_is_what_is_printed(pillar: Callable[..., Path]) -> None:
    broken = PILLAR.replace("10.0.10.12", "10.0.10.11")
    shown = re.search(r"\$ k8s-ha lint pillar/\n(.*?)```", README, re.DOTALL)
    assert shown
    printed = k8s_ha("lint", pillar(text=broken), check=False).stdout
    assert re.sub(r"--> \S+/cluster.sls:", "--> pillar/prod1.sls:", printed).strip() == shown.group(1).strip()


def test_the_targets_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"make (\w+)", README))
    assert {"demo", "test"} <= named
    assert not [name for name in named if f"\n{name}:" not in makefile]
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert not [link for link in links if not (ROOT / link).exists()]
