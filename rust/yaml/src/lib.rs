//! YAML, read exactly as Salt 3008 reads it, with the place of every node.
//!
//! Salt's loader is `salt.utils.yamlloader.SaltYamlSafeLoader` over `PyYAML`'s `CSafeLoader`, called by Salt's YAML
//! renderer. [`parse`] gives the same value, or refuses what it refuses: booleans such as `on`, sexagesimal numbers,
//! dropped leading zeros, Salt's own rules for merge keys, duplicate keys by Python's equality, and so on. The scanner
//! is the same one too, libyaml, so that lines and columns agree: a column counts characters, a byte order mark at the
//! beginning is none, and the line separators U+0085, U+2028 and U+2029 end a line as `\n`, `\r` and `\r\n` do.
//!
//! Where this crate refuses what Salt accepts, it is for the sake of those who walk through the tree: nesting deeper
//! than a limit, a collection that contains itself, and documents that grow beyond a limit when their aliases are
//! followed. Two of Python's types have no place in the tree: a `!!set` is read as a list in the order written, and
//! the tuples of `!!pairs` as lists of two. Salt does the same when it sends a pillar to a minion.

mod binary;
mod compose;
mod construct;
mod error;
mod event;
mod finish;
mod float;
mod graph;
mod integer;
mod keys;
mod libyaml;
mod limits;
mod merge;
mod resolve;
mod scalar;
mod surprise;
mod syntax;
mod tag;

use tree::{NodeId, Position, SourceId, Span, Tree, Value};

pub use error::{Error, ErrorKind};
pub use limits::Limits;
pub use surprise::{Surprise, SurpriseKind};

/// A document in a tree of its own.
#[derive(Clone, Debug)]
pub struct Document {
    /// All nodes. Those that no mapping or list holds, such as the key `<<`, stay in the tree unused.
    pub tree: Tree,
    /// The whole document; [`Value::Null`] where nothing is written.
    pub root: NodeId,
    /// Scalars whose reading a person may not expect, in the order of the text.
    pub surprises: Vec<Surprise>,
}

/// Reads one document.
///
/// # Errors
/// What Salt's loader refuses, and what exceeds the limits. The error has the place in the text.
pub fn parse(text: &[u8], source: SourceId, limits: &Limits) -> Result<Document, Error> {
    let mut tree = Tree::new();
    let mut surprises = Vec::new();
    let root = parse_into_with(&mut tree, text, source, limits, &mut surprises)?;
    Ok(Document { tree, root, surprises })
}

/// Reads one document into a tree that may hold others.
///
/// # Errors
/// As [`parse`]. The nodes read before the error stay in the tree, and nothing refers to them.
pub fn parse_into(tree: &mut Tree, text: &[u8], source: SourceId, limits: &Limits) -> Result<NodeId, Error> {
    parse_into_with(tree, text, source, limits, &mut Vec::new())
}

/// As [`parse_into`], and adds the scalars whose reading a person may not expect.
///
/// # Errors
/// As [`parse_into`].
pub fn parse_into_with(
    tree: &mut Tree,
    text: &[u8],
    source: SourceId,
    limits: &Limits,
    surprises: &mut Vec<Surprise>,
) -> Result<NodeId, Error> {
    let text = decode(text, limits)?;
    let Some(graph) = compose::compose(tree, text, source, limits, surprises)? else {
        let start = Position { line: 1, column: 1 };
        return Ok(tree.push(Value::Null, None, Some(Span { source, start, end: start })));
    };
    let (graph, made) = construct::construct(tree, graph, limits)?;
    let (root, base) = (graph.root, graph.base);
    let check = graph.shared || !made.pairs.is_empty();
    finish::finish(tree, graph, made);
    if check {
        finish::check_size(tree, root, base, limits)?;
    }
    Ok(root)
}

/// The text, if it is one that may be given to libyaml.
fn decode<'a>(text: &'a [u8], limits: &Limits) -> Result<&'a str, Error> {
    if text.len() > limits.bytes {
        let message = format!("the text has {} bytes, and {} are read at most", text.len(), limits.bytes);
        return Err(Error::new(ErrorKind::TooLarge, message));
    }
    let text = str::from_utf8(text).map_err(|error| {
        let valid = text.get(..error.valid_up_to()).and_then(|valid| str::from_utf8(valid).ok()).unwrap_or_default();
        let message = "the text is not UTF-8 from here on; save the file as UTF-8";
        Error::new(ErrorKind::Encoding, message).at(syntax::position_of(valid, valid.len()))
    })?;
    check_directives(text)?;
    Ok(text)
}

/// libyaml compares each `%TAG` line with all before it, and each tag with all of them.
fn check_directives(text: &str) -> Result<(), Error> {
    const MOST: usize = 64;
    if !text.contains("%TAG") {
        return Ok(());
    }
    let lines = text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']);
    if lines.filter(|line| line.trim_start_matches('\u{feff}').starts_with("%TAG")).count() > MOST {
        let message = format!("there are more than {MOST} %TAG lines");
        return Err(Error::new(ErrorKind::TooManyDirectives, message));
    }
    Ok(())
}
