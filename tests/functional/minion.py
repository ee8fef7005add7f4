"""A masterless minion of the real Salt, with everything in a directory of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SECONDS = 120

# A highstate with a state of somebody else before and after those of the cluster.
TOP = {"base": {"*": ["before", "k8s.ha", "after"]}}
NEIGHBOUR = "{name} k8s_ha:\n  file.touch:\n    - name: {path}\n"


@dataclass
class Answer:
    """What a call came to."""

    code: int
    value: Any
    text: str
    """Everything that was printed, errors and log included."""

    @property
    def states(self) -> dict[str, dict[str, Any]]:
        """State results by state id."""
        assert isinstance(self.value, dict), self.text
        return {result["__id__"]: result for result in self.value.values()}

    @property
    def ours(self) -> dict[str, dict[str, Any]]:
        """Results of the states of this extension."""
        return {name: state for name, state in self.states.items() if name.startswith("k8s_ha ")}

    @property
    def changes(self) -> dict[str, Any]:
        """Changes of the states of this extension."""
        return {name: state["changes"] for name, state in self.ours.items() if state["changes"]}

    @property
    def failed(self) -> list[str]:
        """States of this extension that failed."""
        return [name for name, state in self.ours.items() if state["result"] is False]


@dataclass
class Minion:
    """A minion with its configuration, pillar, states, and a directory that stands for the host."""

    directory: Path
    minion_id: str = "cp1.prod1.lan"
    settings: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    user: int | None = None
    """The user that runs Salt; None for the one that runs the tests."""

    def __post_init__(self) -> None:
        from saltext.k8s_ha import formula_path

        for name in ("conf", "pillar", "states", "host"):
            (self.directory / name).mkdir(parents=True, exist_ok=True)
        self._write("states/top.sls", TOP)
        self._write("pillar/top.sls", {"base": {"*": ["k8s"]}})
        for name in ("before", "after"):
            text = NEIGHBOUR.format(name=name, path=self.directory / name)
            (self.directory / "states" / f"{name}.sls").write_text(text)
        self._write(
            "conf/minion",
            {
                "id": self.minion_id,
                "root_dir": str(self.directory / "salt"),
                "file_client": "local",
                "file_roots": {"base": [str(self.directory / "states"), formula_path()]},
                "pillar_roots": {"base": [str(self.directory / "pillar")]},
                "ext_pillar": [{"k8s_ha": {}}],
                "k8s_ha": {"root": str(self.host)},
                "enable_fqdns_grains": False,
                "log_level_logfile": "quiet",
                **self.settings,
            },
        )

    @property
    def host(self) -> Path:
        """The directory that stands for the host."""
        return self.directory / "host"

    def path(self, path: str) -> Path:
        """Where a path of the node lies."""
        return self.host / path.lstrip("/")

    def neighbours_ran(self) -> bool:
        """Whether the states of somebody else were run."""
        return all((self.directory / name).exists() for name in ("before", "after"))

    def set_pillar(self, pillar: Mapping[str, Any] | None) -> None:
        """Give the minion a pillar: the value of ``k8s_ha``, or none."""
        self._write("pillar/k8s.sls", {} if pillar is None else {"k8s_ha": pillar})

    def call(self, *arguments: str) -> Answer:
        """Run a function and return what it came to."""
        program = Path(sys.executable).with_name("salt-call")
        command = [
            sys.executable,
            str(program),
            "-c",
            str(self.directory / "conf"),
            "--local",
            "--retcode-passthrough",
        ]
        run = subprocess.run(
            [*command, "--out", "json", *arguments],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            env={**os.environ, **self.environment},
            **({} if self.user is None else {"user": self.user, "group": self.user, "extra_groups": []}),
            check=False,
        )
        text = run.stdout + run.stderr
        try:
            value = json.loads(run.stdout)["local"]
        except (ValueError, KeyError, TypeError):
            value = None
        return Answer(run.returncode, value, text)

    def highstate(self, *arguments: str) -> Answer:
        """The whole highstate: the cluster's states and those of somebody else."""
        return self.call("state.apply", *arguments)

    def written(self) -> dict[str, bytes]:
        """Every file of the host by its path."""
        files = (path for path in self.host.rglob("*") if path.is_file())
        return {f"/{path.relative_to(self.host)}": path.read_bytes() for path in files}

    def _write(self, name: str, data: object) -> None:
        # JSON is YAML, and no value of it is read as anything else.
        (self.directory / name).write_text(json.dumps(data, indent=1))
