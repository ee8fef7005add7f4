"""A host that holds the address goes on to hold it while keepalived rereads what other hosts have changed."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from programs.isolation import run_isolated
from programs.verdict import locate

from .cases import SOURCES, render

_FILE = "etc/keepalived/keepalived.conf"
_ALONE = ("cp1",)
_THREE = ("cp1", "cp2", "cp3")
_FIVE = (*_THREE, "cp4", "cp5")
_CHECK = re.compile(r'script "[^"]+"')

# Where the address is given up, that is what the reload does first; an election brings it back a second later.
_SCRIPT = """\
held() {{ {ip} -o address show dev eth0 | grep -q ' 10.0.10.5/'; }}
until_true() {{ # TENTHS COMMAND ...
    left=$1; shift
    until "$@"; do left=$((left - 1)); [ $left -gt 0 ] || {{ cat log; exit 1; }}; sleep 0.1; done
}}
cd {folder}
{ip} link set lo up
{ip} link add eth0 type veth peer name switch
{ip} link set switch up
{ip} link set eth0 up
{ip} address add 10.0.10.11/24 dev eth0
cp before.conf keepalived.conf
{keepalived} -n -l -D -P -f keepalived.conf -p own.pid -r vrrp.pid >log 2>&1 &
process=$!
trap 'kill $process; wait $process || true' EXIT
until_true 150 held
cp after.conf keepalived.conf
kill -HUP $process
lost=0
for _ in $(seq 150); do held || lost=$((lost + 1)); sleep 0.01; done
until_true 50 grep -q 'Reload complete' log
echo "lost $lost"
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [(_ALONE, _THREE), (_THREE, _FIVE), (_THREE, _ALONE)],
    ids=["one-to-three", "three-to-five", "three-to-one"],
)
def test_the_holder_keeps_the_address(
    tmp_path: Path, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    for name, hosts in {"before": before, "after": after}.items():
        (tmp_path / f"{name}.conf").write_text(_configuration(tmp_path / name, hosts), encoding="utf-8")
    script = _SCRIPT.format(ip=locate("ip"), keepalived=locate("keepalived"), folder=tmp_path)
    done = run_isolated(["sh", "-ec", script])
    assert (done.code, done.stdout) == (0, "lost 0\n"), done.said


def _configuration(folder: Path, hosts: tuple[str, ...]) -> str:
    """keepalived.conf of cp1 where these hosts are the control plane, with a check that always succeeds."""
    folder.mkdir()
    pillar = folder / "pillar.sls"
    pillar.write_text(yaml.safe_dump({"k8s_ha": _pillar(hosts)}), encoding="utf-8")
    render(pillar, folder / "nodes")
    text = (folder / "nodes" / "cp1" / _FILE).read_text(encoding="utf-8")
    return _CHECK.sub('script "/bin/true"', text)


def _pillar(hosts: tuple[str, ...]) -> dict[str, Any]:
    section: dict[str, Any] = copy.deepcopy(SOURCES["base three_masters"]()["k8s_ha"])
    workers = {name: node for name, node in section["nodes"].items() if not name.startswith("cp")}
    masters = {name: {"profile": "master", "ip": f"10.0.10.1{name[2:]}"} for name in hosts}
    section["nodes"] = {**masters, **workers}
    section["targets"] = {"survive": {"node": len(hosts) // 2}, "api_failover": "10s"}
    section["acknowledge"] = [{"code": "PLACE-005", "because": "a test of keepalived"}]
    if len(hosts) == 1:
        section["acknowledge"] = [{"code": "ETCD-001", "because": "two more hosts are ordered"}]
    return section
