//! Findings about the files of a pillar, before there is a topology.

use diagnostics::{Diagnostic, Severity};
use topology::StructuralCode;
use tree::{Position, SourceId, Span};

pub(crate) static NOT_YAML: StructuralCode = StructuralCode {
    code: "YAML-001",
    name: "unreadable-yaml",
    reason: "Salt refuses this file, so no minion gets a pillar from it.",
    remedy: "Correct the text at the place shown.",
};

pub(crate) static SURPRISE: StructuralCode = StructuralCode {
    code: "YAML-002",
    name: "surprising-value",
    reason: "Salt reads YAML 1.1: what stands there is not the value that a person sees.",
    remedy: "Quote the value to keep it as written, or write what is meant.",
};

pub(crate) static NOT_RENDERED: StructuralCode = StructuralCode {
    code: "JINJA-001",
    name: "jinja-not-rendered",
    reason: "The file has Jinja, which only Salt can render, and Salt is not installed here. Nothing in it was judged.",
    remedy: "Run the lint where Salt is installed, or write the pillar of the cluster without Jinja.",
};

pub(crate) static RENDER_FAILED: StructuralCode = StructuralCode {
    code: "JINJA-002",
    name: "jinja-failed",
    reason: "Salt cannot render the file, so no minion gets a pillar from it.",
    remedy: "Correct the template, or give the grains and pillar that it asks for with --grains and --pillar.",
};

pub(crate) static OTHER_RENDERER: StructuralCode = StructuralCode {
    code: "JINJA-003",
    name: "other-renderer",
    reason: "The file names a renderer other than Jinja and YAML. What it makes cannot be known here, so nothing in it was judged.",
    remedy: "Write the pillar of the cluster as YAML, with references in place of secrets.",
};

pub(crate) static DECRYPTED_FOR_ALL: StructuralCode = StructuralCode {
    code: "SEC-030",
    name: "pillar-decrypted-for-everybody",
    reason: "A file with the renderer gpg is decrypted on the master and then travels to every minion it is targeted at, in clear.",
    remedy: "Keep the file plain YAML, and write references to secrets.",
};

pub(crate) static MISSING_FILE: StructuralCode = StructuralCode {
    code: "TOP-001",
    name: "missing-file",
    reason: "Salt reports an error for every minion that is to get this file, and refuses their state runs.",
    remedy: "Correct the name, or add the file.",
};

pub(crate) static WRONG_TOP: StructuralCode = StructuralCode {
    code: "TOP-002",
    name: "unusable-top",
    reason: "Salt hands out nothing from a top file, or an include, that does not have the expected form.",
    remedy: "Write `base: {'target': [file, …]}` in top.sls, and `include: [file, …]` in a pillar file.",
};

pub(crate) static MEMBER_WITHOUT_PILLAR: StructuralCode = StructuralCode {
    code: "TOP-003",
    name: "member-without-its-pillar",
    reason: "Each member of a cluster must get the pillar of its cluster: a host without it is left out of every state, silently.",
    remedy: "Target the file of the cluster at all of its members in top.sls.",
};

pub(crate) static MEMBERS_DISAGREE: StructuralCode = StructuralCode {
    code: "TOP-004",
    name: "members-disagree",
    reason: "The members of one cluster get different pillars, so they would be built by different plans.",
    remedy: "Target one and the same set of files at all members, and put differences under `nodes`.",
};

pub(crate) static UNEVALUATED_TARGET: StructuralCode = StructuralCode {
    code: "TOP-005",
    name: "target-not-evaluated",
    reason: "Whom this target means is known only on the master, or by the minion itself. A minion controls its own grains.",
    remedy: "Target the pillar of a cluster by minion id: a glob, a list or a regular expression.",
};

pub(crate) static NO_CLUSTER: StructuralCode = StructuralCode {
    code: "TOP-006",
    name: "no-cluster",
    reason: "Nothing was judged: no file here has the root key `k8s_ha`.",
    remedy: "Name the file or the folder that holds the pillar of the cluster.",
};

/// Reported by Salt's `ext_pillar`, which has no text to point to.
static UNREADABLE_PILLAR: StructuralCode = StructuralCode {
    code: "SALT-001",
    name: "pillar-not-readable",
    reason: "The value of `k8s_ha` that Salt hands out is not made of plain values, so nothing can be judged.",
    remedy: "Give the key `k8s_ha` a mapping of text, numbers, booleans, lists and mappings.",
};

static PILLAR_JUDGED_TOO_EARLY: StructuralCode = StructuralCode {
    code: "SALT-002",
    name: "ext-pillar-first",
    reason: "With `ext_pillar_first` the pillar is empty when it is to be judged on the master. Each state still judges it on the minion.",
    remedy: "Remove `ext_pillar_first` from the master's configuration.",
};

static PILLAR_CHANGED_AFTERWARDS: StructuralCode = StructuralCode {
    code: "SALT-003",
    name: "ext-pillar-not-last",
    reason: "Another external pillar stands behind `k8s_ha` and may change what was judged.",
    remedy: "Make `k8s_ha` the last entry of `ext_pillar`.",
};

/// All codes of this crate, and those of Salt's `ext_pillar`.
pub static CODES: [&StructuralCode; 15] = [
    &NOT_YAML,
    &SURPRISE,
    &NOT_RENDERED,
    &RENDER_FAILED,
    &OTHER_RENDERER,
    &DECRYPTED_FOR_ALL,
    &MISSING_FILE,
    &WRONG_TOP,
    &MEMBER_WITHOUT_PILLAR,
    &MEMBERS_DISAGREE,
    &UNEVALUATED_TARGET,
    &NO_CLUSTER,
    &UNREADABLE_PILLAR,
    &PILLAR_JUDGED_TOO_EARLY,
    &PILLAR_CHANGED_AFTERWARDS,
];

/// A finding of one of these codes.
pub(crate) fn finding(code: &StructuralCode, severity: Severity, message: impl Into<String>) -> Diagnostic {
    let mut finding = Diagnostic::new(code.code, code.name, severity, message);
    finding.help = Some(code.remedy.to_owned());
    finding.why = Some(code.reason.to_owned());
    finding
}

/// Where a finding about a whole file points.
pub(crate) fn first_line(source: SourceId) -> Span {
    let start = Position { line: 1, column: 1 };
    Span { source, start, end: start }
}
