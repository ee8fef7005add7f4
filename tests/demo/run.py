"""The main job in one minute, without root: lint, apply with the real Salt into a folder, again, refuse.

Run by `make demo`. Everything it writes is below `.demo` in the checkout.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parents[2]
DEMO = HERE / ".demo"
EXAMPLE = HERE / "pillar" / "stacked-three-masters"
MINION = "master-1"
BIN = Path(sys.executable).parent

State = dict[str, Any]


def say(text: str = "") -> None:
    """Print at once, so that the order of ours and of other programs' output is right."""
    print(text, flush=True)


def title(text: str) -> None:
    """Say what comes next."""
    say(f"\n\033[1m{text}\033[0m" if sys.stdout.isatty() else f"\n== {text}")


def command(*arguments: str | Path) -> int:
    """Run a program of the virtual environment and show what it says."""
    say("$ " + " ".join(_short(argument) for argument in arguments))
    return subprocess.run([BIN / str(arguments[0]), *arguments[1:]], cwd=HERE).returncode


def _short(argument: str | Path) -> str:
    text = str(argument)
    return text.replace(f"{HERE}/", "")


def minion(name: str, pillar: Path) -> Path:
    """A folder with the configuration of a masterless minion of its own, and an empty host below it."""
    folder = DEMO / name
    formula = subprocess.run(
        [sys.executable, "-c", "from saltext.k8s_ha import formula_path; print(formula_path())"],
        check=True,
        capture_output=True,
        text=True,
        cwd=DEMO,
    ).stdout.strip()
    folder.mkdir(parents=True)
    (folder / "states").mkdir()
    (folder / "states" / "neighbour.sls").write_text(
        f"{folder}/root/etc/motd:\n  file.managed:\n    - contents: not ours\n    - makedirs: True\n",
        encoding="utf-8",
    )
    settings = {
        "id": MINION,
        "file_client": "local",
        "root_dir": str(folder / "salt"),
        "log_level": "error",
        "file_roots": {"base": [formula, str(folder / "states")]},
        "pillar_roots": {"base": [str(pillar)]},
        "k8s_ha": {"root": str(folder / "root")},
    }
    (folder / "minion").write_text(json.dumps(settings), encoding="utf-8")
    return folder


def apply(folder: Path, *arguments: str) -> list[State]:
    """`salt-call --local state.apply`: the states in the order in which they ran."""
    say("$ salt-call --local state.apply " + " ".join(arguments))
    done = subprocess.run(
        [BIN / "salt-call", "--local", "--out=json", "-c", folder, "state.apply", *arguments],
        capture_output=True,
        text=True,
        cwd=DEMO,
    )
    try:
        states = json.loads(done.stdout)["local"]
        return sorted(states.values(), key=lambda state: state["__run_num__"])
    except (ValueError, KeyError, TypeError, AttributeError):
        sys.exit(f"salt-call gave no states:\n{done.stdout}{done.stderr}")


def summary(states: list[State]) -> str:
    """How many states there were, and what became of them."""
    failed = [state for state in states if state["result"] is False]
    waiting = [state for state in states if state["result"] is None]
    changed = [state for state in states if state["changes"]]
    told = f"{len(failed)} failed, {len(waiting)} would change, {len(changed)} with changes"
    return f"{len(states)} states: {told}"


def listing(root: Path) -> None:
    """The files below a root, with their modes."""
    for path in sorted(root.rglob("*")):
        if path.is_file():
            say(f"  {path.stat().st_mode & 0o777:04o} /{path.relative_to(root)}")


def expect(condition: bool, what: str) -> None:
    """End with what is wrong: a demo that shows something else is no demo."""
    if not condition:
        sys.exit(f"\nThe demo did not show what it should: {what}")


def good() -> None:
    """Lint, predict, apply, apply again."""
    title("1. The pillar is judged")
    expect(command("k8s-ha", "lint", EXAMPLE) == 0, "the example passes")
    command("k8s-ha", "show", EXAMPLE)

    title(f"2. What would Salt do on {MINION}?")
    folder = minion("good", EXAMPLE)
    predicted = apply(folder, "k8s.ha", "test=True")
    say(summary(predicted))
    expect(not any((folder / "root").rglob("*")), "a dry run writes nothing")

    title("3. Salt does it")
    done = apply(folder, "k8s.ha")
    say(summary(done))
    expect(all(state["result"] for state in done), "every state succeeds")
    listing(folder / "root")
    for state in done:
        if "Next step" in str(state["comment"]):
            say(str(state["comment"]))

    title("4. A second run changes nothing")
    again = apply(folder, "k8s.ha")
    say(summary(again))
    expect(all(state["result"] and not state["changes"] for state in again), "nothing changes")


def broken() -> None:
    """The same pillar with one mistake: refused by the lint and on the minion; nothing else is stopped."""
    title("5. One address for two masters: refused before anything changes")
    pillar = DEMO / "broken-pillar"
    shutil.copytree(EXAMPLE, pillar)
    (file,) = (path for path in pillar.glob("*.sls") if path.name != "top.sls")
    text = file.read_text(encoding="utf-8")
    changed = text.replace("10.20.0.12}", "10.20.0.11}")
    expect(changed != text, "the example has the address that is changed")
    file.write_text(changed, encoding="utf-8")
    expect(command("k8s-ha", "lint", pillar) == 1, "the lint refuses")
    folder = minion("broken", pillar)
    states = apply(folder, "k8s.ha,neighbour")
    refused = [state for state in states if state["result"] is False]
    say(summary(states))
    say(str(refused[0]["comment"]) if refused else "nothing was refused")
    expect(bool(refused), "Salt refuses")
    written = [path for path in (folder / "root").rglob("*") if path.is_file()]
    expect([path.name for path in written] == ["motd"], "only the neighbour's file is written")
    say("The neighbouring state of another formula ran: /etc/motd is there, and nothing of ours.")


def main() -> None:
    """Show all of it."""
    shutil.rmtree(DEMO, ignore_errors=True)
    DEMO.mkdir()
    good()
    broken()
    say(f"\nEverything above is real: look below {_short(DEMO / 'good' / 'root')}.")


if __name__ == "__main__":
    main()
