//! What is known while a pillar is read.

use crate::codes::{MISSING_FILE, WRONG_TOP, finding};
use crate::error::Error;
use crate::lines::Lines;
use crate::names::{absolute, file_of};
use crate::options::{Options, Rendering};
use diagnostics::{Diagnostic, Severity, Sources};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use tree::{NodeId, SourceId, Span, Strategy, Tree, Value, merge};
use yaml::Surprise;

/// Includes inside includes, as Salt follows them without a limit of its own.
const DEEPEST_INCLUDE: usize = 32;

pub(crate) struct Environment<'o> {
    pub options: &'o Options,
    /// The folder of `top.sls`, or of a single file.
    pub root: PathBuf,
    pub tree: Tree,
    pub sources: Sources,
    pub findings: Vec<Diagnostic>,
    pub surprises: Vec<Surprise>,
    /// Rendered texts: the file each came from, and which lines are known.
    pub rendered: HashMap<SourceId, (SourceId, Lines)>,
    /// Files that were read already, with their includes merged in.
    known: HashMap<PathBuf, Option<NodeId>>,
}

impl<'o> Environment<'o> {
    pub fn new(options: &'o Options, root: &Path) -> Self {
        Self {
            options,
            root: root.to_path_buf(),
            tree: Tree::new(),
            sources: Sources::new(),
            findings: Vec::new(),
            surprises: Vec::new(),
            rendered: HashMap::new(),
            known: HashMap::new(),
        }
    }

    pub fn strategy(&self) -> Strategy {
        if self.options.merge_lists { Strategy::RecurseLists } else { Strategy::Recurse }
    }

    pub fn render(&self, path: &Path) -> Rendering {
        (self.options.renderer)(path, &self.root, self.options)
    }

    /// The pillar of an SLS by its name, with its includes under it.
    pub fn sls(&mut self, name: &str, span: Option<Span>) -> Result<Option<NodeId>, Error> {
        let Some(path) = file_of(&self.root, name) else {
            let root = self.root.display();
            let message =
                format!("`{name}` is neither {0}.sls nor {0}/init.sls below `{root}`", name.replace('.', "/"));
            self.findings.push(finding(&MISSING_FILE, Severity::Error, message).at("", span));
            return Ok(None);
        };
        self.file(&path, name, 0)
    }

    /// The pillar of a file, with its includes under it.
    pub fn file(&mut self, path: &Path, name: &str, depth: usize) -> Result<Option<NodeId>, Error> {
        if let Some(known) = self.known.get(path) {
            return Ok(*known);
        }
        // A file that includes itself adds nothing, as in Salt.
        self.known.insert(path.to_path_buf(), None);
        let Some(document) = self.document(path)? else { return Ok(None) };
        let merged = self.with_includes(document, path, name, depth)?;
        self.known.insert(path.to_path_buf(), Some(merged));
        Ok(Some(merged))
    }

    fn with_includes(&mut self, document: NodeId, path: &Path, name: &str, depth: usize) -> Result<NodeId, Error> {
        let Some((key, includes)) = self.tree.entry(document, "include") else { return Ok(document) };
        let span = self.tree.node(key).span;
        let Value::List(items) = self.tree.value(includes).clone() else {
            let message = format!("`include` is {}, not a list of files", self.tree.value(includes).kind());
            self.findings.push(finding(&WRONG_TOP, Severity::Error, message).at("", span));
            return Ok(document);
        };
        if depth >= DEEPEST_INCLUDE {
            let message = format!("files include each other more than {DEEPEST_INCLUDE} deep");
            self.findings.push(finding(&WRONG_TOP, Severity::Error, message).at("", span));
            return Ok(document);
        }
        let is_init = path.file_name().is_some_and(|file| file == "init.sls");
        let mut merged: Option<NodeId> = None;
        for item in items {
            if let Some(included) = self.include(item, name, is_init, depth)? {
                merged = Some(self.over(merged, included));
            }
        }
        let own = self.without(document, "include");
        Ok(self.over(merged, own))
    }

    fn include(&mut self, item: NodeId, name: &str, is_init: bool, depth: usize) -> Result<Option<NodeId>, Error> {
        let span = self.tree.node(item).span;
        let (include, under) = match self.tree.value(item).clone() {
            Value::Text(include) => (include.to_string(), None),
            Value::Map(entries) if entries.len() == 1 => {
                let (key, settings) = entries[0];
                let under = self.tree.get(settings, "key").and_then(|under| self.tree.text(under)).map(str::to_owned);
                (self.tree.key_text(key), under)
            }
            other => {
                let message = format!("`include` names {} among its files", other.kind());
                self.findings.push(finding(&WRONG_TOP, Severity::Error, message).at("", span));
                return Ok(None);
            }
        };
        let found =
            absolute(&include, name, is_init).and_then(|name| file_of(&self.root, &name).map(|path| (path, name)));
        let Some((path, full_name)) = found else {
            let message = format!("the included file `{include}` is not below `{}`", self.root.display());
            self.findings.push(finding(&MISSING_FILE, Severity::Error, message).at("", span));
            return Ok(None);
        };
        let included = self.file(&path, &full_name, depth + 1)?;
        Ok(included.map(|node| self.placed_under(node, under.as_deref())))
    }

    /// Salt puts an include with `key: a:b` under `a` and `b`.
    fn placed_under(&mut self, node: NodeId, under: Option<&str>) -> NodeId {
        under.into_iter().flat_map(|under| under.rsplit(':')).fold(node, |inner, step| {
            let key = self.tree.push(Value::Text(step.into()), None, None);
            self.tree.push(Value::Map(vec![(key, inner)]), None, None)
        })
    }

    /// Puts a pillar over what came before it.
    pub fn over(&mut self, below: Option<NodeId>, above: NodeId) -> NodeId {
        let how = self.strategy();
        match below {
            Some(below) if !matches!(self.tree.value(above), Value::Null) => merge(&mut self.tree, below, above, how),
            Some(below) => below,
            None => above,
        }
    }

    fn without(&mut self, map: NodeId, key: &str) -> NodeId {
        let Value::Map(entries) = self.tree.value(map).clone() else { return map };
        let kept = entries.into_iter().filter(|(name, _)| self.tree.text(*name) != Some(key)).collect();
        let span = self.tree.node(map).span;
        self.tree.push(Value::Map(kept), None, span)
    }

    /// All nodes below one, itself included.
    pub fn below(&self, node: NodeId) -> HashSet<NodeId> {
        let mut seen = HashSet::new();
        let mut open = vec![node];
        while let Some(next) = open.pop() {
            if !seen.insert(next) {
                continue;
            }
            match self.tree.value(next) {
                Value::List(items) => open.extend(items),
                Value::Map(entries) => open.extend(entries.iter().flat_map(|(key, value)| [*key, *value])),
                _ => {}
            }
        }
        seen
    }
}
