use serde_json::{Value, json};
use tree::{Position, SourceId};

use super::*;
use crate::Source;

const RULES: &[RuleDescription<'_>] = &[
    RuleDescription { code: "A-001", name: "a", severity: Severity::Warn, summary: "an a", help: "write b" },
    RuleDescription { code: "NET-001", name: "address-twice", severity: Severity::Error, summary: "s", help: "h" },
];

fn span() -> Span {
    let position = |line, column| Position { line, column };
    Span { source: SourceId(0), start: position(3, 5), end: position(4, 9) }
}

fn finding() -> Diagnostic {
    Diagnostic::new("NET-001", "address-twice", Severity::Error, "wrong").at("k8s_ha.nodes", Some(span()))
}

fn run(findings: &[Diagnostic], source: Source) -> Value {
    let sources: Sources = [source].into_iter().collect();
    let mut log: Value = serde_json::from_str(&sarif(findings, &sources, RULES)).unwrap();
    assert_eq!(log["version"], "2.1.0");
    log["runs"][0].take()
}

#[test]
fn a_result_says_where_what_and_by_which_rule() {
    let finding = finding().help("write c").label("k8s_ha.vips", None, "see");
    let run = run(std::slice::from_ref(&finding), Source::new("./pillar/a b.sls", ""));
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(
        run["results"],
        json!([{
            "ruleId": "NET-001",
            "ruleIndex": 1,
            "level": "error",
            "message": {"text": "wrong\nwrite c"},
            "locations": [{
                "physicalLocation": {
                    "artifactLocation": {"uri": "pillar/a%20b.sls", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 3, "startColumn": 5, "endLine": 4, "endColumn": 9}
                },
                "logicalLocations": [{"fullyQualifiedName": "k8s_ha.nodes"}]
            }],
            "relatedLocations": [{
                "id": 0,
                "message": {"text": "see"},
                "logicalLocations": [{"fullyQualifiedName": "k8s_ha.vips"}]
            }],
            "partialFingerprints": {"k8sHaFinding/v1": finding.fingerprint()},
            "suppressions": []
        }])
    );
}

#[test]
fn rules_are_listed_whether_or_not_they_found_something() {
    assert_eq!(
        run(&[], Source::default())["tool"]["driver"]["rules"][0],
        json!({
            "id": "A-001",
            "name": "a",
            "shortDescription": {"text": "an a"},
            "help": {"text": "write b"},
            "defaultConfiguration": {"level": "warning"}
        })
    );
}

#[test]
fn an_acknowledged_finding_is_suppressed() {
    let run = run(&[finding().acknowledge("one disk", Some("2027-03-01".to_owned()))], Source::default());
    assert_eq!(
        run["results"][0]["suppressions"],
        json!([{"kind": "external", "status": "accepted", "justification": "one disk (until 2027-03-01)"}])
    );
}

#[test]
fn a_rendered_line_is_no_region_of_the_file() {
    let run = run(&[finding()], Source::rendered("a.sls", ""));
    let result = &run["results"][0];
    assert_eq!(result["message"]["text"], "wrong\nin a.sls (rendered line):3:5");
    assert!(result["locations"][0]["physicalLocation"].get("region").is_none());
}

#[test]
fn a_finding_of_no_rule_and_no_place_is_a_result_too() {
    let run = run(&[Diagnostic::new("YAML-001", "y", Severity::Info, "m")], Source::default());
    let result = &run["results"][0];
    assert!(result.get("ruleIndex").is_none());
    assert_eq!((&result["level"], &result["locations"]), (&json!("note"), &json!([])));
}
