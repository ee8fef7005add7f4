//! Where nodes are written, what was written, and in which collection they stand.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use tree::{NodeId, Position, SourceId, Span, Tree, Value};
use yaml::{Document, Limits, parse, parse_into, parse_into_with};

fn read(text: &str) -> Document {
    parse(text.as_bytes(), SourceId(0), &Limits::default()).unwrap()
}

/// The node behind keys, by a path with dots.
fn find(document: &Document, path: &str) -> NodeId {
    path.split('.').fold(document.root, |node, key| document.tree.get(node, key).unwrap())
}

fn lines_and_columns(span: Option<Span>) -> [u32; 4] {
    let span = span.unwrap();
    [span.start.line, span.start.column, span.end.line, span.end.column]
}

#[test]
fn keys_and_values_have_places_in_characters() {
    let document = read("é: {日本: x}\nb:\n  - 'two words'\n");
    let (key, value) = document.tree.entry(document.root, "é").unwrap();
    assert_eq!(lines_and_columns(document.tree.node(key).span), [1, 1, 1, 2]);
    assert_eq!(lines_and_columns(document.tree.node(value).span), [1, 4, 1, 11]);
    let (key, inner) = document.tree.entry(value, "日本").unwrap();
    assert_eq!(lines_and_columns(document.tree.node(key).span), [1, 5, 1, 7]);
    assert_eq!(lines_and_columns(document.tree.node(inner).span), [1, 9, 1, 10]);
    let Value::List(items) = document.tree.value(find(&document, "b")) else { panic!("a list") };
    assert_eq!(lines_and_columns(document.tree.node(items[0]).span), [3, 5, 3, 16]);
}

#[test]
fn a_block_ends_with_its_last_child() {
    let document = read("a:\n  b: 1\n  c:\n    - x\n    - y # comment\n\n# comment\n\nd: 2\n");
    assert_eq!(lines_and_columns(document.tree.node(find(&document, "a")).span), [2, 3, 5, 8]);
    assert_eq!(lines_and_columns(document.tree.node(find(&document, "a.c")).span), [4, 5, 5, 8]);
    assert_eq!(lines_and_columns(document.tree.node(document.root).span), [1, 1, 9, 5]);
}

#[test]
fn nothing_written_has_a_place_too() {
    let document = read("a:\nb: 1\n");
    assert_eq!(lines_and_columns(document.tree.node(find(&document, "a")).span), [1, 3, 1, 3]);
    let empty = read("# nothing\n");
    assert_eq!(empty.tree.value(empty.root), &Value::Null);
    assert_eq!(lines_and_columns(empty.tree.node(empty.root).span), [1, 1, 1, 1]);
}

#[test]
fn an_anchor_and_a_tag_belong_to_the_place() {
    let document = read("a: &x !!str 12\n");
    assert_eq!(lines_and_columns(document.tree.node(find(&document, "a")).span), [1, 4, 1, 15]);
}

#[test]
fn what_was_written_is_kept_where_the_value_does_not_say_it() {
    let document = read("a: 1.30\nb: 1.3\nc: on\nd: true\ne: 0644\nf: ~\ng:\nh: 'on'\n");
    let written = |key| document.tree.node(find(&document, key)).written.as_deref();
    assert_eq!(["a", "b", "c", "d"].map(written), [Some("1.30"), None, Some("on"), None]);
    assert_eq!(["e", "f", "g", "h"].map(written), [Some("0644"), Some("~"), None, None]);
}

#[test]
fn an_aliased_node_is_one_node_and_its_path_is_where_it_is_written() {
    let document = read("top: {inner: &x {deep: 1}, other: *x}\nlast: [*x]\n");
    let inner = find(&document, "top.inner");
    assert_eq!(inner, find(&document, "top.other"));
    assert_eq!(document.tree.path(inner), "top.inner");
    assert_eq!(document.tree.path(find(&document, "top.inner.deep")), "top.inner.deep");
}

#[test]
fn an_alias_in_an_inner_list_does_not_take_the_node() {
    let document = read("k: &n 5\nother: [*n]\n");
    assert_eq!(document.tree.path(find(&document, "k")), "k");
}

#[test]
fn a_merged_entry_stays_where_it_is_written() {
    let document = read("defaults: {deep: &d {cpus: 4}}\nnode: {<<: *d, ip: x}\n");
    let merged = find(&document, "node.cpus");
    assert_eq!(document.tree.path(merged), "defaults.deep.cpus");
    assert_eq!(lines_and_columns(document.tree.node(merged).span), [1, 28, 1, 29]);
}

#[test]
fn an_entry_merged_in_place_belongs_to_the_mapping() {
    let document = read("a: {<<: {x: 1}, y: 2}\n");
    assert_eq!(document.tree.path(find(&document, "a.x")), "a.x");
}

#[test]
fn what_is_merged_from_a_dropped_value_belongs_to_the_first_mapping_that_has_it() {
    let document = read("a: {<<: {k: &b {x: 1}}, k: 2}\nc: {<<: *b}\nd: {<<: *b}\n");
    assert_eq!(document.tree.path(find(&document, "d.x")), "c.x");
}

#[test]
fn several_texts_share_a_tree() {
    let mut tree = Tree::new();
    let limits = Limits::default();
    let first = parse_into(&mut tree, b"a: &x {k: 1}\nb: *x\n", SourceId(1), &limits).unwrap();
    let refused = parse_into(&mut tree, b"a: [1, 2\n", SourceId(2), &limits);
    assert!(refused.is_err());
    let mut surprises = Vec::new();
    let second =
        parse_into_with(&mut tree, b"c: &x [on]\nd: {<<: {k: 2}}\n", SourceId(3), &limits, &mut surprises).unwrap();
    assert_eq!(tree.node(first).span.unwrap().source, SourceId(1));
    assert_eq!(tree.node(second).span.unwrap().source, SourceId(3));
    assert_eq!(tree.value(tree.get(tree.get(second, "d").unwrap(), "k").unwrap()), &Value::Integer(2));
    assert_eq!(tree.value(surprises[0].node), &Value::Bool(true));
    assert_eq!(tree.path(surprises[0].node), "c.[0]".replace(".[", "["));
}

#[test]
fn a_mark_at_the_beginning_is_no_character() {
    let document = read("\u{feff}a: 1\n");
    assert_eq!(document.tree.node(find(&document, "a")).span.unwrap().start, Position { line: 1, column: 4 });
}
