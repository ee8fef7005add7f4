//! Reads documents on standard input and writes how each is read, for the comparison with Salt's own loader in
//! `tests/differential`.
//!
//! In: for each document four bytes of length (big-endian) and its bytes. Out: for each one line of JSON, either
//! `{"nodes": [...]}` or `{"error": {"kind", "message", "line", "column"}}`.
//!
//! The nodes are numbered in the order in which a walk from the root meets them, the root is 0, and a node that an
//! alias shares has one number. Each is `{"type", "value", "start": [line, column], "end": [line, column]}`: numbers are
//! decimal text, floats their bits in hexadecimal, bytes hexadecimal, lists and mappings the numbers of their nodes.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, BufWriter, Read as _, Write as _};

use serde_json::{Value as Json, json};
use tree::{NodeId, SourceId, Tree, Value};
use yaml::{Document, Error, Limits};

fn main() -> io::Result<()> {
    let mut input = io::stdin().lock();
    let mut output = BufWriter::new(io::stdout().lock());
    let mut length = [0_u8; 4];
    while input.read_exact(&mut length).is_ok() {
        let mut text = vec![0; u32::from_be_bytes(length) as usize];
        input.read_exact(&mut text)?;
        let answer = match yaml::parse(&text, SourceId(0), &Limits::default()) {
            Ok(document) => json!({ "nodes": nodes(&document) }),
            Err(error) => json!({ "error": refusal(&error) }),
        };
        writeln!(output, "{answer}")?;
        output.flush()?;
    }
    Ok(())
}

fn refusal(error: &Error) -> Json {
    json!({
        "kind": format!("{:?}", error.kind),
        "message": error.message,
        "line": error.position.map(|position| position.line),
        "column": error.position.map(|position| position.column),
    })
}

fn nodes(document: &Document) -> Vec<Json> {
    let mut walk = Walk { tree: &document.tree, numbers: HashMap::new(), nodes: Vec::new() };
    walk.visit(document.root);
    walk.nodes
}

struct Walk<'a> {
    tree: &'a Tree,
    numbers: HashMap<NodeId, usize>,
    nodes: Vec<Json>,
}

impl Walk<'_> {
    fn visit(&mut self, id: NodeId) -> usize {
        if let Some(number) = self.numbers.get(&id) {
            return *number;
        }
        let number = self.nodes.len();
        self.numbers.insert(id, number);
        self.nodes.push(Json::Null);
        let (kind, value) = match self.tree.value(id) {
            Value::Null => ("null", Json::Null),
            Value::Bool(flag) => ("bool", json!(flag)),
            Value::Integer(number) => ("int", json!(number.to_string())),
            Value::BigInteger(digits) => ("int", json!(digits)),
            Value::Float(number) if number.is_nan() => ("float", json!("nan")),
            Value::Float(number) => ("float", json!(format!("{:016x}", number.to_bits()))),
            Value::Text(text) => ("str", json!(text)),
            Value::Bytes(bytes) => ("bytes", json!(hexadecimal(bytes))),
            Value::List(items) => ("list", items.iter().map(|item| self.visit(*item)).collect()),
            Value::Map(entries) => {
                let pair = |(key, value): &(NodeId, NodeId)| json!([self.visit(*key), self.visit(*value)]);
                ("dict", entries.iter().map(pair).collect())
            }
        };
        let span = self.tree.node(id).span;
        self.nodes[number] = json!({
            "type": kind,
            "value": value,
            "start": span.map(|span| [span.start.line, span.start.column]),
            "end": span.map(|span| [span.end.line, span.end.column]),
        });
        number
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
