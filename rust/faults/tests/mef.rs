//! Open-PSA models: what is read, what is refused and where, and that what is written reads back as the same.

#![allow(clippy::unwrap_used, missing_docs)]

use faults::mef::{MefFault, read, write};
use faults::{EventId, Formula, Formulas, cut_sets, probability};
use proptest::prelude::*;
use std::collections::BTreeSet;

const WORK: u64 = 10_000_000;

/// The definitions of gates in one fault tree, over the events a, b and c.
fn model(gates: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<opsa-mef>\n<define-fault-tree name=\"tree\">\n{gates}\n</define-fault-tree>\n<model-data>\n\
         <define-basic-event name=\"a\"><float value=\"0.1\"/></define-basic-event>\n\
         <define-basic-event name=\"b\"><label>the second</label><float value=\"0.2\"/></define-basic-event>\n\
         <define-basic-event name=\"c\"/>\n<define-house-event name=\"on\"><constant value=\"true\"/></define-house-event>\n\
         <define-house-event name=\"off\"/>\n</model-data>\n</opsa-mef>\n"
    )
}

/// The minimal cut sets of the top gate, by the names of the events.
fn named(text: &str) -> BTreeSet<Vec<String>> {
    let mut tree = read(text).unwrap();
    let sets = cut_sets(&mut tree.formulas, tree.root, u32::MAX, WORK).unwrap();
    sets.iter().map(|set| set.iter().map(|event| tree.events[event.0 as usize].0.clone()).collect()).collect()
}

fn sets(sets: &[&[&str]]) -> BTreeSet<Vec<String>> {
    sets.iter().map(|set| set.iter().map(|name| (*name).to_owned()).collect()).collect()
}

/// The refusal, with its line and column.
fn refused(text: &str) -> (u32, u32, MefFault) {
    let error = read(text).unwrap_err();
    (error.at.line, error.at.column, error.fault)
}

#[test]
fn gates_events_and_constants() {
    let text = model(
        "<define-gate name=\"top\"><label>all of it</label><attributes><attribute name=\"x\" value=\"y\"/></attributes>\
         <or><gate name=\"two\"/><and><basic-event name=\"c\"/><house-event name=\"on\"/></and>\
         <and><event name=\"b\"/><house-event name=\"off\"/></and></or></define-gate>\n\
         <define-gate name=\"two\"><atleast min=\"2\"><event name=\"a\"/><event type=\"basic-event\" name=\"b\"/>\
         <constant value=\"false\"/></atleast></define-gate>",
    );
    assert_eq!(named(&text), sets(&[&["c"], &["a", "b"]]));
    let tree = read(&text).unwrap();
    assert_eq!(tree.name, "tree");
    assert_eq!(tree.events, [("a".to_owned(), Some(0.1)), ("b".to_owned(), Some(0.2)), ("c".to_owned(), None)]);
}

#[test]
fn names_are_looked_for_from_within_outwards() {
    let text = "<opsa-mef><define-fault-tree name=\"t\">\
        <define-gate name=\"top\"><or><gate name=\"c.g\"/><gate name=\"h\"/><event name=\"t.c.p\"/></or></define-gate>\
        <define-component name=\"c\" role=\"private\">\
        <define-gate name=\"g\"><and><event name=\"p\"/><event name=\"q\"/></and></define-gate>\
        <define-basic-event name=\"p\"/><define-basic-event name=\"q\" role=\"public\"/></define-component>\
        <define-gate name=\"h\"><event name=\"q\"/></define-gate></define-fault-tree></opsa-mef>";
    assert_eq!(named(text), sets(&[&["t.c.p"], &["q"]]));
    let outside = text.replace("<gate name=\"c.g\"/>", "<gate name=\"g\"/>");
    let MefFault::Unknown { kind, name } = refused(&outside).2 else { panic!("a private gate is found") };
    assert_eq!((kind, name.as_str()), ("gate", "g"));
}

#[test]
fn several_fault_trees_are_one_model() {
    let text = "<opsa-mef><define-fault-tree name=\"lower\"><define-gate name=\"g\"><event name=\"x\"/></define-gate>\
        <define-basic-event name=\"x\"/></define-fault-tree><define-fault-tree name=\"upper\">\
        <define-gate name=\"top\"><and><gate name=\"lower.g\"/><event name=\"y\"/></and></define-gate>\
        <define-basic-event name=\"y\"><int value=\"1\"/></define-basic-event></define-fault-tree></opsa-mef>";
    assert_eq!(named(text), sets(&[&["x", "y"]]));
    assert_eq!(read(text).unwrap().name, "upper");
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let gate = |formula: &str| model(&format!("<define-gate name=\"top\">\n  {formula}\n</define-gate>"));
    let unknown = |kind, name: &str| MefFault::Unknown { kind, name: name.to_owned() };
    assert_eq!(refused(&gate("<or><event name=\"a\"/><gate name=\"z\"/></or>")), (5, 24, unknown("gate", "z")));
    assert_eq!(refused(&gate("<basic-event name=\"on\"/>")), (5, 3, unknown("basic-event", "on")));
    assert_eq!(refused(&gate("<not><event name=\"a\"/></not>")), (5, 3, MefFault::NotCoherent("not".to_owned())));
    assert_eq!(refused(&gate("<xor><event name=\"a\"/></xor>")), (5, 3, MefFault::NotCoherent("xor".to_owned())));
    let least = refused(&gate("<atleast min=\"3\"><event name=\"a\"/><event name=\"b\"/></atleast>"));
    assert_eq!(least, (5, 3, MefFault::AtLeast { min: 3, operands: 2 }));
    for min in ["", " min=\"\"", " min=\"-1\"", " min=\"two\"", " min=\"99999999999999999999\""] {
        let found = refused(&gate(&format!("<atleast{min}><event name=\"a\"/></atleast>")));
        assert!(matches!(found, (5, 3, MefFault::Attribute { attribute: "min", .. })), "{min}: {found:?}");
    }
    assert!(matches!(refused(&gate("<or/>")), (5, 3, MefFault::Content { .. })));
    assert!(matches!(refused(&gate("")), (4, 1, MefFault::Content { .. })));
    assert!(matches!(refused(&gate("<event name=\"a\"/><event name=\"b\"/>")), (4, 1, MefFault::Content { .. })));
    assert!(matches!(refused(&gate("<event/>")), (5, 3, MefFault::Attribute { attribute: "name", .. })));
    assert!(matches!(refused(&gate("<event name=\"a\" type=\"pump\"/>")), (5, 3, MefFault::Attribute { .. })));
    assert_eq!(refused(&gate("<or>ä<event name=\"a\"/></or>")), (5, 7, MefFault::Misplaced("text".to_owned())));
    assert_eq!(refused(&gate("<pump/>")), (5, 3, MefFault::Misplaced("`pump`".to_owned())));
    assert_eq!(refused(&model("")).2, MefFault::NoTop);
    let twice = "<define-gate name=\"g\"><event name=\"a\"/></define-gate>\n<define-gate name=\"g\"><event name=\"b\"/></define-gate>";
    assert_eq!(refused(&model(twice)), (5, 1, MefFault::Duplicate("g".to_owned())));
    let two = "<define-gate name=\"g\"><event name=\"a\"/></define-gate>\n<define-gate name=\"h\"><event name=\"b\"/></define-gate>";
    assert_eq!(refused(&model(two)), (5, 1, MefFault::SeveralTops(vec!["g".to_owned(), "h".to_owned()])));
    assert!(read(&model(two)).unwrap_err().to_string().ends_with("one top is wanted: `g`, `h`"));
    let circle = "<define-gate name=\"t\"><gate name=\"g\"/></define-gate><define-gate name=\"g\"><or><event name=\"a\"/><gate name=\"h\"/></or></define-gate>\n<define-gate name=\"h\"><gate name=\"g\"/></define-gate>";
    assert_eq!(refused(&model(circle)), (5, 23, MefFault::Circle(vec!["g".to_owned(), "h".to_owned()])));
    assert!(matches!(refused(&model("<define-CCF-group name=\"x\"/>")), (4, 1, MefFault::NotUnderstood(_))));
}

#[test]
fn a_probability_is_a_constant_from_0_to_1() {
    let event = |constant: &str| {
        format!(
            "<opsa-mef><define-fault-tree name=\"t\"><define-gate name=\"g\"><event name=\"x\"/></define-gate></define-fault-tree>\
             <model-data><define-basic-event name=\"x\">{constant}</define-basic-event></model-data></opsa-mef>"
        )
    };
    for value in ["0", "1", "1.0E-3", " 0.5 "] {
        assert!(read(&event(&format!("<float value=\"{value}\"/>"))).is_ok(), "{value}");
    }
    for value in ["-0.1", "1.5", "NaN", "inf", "1e999", "", "p"] {
        let found = refused(&event(&format!("<float value=\"{value}\"/>"))).2;
        assert!(matches!(found, MefFault::Probability { .. }), "{value}: {found:?}");
    }
    assert!(matches!(
        refused(&event("<exponential><float value=\"1\"/></exponential>")).2,
        MefFault::Probability { .. }
    ));
    assert!(matches!(refused(&event("<float value=\"0\"/><float value=\"0\"/>")).2, MefFault::Misplaced(_)));
}

#[test]
fn text_that_is_not_xml() {
    let texts =
        ["", "   ", "<opsa-mef>", "<opsa-mef></other>", "<opsa-mef", "<opsa-mef><label>", "</opsa-mef>", "<!-- "];
    let attributes = ["name=\"&lol;\"", "name=\"a\" name=\"b\"", "name=a"].map(|text| format!("<opsa-mef {text}/>"));
    for text in texts.into_iter().chain(attributes.iter().map(String::as_str)) {
        let found = refused(text).2;
        assert!(matches!(found, MefFault::Xml(_)), "{text}: {found:?}");
    }
    assert!(matches!(refused("<opsa-mef/><opsa-mef/>").2, MefFault::Misplaced(_)));
    assert!(matches!(refused("<html/>").2, MefFault::Misplaced(_)));
    assert!(matches!(refused("words").2, MefFault::Misplaced(_)));
    assert_eq!(refused("\u{feff}<opsa-mef/>").2, MefFault::NoTop);
}

/// In the 2 MB of a thread: nothing recurses.
#[test]
fn depth_costs_no_stack() {
    let deep = |number: usize, open: &str, close: &str| {
        let formula = open.repeat(number) + "<event name=\"a\"/>" + &close.repeat(number);
        read(&model(&format!("<define-gate name=\"g\">{formula}</define-gate>"))).map(|tree| tree.root)
    };
    assert!(deep(100_000, "<or>", "</or>").is_ok());
    let turns = deep(50_000, "<or><event name=\"b\"/><and><event name=\"c\"/>", "</and></or>");
    assert!(turns.is_ok());
    // An OR in an OR becomes one, so that this would be as large as its square.
    let chain: String = (0..100_000).map(|at| format!("<define-gate name=\"g{at}\"><or><event name=\"e{at}\"/><gate name=\"g{}\"/></or></define-gate><define-basic-event name=\"e{at}\"/>", at + 1)).collect();
    let chain = format!(
        "<opsa-mef><define-fault-tree name=\"t\">{chain}<define-gate name=\"g100000\"><constant value=\"true\"/></define-gate></define-fault-tree></opsa-mef>"
    );
    assert_eq!(read(&chain).unwrap().root, Formula::TRUE);
    let chain = chain.replace("<constant value=\"true\"/>", "<constant value=\"false\"/>");
    assert_eq!(read(&chain).unwrap_err().fault, MefFault::TooLarge);
    let components =
        format!("<opsa-mef><define-fault-tree name=\"t\">{}", "<define-component name=\"c\">".repeat(100_000));
    assert!(read(&(components + &"</define-component>".repeat(100_000) + "</define-fault-tree></opsa-mef>")).is_err());
}

/// Texts that were valid, cut off and changed, are read or refused, and nothing else.
#[test]
fn broken_texts_never_panic() {
    let text = model(
        "<define-gate name=\"top\"><or><gate name=\"two\"/><event name=\"c\"/></or></define-gate><define-gate name=\"two\"><atleast min=\"2\"><event name=\"a\"/><event name=\"b\"/><event name=\"c\"/></atleast></define-gate>",
    );
    for at in 0..text.len() {
        _ = read(&text[..at]);
        for letter in ["<", ">", "\"", "&", "/", "ä"] {
            _ = read(&format!("{}{letter}{}", &text[..at], &text[at + 1..]));
        }
    }
}

const EVENTS: u32 = 7;

fn gates() -> impl Strategy<Value = Vec<(u32, Vec<(usize, u32)>)>> {
    prop::collection::vec((0u32..6, prop::collection::vec((0usize..14, 1u32..4), 1..6)), 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn what_is_written_reads_back_as_the_same(gates in gates(), names in prop::collection::vec("[aA.&<> -]{0,3}", EVENTS as usize)) {
        let mut formulas = Formulas::default();
        let mut known: Vec<Formula> = (0..EVENTS).map(|event| formulas.event(EventId(event))).collect();
        for (need, terms) in gates {
            let terms = terms.iter().map(|(term, weight)| (known[known.len() - 1 - term % known.len()], *weight)).collect();
            known.push(formulas.weighted(need, terms));
        }
        let root = known[known.len() - 1];
        let chance = |event: EventId| 0.05 + 0.1 / f64::from(event.0 + 3);
        let text = write("what is lost", &formulas, root, |event| names[event.0 as usize].clone(), |event| Some(chance(event))).unwrap();
        let mut tree = read(&text).unwrap();
        prop_assert_eq!(&tree.name, "what-is-lost");
        // The events of the formula come in their order.
        let support = formulas.support(root);
        let back: Vec<f64> = tree.events.iter().map(|(_, probability)| probability.unwrap()).collect();
        prop_assert_eq!(back, support.iter().map(|event| chance(*event)).collect::<Vec<f64>>());
        let here: BTreeSet<Vec<EventId>> = cut_sets(&mut formulas, root, u32::MAX, WORK).unwrap().iter().collect();
        let there = cut_sets(&mut tree.formulas, tree.root, u32::MAX, WORK).unwrap();
        let there: BTreeSet<Vec<EventId>> = there.iter().map(|set| set.iter().map(|event| support[event.0 as usize]).collect()).collect();
        prop_assert_eq!(here, there);
        let here = probability(&mut formulas, root, chance, &mut { WORK }).unwrap();
        let events = tree.events.clone();
        let there = probability(&mut tree.formulas, tree.root, |event| events[event.0 as usize].1.unwrap(), &mut { WORK }).unwrap();
        prop_assert!((here - there).abs() < 1e-12);
    }
}
