"""What the kubelet's and kube-proxy's checks share: both programs merely log unknown fields and go on."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from programs import documents
from programs.verdict import Finished, Verdict

LENIENT = "Using lenient decoding"
"""Logged when a field is unknown or given twice; the file is then decoded again without that check."""


def check_documents(
    file: Path, kind: str, read: Callable[[Path, Path], Finished], accepted: Callable[[Finished, Path], bool]
) -> Verdict:
    """Have `read` run the program on each document of `kind` in the file.

    `read` and `accepted` are given the document's copy and an empty directory of its own, respectively what
    `read` returned and that directory. A file without such a document is not accepted.
    """
    texts = documents.of_kind(file, kind)
    if not texts:
        return Verdict(False, f"{file}: no {kind} in it")
    good, output = True, []
    for text in texts:
        with tempfile.TemporaryDirectory(prefix="k8s-ha-component-") as temporary:
            copy = Path(temporary) / "config.yaml"
            copy.write_text(text, encoding="utf-8")
            done = read(copy, Path(temporary))
            good = good and LENIENT not in done.said and accepted(done, Path(temporary))
            output.append(f"{file} ({kind}): exit {done.code}\n{done.said}")
    return Verdict(good, "".join(output))
