"""Renders a Helm chart on this host; what it gives is applied as any other manifest."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from saltext.k8s_ha.utils import bounded
from saltext.k8s_ha.utils.host import Host, HostError

_SECONDS = 120


def template(
    chart: Mapping[str, Any],
    release_of_kubernetes: str,
    host: Host,
    modules: Mapping[str, Callable[..., Any]],
) -> str:
    """The manifests of a chart, its definitions of custom resources included.

    :param chart: as :py:meth:`Topology.network_chart` gives it.
    :param modules: Salt's ``__salt__``.
    :raises HostError: when helm is not installed, or cannot render the chart.
    """
    program = host.program("helm")
    if program is None:
        raise HostError(
            f"the chart {chart['name']} of network.cni.chart needs the program helm, which is not installed on this "
            "node; install it, or give the chart's manifests as network.cni.manifests"
        )
    options = ["--namespace", chart["namespace"], "--include-crds", "--kube-version", release_of_kubernetes]
    for option in ("repository", "version"):
        if chart.get(option):
            options += ["--repo" if option == "repository" else "--version", chart[option]]
    with tempfile.TemporaryDirectory(prefix="k8s-ha-helm-") as directory:
        values = Path(directory) / "values.json"
        # JSON is YAML.
        values.write_text(json.dumps(chart.get("values", {})), encoding="utf-8")
        command = [program, "template", chart["release"], chart["name"], *options, "--values", str(values)]
        done = bounded.run(modules, command, _SECONDS)
    if done.timed_out:
        raise HostError(
            f"`helm template` of {chart['name']} did not end within {_SECONDS} s; does its repository answer?"
        )
    if done.code != 0:
        said = [line for line in done.stderr.splitlines() if line.startswith("Error:")] or ["it said nothing"]
        raise HostError(f"`helm template` of {chart['name']} failed: {said[0]}")
    return done.stdout
