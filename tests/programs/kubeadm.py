"""`kubeadm config validate` of the real kubeadm, made strict where it is not by itself."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

import yaml

from programs.verdict import Finished, Verdict, locate, run

_CLUSTER = "ClusterConfiguration"
_JOIN = "JoinConfiguration"
_DISCOVERY_FILE = re.compile(r"(\bkubeConfigPath:\s*[\"']?)/[^\s,}\"']+")


def check(file: Path, minor: str) -> Verdict:
    """Validate one kubeadm configuration file with kubeadm of `minor`, as in "1.36".

    kubeadm decodes strictly only what it reads. A component configuration alone, or beside a
    JoinConfiguration, is not read, so such a file is validated once more with a ClusterConfiguration added.
    Beside a ClusterConfiguration the values of a JoinConfiguration are not looked at by every minor, so that
    document is validated once more by itself. A document that kubeadm says it ignores is not accepted, nor is
    a file without a document (kubeadm says "ok" to that). A discovery file, which kubeadm wants to exist, is
    stood in for.
    """
    text = file.read_text(encoding="utf-8")
    documents = [document for document in yaml.safe_load_all(text) if document]
    if not documents:
        return Verdict(False, f"{file}: no document in it, and kubeadm accepts that")
    kinds = {document.get("kind") for document in documents if isinstance(document, dict)}

    runs = {"as it is": _validate(text, minor)}
    if _CLUSTER not in kinds:
        runs["with a ClusterConfiguration added"] = _validate(
            _join_documents([*documents, _cluster(minor)]), minor
        )
    elif _JOIN in kinds:
        alone = [document for document in documents if document.get("kind") == _JOIN]
        runs["JoinConfiguration alone"] = _validate(_join_documents(alone), minor)
    ignored = "Ignored configuration document" in runs["as it is"].stderr
    accepted = all(done.code == 0 for done in runs.values()) and not ignored
    return Verdict(
        accepted, "".join(f"{file} ({name}): exit {done.code}\n{done.said}" for name, done in runs.items())
    )


def version(minor: str) -> str:
    """The exact version of the kubeadm that is used for `minor`, as in "v1.36.4"."""
    return run([locate(f"kubeadm-{minor}"), "version", "-o", "short"]).stdout.strip()


def images(minor: str) -> list[str]:
    """What `kubeadm config images list` prints for its own version."""
    done = run(
        [locate(f"kubeadm-{minor}"), "config", "images", "list", "--kubernetes-version", version(minor)]
    )
    return done.stdout.split()


def _validate(text: str, minor: str) -> Finished:
    with tempfile.TemporaryDirectory(prefix="k8s-ha-kubeadm-") as temporary:
        copy = Path(temporary) / "kubeadm.yaml"
        present = Path(temporary) / "discovery.conf"
        present.touch()
        copy.write_text(_DISCOVERY_FILE.sub(rf"\g<1>{present}", text), encoding="utf-8")
        return run([locate(f"kubeadm-{minor}"), "config", "validate", "--config", copy])


def _cluster(minor: str) -> dict[str, Any]:
    # Without a version kubeadm asks the internet for the newest one.
    return {"apiVersion": "kubeadm.k8s.io/v1beta4", "kind": _CLUSTER, "kubernetesVersion": version(minor)}


def _join_documents(documents: list[dict[str, Any]]) -> str:
    return str(yaml.safe_dump_all(documents, sort_keys=False))
