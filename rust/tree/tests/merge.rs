//! Merging as Salt does, with spans that survive.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use tree::{NodeId, Origin, Place, SourceId, Strategy, Tree, Value, merge};

fn json(tree: &Tree, node: NodeId) -> String {
    match tree.value(node) {
        Value::List(items) => format!("[{}]", items.iter().map(|item| json(tree, *item)).collect::<Vec<_>>().join(",")),
        Value::Map(entries) => {
            let entry = |(key, value): &(NodeId, NodeId)| format!("{}:{}", json(tree, *key), json(tree, *value));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(","))
        }
        _ => tree.key_text(node),
    }
}

fn merged(below: &str, above: &str, how: Strategy) -> (Tree, NodeId) {
    let mut tree = Tree::new();
    let limits = yaml::Limits::default();
    let below = yaml::parse_into(&mut tree, below.as_bytes(), SourceId(0), &limits).unwrap();
    let above = yaml::parse_into(&mut tree, above.as_bytes(), SourceId(1), &limits).unwrap();
    let root = merge(&mut tree, below, above, how);
    (tree, root)
}

#[test]
fn strategies_differ_as_in_salt() {
    let (below, above) = ("{a: {x: 1, l: [1]}, b: 1}", "{a: {y: 2, l: [2]}, c: 3}");
    let cases = [
        (Strategy::Recurse, "{a:{x:1,l:[2],y:2},b:1,c:3}"),
        (Strategy::RecurseLists, "{a:{x:1,l:[1,2],y:2},b:1,c:3}"),
        (Strategy::Overwrite, "{a:{y:2,l:[2]},b:1,c:3}"),
    ];
    for (how, expected) in cases {
        let (tree, root) = merged(below, above, how);
        assert_eq!(json(&tree, root), expected, "{how:?}");
    }
}

#[test]
fn keys_of_different_types_are_different_keys() {
    let (tree, root) = merged("{1: a, 'true': b}", "{'1': c, true: d}", Strategy::Recurse);
    assert_eq!(json(&tree, root), "{1:a,true:b,1:c,true:d}");
}

#[test]
fn a_merged_value_keeps_the_place_where_it_was_written() {
    let (tree, root) = merged("a: {x: 1, y: 2}\n", "\na:\n  y: 3\n", Strategy::Recurse);
    let section = Origin(tree.get(root, "a"));
    let x = tree.locate(&Place::field(section, "x"));
    let y = tree.locate(&Place::field(section, "y"));
    assert_eq!((x.path.as_str(), x.span.unwrap().source, x.span.unwrap().start.line), ("a.x", SourceId(0), 1));
    assert_eq!((y.path.as_str(), y.span.unwrap().source, y.span.unwrap().start.line), ("a.y", SourceId(1), 3));
    let absent = tree.locate(&Place::field(section, "z"));
    assert_eq!((absent.path.as_str(), absent.span.unwrap().start.line), ("a.z", 1));
}

#[test]
fn secrets_are_found_through_aliases() {
    let text = "plain: &secret hunter2\npassword: *secret\nlist: [{auth_pass: x}]\n";
    let document = yaml::parse(text.as_bytes(), SourceId(0), &yaml::Limits::default()).unwrap();
    let lines: Vec<u32> = document.tree.secret_spans(document.root).iter().map(|span| span.start.line).collect();
    assert!(lines.contains(&1) && lines.contains(&3), "{lines:?}");
}
