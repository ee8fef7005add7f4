//! `top.sls`: who gets which files.

use crate::codes::{UNEVALUATED_TARGET, WRONG_TOP, finding};
use crate::environment::Environment;
use crate::target::Target;
use diagnostics::Severity;
use tree::{NodeId, Span, Value};

/// One target and the SLS names that it gets, in order.
#[derive(Clone, Debug)]
pub(crate) struct Assignment {
    pub target: Target,
    pub files: Vec<(String, Option<Span>)>,
}

impl Environment<'_> {
    /// Reads the assignments of one Salt environment from the parsed `top.sls`.
    pub(crate) fn assignments(&mut self, top: NodeId, saltenv: &str) -> Vec<Assignment> {
        let Some(environment) = self.tree.get(top, saltenv) else { return Vec::new() };
        let Value::Map(targets) = self.tree.value(environment).clone() else {
            let span = self.tree.node(environment).span;
            let message =
                format!("`{saltenv}` is {}, not a mapping of targets to files", self.tree.value(environment).kind());
            self.findings.push(finding(&WRONG_TOP, Severity::Error, message).at("", span));
            return Vec::new();
        };
        targets.into_iter().filter_map(|(key, value)| self.assignment(key, value)).collect()
    }

    fn assignment(&mut self, key: NodeId, value: NodeId) -> Option<Assignment> {
        let span = self.tree.node(key).span;
        let expression = self.tree.key_text(key);
        let Value::List(items) = self.tree.value(value).clone() else {
            let message = format!("target `{expression}` has {}, not a list of files", self.tree.value(value).kind());
            self.findings.push(finding(&WRONG_TOP, Severity::Error, message).at("", span));
            return None;
        };
        let mut kind = "glob".to_owned();
        let mut files = Vec::new();
        for item in items {
            match self.tree.value(item) {
                Value::Text(name) => files.push((name.to_string(), self.tree.node(item).span)),
                Value::Map(_) => {
                    if let Some(named) = self.tree.get(item, "match").and_then(|named| self.tree.text(named)) {
                        named.clone_into(&mut kind);
                    }
                }
                other => {
                    let message = format!("target `{expression}` names {} among its files", other.kind());
                    self.findings.push(finding(&WRONG_TOP, Severity::Error, message).at("", self.tree.node(item).span));
                }
            }
        }
        let target = Target::new(&expression, &kind);
        if !target.is_known() {
            let message = format!(
                "whom `{expression}` ({kind}) means cannot be told from minion ids; it is taken to mean everybody"
            );
            self.findings.push(finding(&UNEVALUATED_TARGET, Severity::Warn, message).at("", span));
        }
        Some(Assignment { target, files })
    }
}
