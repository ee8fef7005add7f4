//! One file, read into the shared tree.

use crate::codes::{
    DECRYPTED_FOR_ALL, NOT_RENDERED, NOT_YAML, OTHER_RENDERER, RENDER_FAILED, SURPRISE, finding, first_line,
};
use crate::environment::Environment;
use crate::error::Error;
use crate::jinja::{Header, has_jinja};
use crate::lines::Lines;
use crate::options::Rendering;
use diagnostics::{Diagnostic, Severity, Source};
use std::path::Path;
use topology::relative;
use tree::{NodeId, SourceId, Span};
use yaml::{Limits, Surprise, SurpriseKind};

impl Environment<'_> {
    /// Reads a file. `None` when it could not be read as a pillar; a finding says why.
    pub(crate) fn document(&mut self, path: &Path) -> Result<Option<NodeId>, Error> {
        let bytes = std::fs::read(path).map_err(|error| Error::unreadable(path, &error))?;
        let written = String::from_utf8_lossy(&bytes).into_owned();
        let name = path.display().to_string();
        let source = self.sources.push(Source::new(name.clone(), written.clone()));
        let header = Header::of(&written);
        if header.has("gpg") {
            let message = format!("`{name}` is decrypted by its renderer for every minion that gets it");
            self.findings.push(finding(&DECRYPTED_FOR_ALL, Severity::Error, message).at("", Some(first_line(source))));
        }
        if let Some(other) = header.unknown() {
            let message = format!("`{name}` is made by the renderer `{other}`, and was not read");
            self.findings.push(finding(&OTHER_RENDERER, Severity::Error, message).at("", Some(first_line(source))));
            return Ok(None);
        }
        if !header.allows_jinja() || !has_jinja(&written) {
            return Ok(self.parse(&bytes, source));
        }
        match self.render(path) {
            Rendering::Text(text) => Ok(self.parse_rendered(&name, &written, source, &text)),
            Rendering::NoSalt => {
                let message = format!("`{name}` has Jinja and was not read, because Salt is not installed here");
                self.findings.push(finding(&NOT_RENDERED, Severity::Error, message).at("", Some(first_line(source))));
                Ok(None)
            }
            Rendering::Failed(why) => {
                let message = format!("`{name}` cannot be rendered: {why}");
                self.findings.push(finding(&RENDER_FAILED, Severity::Error, message).at("", Some(first_line(source))));
                Ok(None)
            }
        }
    }

    fn parse_rendered(&mut self, name: &str, written: &str, source: SourceId, text: &str) -> Option<NodeId> {
        let lines = Lines::between(written, text);
        let rendered = self.sources.push(Source::rendered(name, text));
        self.rendered.insert(rendered, (source, lines));
        self.parse(text.as_bytes(), rendered)
    }

    fn parse(&mut self, text: &[u8], source: SourceId) -> Option<NodeId> {
        let mut surprises = Vec::new();
        match yaml::parse_into_with(&mut self.tree, text, source, &Limits::default(), &mut surprises) {
            Ok(root) => {
                self.sources.hide(source, self.tree.secret_spans(root));
                self.surprises.extend(surprises);
                Some(root)
            }
            Err(error) => {
                let span = |position| Span { source, start: position, end: position };
                let mut found = finding(&NOT_YAML, Severity::Error, error.message)
                    .at("", error.position.map(span).or(Some(first_line(source))));
                if let Some((words, position)) = error.context {
                    found = found.label("", Some(span(position)), words);
                }
                self.findings.push(found);
                None
            }
        }
    }

    /// Surprising values below a node. Words that are booleans are reported only where the pillar takes any value at all:
    /// elsewhere the reader refuses them where they are wrong, and they are meant where they are right.
    pub(crate) fn report_surprises(&self, below: NodeId) -> Vec<Diagnostic> {
        if self.surprises.is_empty() {
            return Vec::new();
        }
        let free_form = ["extra_config", "plugins", "raw", "labels", "patches", "kube_proxy_config"];
        let reported = |surprise: &&Surprise| {
            let path = self.tree.path(surprise.node);
            let free = path.split('.').any(|step| free_form.contains(&step));
            match surprise.kind {
                SurpriseKind::PlainWordIsBoolean | SurpriseKind::VersionIsFloat => free,
                SurpriseKind::Underscore => false,
                _ => true,
            }
        };
        let inside = self.below(below);
        let here = self.surprises.iter().filter(|surprise| inside.contains(&surprise.node)).filter(reported);
        here.map(|surprise| self.surprise(*surprise)).collect()
    }

    fn surprise(&self, surprise: Surprise) -> Diagnostic {
        let node = self.tree.node(surprise.node);
        let message = if self.tree.is_secret(surprise.node) {
            format!("a secret (not shown) is not read as it is written: {}", surprise.kind.explanation())
        } else {
            let written = node.written.as_deref().unwrap_or_default();
            format!("`{written}` is read as {}: {}", self.tree.key_text(surprise.node), surprise.kind.explanation())
        };
        finding(&SURPRISE, Severity::Warn, message).at(relative(&self.tree.path(surprise.node)), node.span)
    }
}
