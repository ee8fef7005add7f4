"""Brings one file of a node to what the pillar wants, through Salt's own file states."""

from __future__ import annotations

import difflib
import os
import shlex
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import kubernetes, present
from saltext.k8s_ha.utils.answer import Answer, state_answer
from saltext.k8s_ha.utils.decision import Decision, decide
from saltext.k8s_ha.utils.host import Host
from saltext.k8s_ha.utils.record import Record, sha256, sync_directory

if TYPE_CHECKING:
    from saltext.k8s_ha._core import File

# Directories are open, whatever the mode of their first file: Salt would derive 0700 from a secret one.
_DIRECTORY_MODE = "0755"
_CHECK_SECONDS = 60
_DIFFERENCE_LINES = 60


@dataclass(frozen=True)
class Writer:
    """What is needed to write, besides the file.

    ``states`` and ``modules`` are Salt's ``__states__`` and ``__salt__``; ``release`` is the pillar's
    Kubernetes.
    """

    host: Host
    states: Mapping[str, Callable[..., Answer]]
    modules: Mapping[str, Callable[..., Any]]
    test: bool
    cachedir: str
    drift: str
    release: str

    def apply(self, file: File) -> Answer:
        """Bring a file to what the pillar wants.

        :returns: ``result``, ``changes``, ``comment`` and, where there are any, ``warnings`` of a state.
        :raises HostError: when the host has to be mended first.
        :raises OSError: when it cannot be read or written.
        """
        place = self.host.path(file["path"])
        record = Record(self.host)
        known = record.known(file["path"])
        there = present.read(file, place)
        decision = decide(file, there, known, self.drift)
        if not decision.writes:
            return self._leave(file, place, there, decision, record)
        refusal = self._refusal(file)
        if refusal:
            return state_answer(False, f"{file['path']} is not written: {refusal}")
        wanted = sha256(file["contents"])
        if known and not self.test:
            # Whether this run ends before or after the file is written, what is there is known to be ours.
            record.keep(file["path"], [*known, wanted])
        since = _unchanged_since(file, there, place)
        written = self._put(file, place, decision)
        if written["result"] and not self.test:
            if since is not None:
                os.utime(place, ns=(since, since))
            record.keep(file["path"], [wanted])
        return written

    def text_of(self, file: File) -> str | None:
        """The text of a file as it is, or in test mode as it would be; None where there is none."""
        there = present.read(file, self.host.path(file["path"]))
        if not self.test:
            return there
        known = Record(self.host).known(file["path"])
        return file["contents"] if decide(file, there, known, self.drift).writes else there

    def _leave(
        self, file: File, place: Path, there: str | None, decision: Decision, record: Record
    ) -> Answer:
        path = file["path"]
        if decision is Decision.KEEP:
            is_ours = file["managed"] == "yes"
            if is_ours and not self.test:
                record.keep(path, [sha256(file["contents"])])
            if is_ours and file["part"] == "whole":
                # Mode and owner may still differ.
                return self._whole(file, place, decision)
            return state_answer(True, f"{path} is as wanted.")
        text = f"{path} is not written: {decision.value}."
        if decision is Decision.CONFLICT:
            return state_answer(
                False,
                f"{text} Move the change into the pillar, or set `drift: enforce`.{_difference(file, there)}",
            )
        return state_answer(True, f"{text}{_difference(file, there)}", warnings=[text])

    def _refusal(self, file: File) -> str | None:
        if kubernetes.is_bound(file):
            releases = kubernetes.installed(self.host, self.modules["cmd.run_all"])
            mismatch = kubernetes.mismatch(releases, self.release)
            if mismatch:
                return mismatch
        return self._unaccepted(file)

    def _unaccepted(self, file: File) -> str | None:
        """What the program that reads the file says against it, also in test mode: it changes nothing.

        A program that is not installed yet cannot say anything, and one whose other files are not there yet
        would refuse any text. What a program prints about a secret file may
        quote it.
        """
        words = shlex.split(file["check"] or "")
        if not words or not self.host.is_live or shutil.which(words[0]) is None:
            return None
        if not all(Path(path).exists() for path in file["needs"]):
            return None
        with tempfile.TemporaryDirectory(prefix="k8s-ha-") as directory:
            candidate = Path(directory) / Path(file["path"]).name
            candidate.touch(mode=0o600)
            candidate.write_text(file["contents"], encoding="utf-8")
            command = [word.replace("{file}", str(candidate)) for word in words]
            answer = self.modules["cmd.run_all"](
                command,
                python_shell=False,
                timeout=_CHECK_SECONDS,
                ignore_retcode=True,
                output_loglevel="quiet",
            )
        if answer["retcode"] == 0:
            return None
        output = f"{answer['stdout']}\n{answer['stderr']}".strip()
        said = "its output may hold secrets" if file["secret"] else output
        return f"`{file['check']}` refuses it ({said})"

    def _put(self, file: File, place: Path, decision: Decision) -> Answer:
        if file["part"] == "block":
            return self._block(file, place, decision)
        if kubernetes.is_static_pod(file) and not self.test:
            return self._staged(file, place, decision)
        return self._whole(file, place, decision)

    def _whole(self, file: File, place: Path, decision: Decision, contents: str | None = None) -> Answer:
        user, group = self.host.owner(file["user"], file["group"])
        existed = place.exists()
        answer = self.states["file.managed"](
            str(place),
            contents=file["contents"] if contents is None else contents,
            mode=file["mode"],
            user=user,
            group=group,
            makedirs=True,
            dir_mode=_DIRECTORY_MODE,
            show_changes=not file["secret"],
            backup="minion" if decision.backs_up else "",
        )
        return self._told(file, decision, answer, new=not existed)

    def _staged(self, file: File, place: Path, decision: Decision) -> Answer:
        """Write a static pod aside, on the same filesystem, and rename it.

        Salt writes its temporary file beside its target, and the kubelet takes every file in the directory of
        manifests that does not begin with a dot for a pod.
        """
        staging = place.parent.parent / ".k8s-ha-staging"
        existed = place.exists()
        for directory in (staging, place.parent):
            directory.mkdir(parents=True, exist_ok=True)
        candidate = staging / place.name
        try:
            if existed:
                shutil.copy2(place, candidate)
                if decision.backs_up:
                    _keep_backup(place, self.cachedir)
            answer = self._whole(file, candidate, Decision.UPDATE)
            if answer["result"]:
                with candidate.open("rb") as stream:
                    os.fsync(stream.fileno())
                candidate.replace(place)
                sync_directory(place.parent)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
        return self._told(file, decision, answer, new=not existed)

    def _block(self, file: File, place: Path, decision: Decision) -> Answer:
        if not place.exists():
            return self._whole(file, place, decision, present.as_block(file["contents"]))
        answer = self.states["file.blockreplace"](
            str(place),
            marker_start=present.BLOCK_START,
            marker_end=present.BLOCK_END,
            content=file["contents"],
            append_if_not_found=True,
            backup=".k8s-ha-backup" if decision.backs_up else False,
            show_changes=not file["secret"],
        )
        return self._told(file, decision, answer, new=False)

    def _told(self, file: File, decision: Decision, answer: Answer, *, new: bool) -> Answer:
        """Salt's answer in our words, the same in test mode and in the real run."""
        path = file["path"]
        if answer["result"] is False:
            return state_answer(False, f"{path} is not written: {answer['comment']}")
        changes = {"diff": "New file"} if new else dict(answer["changes"])
        if file["secret"] and "diff" in changes and not new:
            changes["diff"] = "<not shown: the file holds secrets>"
        if not changes:
            return state_answer(True, f"{path} is as wanted.")
        done = "would be written" if self.test else "was written"
        why = "its mode or its owner differs" if decision is Decision.KEEP else decision.value
        return state_answer(None if self.test else True, f"{path} {done}: {why}.", changes)


def _unchanged_since(file: File, there: str | None, place: Path) -> int | None:
    """Since when a file has meant what it is to mean, in nanoseconds since the epoch; None where that changes.

    The time of a file says whether a service that was started since has read what matters in it.
    """
    from saltext.k8s_ha import _core

    texts = (there, file["contents"])
    if there is None or len({_core.meaning(file["path"], text or "") for text in texts}) > 1:
        return None
    return place.stat().st_mtime_ns


def _keep_backup(place: Path, cachedir: str) -> None:
    import salt.utils.files

    salt.utils.files.backup_minion(str(place), str(Path(cachedir) / "file_backup"))


def _difference(file: File, there: str | None) -> str:
    """From what is there to what the pillar wants, for a file that may be shown."""
    if file["secret"]:
        return ""
    # Bytes that are no UTF-8 cannot travel to the master.
    shown = (there or "").encode(errors="surrogateescape").decode(errors="replace")
    texts = (shown.splitlines(), file["contents"].splitlines())
    lines = list(difflib.unified_diff(*texts, "present", "wanted", lineterm=""))
    if len(lines) > _DIFFERENCE_LINES:
        lines = [*lines[:_DIFFERENCE_LINES], f"... and {len(lines) - _DIFFERENCE_LINES} lines more"]
    return "\n" + "\n".join(lines)
