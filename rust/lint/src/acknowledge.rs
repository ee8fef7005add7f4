//! Accepted risks.

use diagnostics::{Acknowledged, Diagnostic, Severity};
use topology::pillar::Acknowledgement;
use topology::values::Date;
use topology::{StructuralCode, Topology, relative};
use tree::{Place, Tree};

/// An acknowledgement that no finding needs.
pub static UNUSED_ACKNOWLEDGEMENT: StructuralCode = StructuralCode {
    code: "ACK-001",
    name: "unused-acknowledgement",
    reason: "A risk that is gone, or was never there, stays accepted: when it comes back, nobody is told.",
    remedy: "Remove the acknowledgement, or correct its code or its names.",
};

/// An acknowledgement whose last day is over.
pub static EXPIRED_ACKNOWLEDGEMENT: StructuralCode = StructuralCode {
    code: "ACK-002",
    name: "expired-acknowledgement",
    reason: "The risk was accepted for a time that is over. The finding is shown again; it refuses no apply, because nothing but the date has changed.",
    remedy: "Mend the finding, or accept it for longer with a reason that holds today.",
};

/// Marks the findings whose risk is accepted, and reports acknowledgements that are unused or expired.
pub(crate) fn apply(found: &mut Vec<Diagnostic>, topology: &Topology, tree: &Tree, today: Date) {
    let mut about_acknowledgements = Vec::new();
    for acknowledgement in &topology.acknowledge {
        let expired = acknowledgement.until.is_some_and(|until| until < today);
        let mut used = false;
        for finding in found.iter_mut().filter(|finding| covers(acknowledgement, finding)) {
            used = true;
            if expired {
                finding.dated = true;
            } else {
                let until = acknowledgement.until.map(|until| until.to_string());
                finding.acknowledged = Some(Acknowledged { because: acknowledgement.because.clone(), until });
            }
        }
        if !used {
            let message = format!("nothing is found that this acknowledgement of {} accepts", acknowledgement.code);
            about_acknowledgements.push(about(&UNUSED_ACKNOWLEDGEMENT, acknowledgement, "code", message, tree));
        } else if let Some(until) = acknowledgement.until.filter(|_| expired) {
            let message = format!("{} was accepted until {until}, today is {today}", acknowledgement.code);
            let mut finding = about(&EXPIRED_ACKNOWLEDGEMENT, acknowledgement, "until", message, tree);
            finding.dated = true;
            about_acknowledgements.push(finding);
        }
    }
    found.extend(about_acknowledgements);
}

/// The code is the same, and each name stands in the path of the finding or of a place that belongs to it. A pillar
/// that cannot be resolved cannot be accepted.
fn covers(acknowledgement: &Acknowledgement, finding: &Diagnostic) -> bool {
    let named = |name: &String| {
        let mut paths = std::iter::once(&finding.path).chain(finding.labels.iter().map(|label| &label.path));
        paths.any(|path| path.split(['.', '[', ']']).any(|step| step == name))
    };
    finding.code == acknowledgement.code.as_str()
        && !finding.code.starts_with("PILLAR-")
        && (acknowledgement.on.is_empty() || acknowledgement.on.iter().any(named))
}

fn about(
    code: &StructuralCode,
    acknowledgement: &Acknowledgement,
    field: &str,
    message: String,
    tree: &Tree,
) -> Diagnostic {
    let target = tree.locate(&Place::field(acknowledgement.origin, field));
    let mut finding = Diagnostic::new(code.code, code.name, Severity::Warn, message);
    finding.path = relative(&target.path);
    finding.span = target.span;
    finding.help = Some(code.remedy.to_owned());
    finding.why = Some(code.reason.to_owned());
    finding
}
