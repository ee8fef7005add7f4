//! What the page, the SVG and the flowchart hold.

use report::data::{
    Answer, Asked, Capacity, CutGroup, CutPart, CutSets, Effect, Element, Error, Finding, Kind, Level, Losses, Next,
    Report, Resource, Service, Severity, StartUp, Step, Takes, Tolerance,
};
use report::{html, mermaid, svg};

const HOSTILE: &str = "</script><img src=x onerror=alert(1)>\"'`&\u{0}\u{2028}{{ 7*7 }}";

/// A node on a site, and one service that is lost with it; everything is called `name`.
fn report(name: &str) -> Report {
    let element = |kind: &str, name: &str, needs| Element { kind: kind.to_owned(), name: name.to_owned(), needs };
    let tolerance = |kind: &str, survives, of, target| Tolerance {
        kind: kind.to_owned(),
        level: Level::Serve,
        survives,
        of,
        settled: true,
        witness: vec![1],
        target,
    };
    Report {
        cluster: name.to_owned(),
        version: name.to_owned(),
        date: name.to_owned(),
        kinds: Kind::standard(),
        elements: vec![
            element("site", name, vec![]),
            element("node", &format!("{name}1"), vec![vec![0]]),
            element("node", &format!("{name}2"), vec![vec![0]]),
            element("process", &format!("etcd on {name}1"), vec![vec![1]]),
        ],
        services: vec![Service {
            name: name.to_owned(),
            about: name.to_owned(),
            tolerance: vec![tolerance("node", 0, 2, Some(1)), tolerance("site", 0, 1, None)],
            ..Service::default()
        }],
        losses: Losses {
            asked: vec![
                Asked { down: vec![], answer: 0 },
                Asked { down: vec![0], answer: 1 },
                Asked { down: vec![1], answer: 1 },
                Asked { down: vec![2], answer: 2 },
                Asked { down: vec![3], answer: 0 },
            ],
            answers: vec![
                Answer::default(),
                Answer {
                    effects: vec![Effect { service: 0, lost: vec![Level::Serve, Level::Data], without: vec![] }],
                    next: vec![],
                },
                Answer {
                    effects: vec![],
                    next: vec![Next {
                        service: 0,
                        level: Level::Serve,
                        kind: "node".to_owned(),
                        count: 1,
                        examples: vec![1],
                    }],
                },
            ],
            takes: vec![Takes { down: vec![0], lost: vec![1, 2, 3] }, Takes { down: vec![1], lost: vec![3] }],
            ..Losses::default()
        },
        cut_sets: vec![CutSets {
            service: 0,
            level: Level::Serve,
            complete_to: 2,
            groups: vec![CutGroup { parts: vec![CutPart { take: 1, of: vec![1, 2] }], count: 2 }],
        }],
        capacity: vec![Capacity {
            after: name.to_owned(),
            resource: Resource::Memory,
            needed: 3 << 30,
            left: 2 << 30,
            witness: vec![1],
            obstacle: name.to_owned(),
        }],
        start_up: Some(StartUp {
            steps: vec![Step { starts: vec![name.to_owned()], note: name.to_owned() }],
            circles: vec![],
        }),
        findings: Some(vec![Finding {
            code: name.to_owned(),
            severity: Severity::Error,
            path: name.to_owned(),
            place: String::new(),
            message: name.to_owned(),
            why: name.to_owned(),
            help: name.to_owned(),
            acknowledged: None,
        }]),
        ..Report::default()
    }
}

fn has(page: &str, wanted: &[&str]) {
    for text in wanted {
        assert!(page.contains(text), "the page lacks {text:?}");
    }
}

#[test]
fn all_that_is_known_stands_in_the_page_itself() {
    let page = html(&report("prod")).unwrap();
    let (shown, _) = page.split_once("<script").unwrap();
    has(
        shown,
        &[
            "1 of 1 declared target is missed.",
            "survives the loss of 0 of 2 nodes; target 1",
            "interrupted: serves again once it is started elsewhere, but acknowledged writes may be lost",
            "any 1 of these 2 nodes: prod1, prod2",
            "does not fit",
            "150 %",
            "<span class=\"muted\">with node prod1</span>",
        ],
    );
    // The program is drawn in its node, without the node's name.
    has(shown, &["<span class=\"hidden\">process </span>etcd</span>"]);
}

#[test]
fn an_empty_report_is_a_page() {
    let page = html(&Report { kinds: Kind::standard(), ..Report::default() }).unwrap();
    has(&page, &["No target is declared", "</html>"]);
    assert!(!page.contains("id=\"tolerance\"") && !page.contains("id=\"findings\""));
    assert!(svg(&Report::default()).unwrap().ends_with("</svg>\n"));
    assert_eq!(mermaid(&Report::default()).unwrap(), "flowchart TB\n");
}

#[test]
fn no_name_is_markup_anywhere() {
    let report = report(HOSTILE);
    let page = html(&report).unwrap();
    assert!(!page.contains("<img"), "a name is an element");
    assert_eq!(page.matches("</script").count(), 2, "a name ends a script");
    assert!(page.contains("{{ 7*7 }}"), "a name is a template");
    let drawing = svg(&report).unwrap();
    assert!(!drawing.contains("<img") && !drawing.contains('\u{0}'));
    let chart = mermaid(&report).unwrap();
    for line in chart.lines().filter(|line| line.contains('"')) {
        assert_eq!(line.matches('"').count(), 2, "a name ends its label: {line}");
    }
    assert!(!chart.contains("<img"));
}

#[test]
fn the_page_may_load_nothing() {
    let page = html(&report("prod")).unwrap();
    has(&page, &["default-src 'none'; style-src 'sha256-", "script-src 'sha256-"]);
    for forbidden in ["http:", "https:", "url(", "@import", " src=", " style=", "unsafe-inline"] {
        assert!(!page.contains(forbidden), "the page has {forbidden:?}");
    }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    for output in [html, svg, mermaid] {
        assert_eq!(output(&report("prod")).unwrap(), output(&report("prod")).unwrap());
    }
}

#[test]
fn a_report_survives_its_way_through_json() {
    let report = report("prod");
    let text = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report);
    let unknown = text.replacen("\"cluster\"", "\"clusters\"", 1);
    assert!(serde_json::from_str::<Report>(&unknown).is_err());
}

#[test]
fn what_leads_nowhere_is_an_error_and_no_panic() {
    type Broken = (fn(&mut Report), &'static str);
    let broken: [Broken; 11] = [
        (|report| report.kinds = vec![report.kinds[0].clone(); 51], "51 kinds are too many"),
        (|report| report.elements[1].needs = vec![vec![9]], "elements.needs refers to element 9, and there are 4"),
        (|report| report.elements[0].kind = "moon".to_owned(), "elements.kind refers to the kind `moon`"),
        (|report| report.services[0].degraded_by = vec![7], "services.degraded_by refers to service 7"),
        (|report| report.services[0].tolerance[0].witness = vec![4], "services.tolerance.witness"),
        (|report| report.losses.asked[0].answer = 3, "answer 3 is asked for, and there are 3"),
        (|report| report.losses.asked[1].down = vec![2, 1], "do not ascend"),
        (|report| report.losses.asked[1].down = vec![1], "asked about twice"),
        (|report| report.losses.classes = vec![0], "1 classes for 4 elements"),
        (|report| report.cut_sets[0].groups[0].parts[0].of = vec![u32::MAX], "cut_sets.groups.parts.of"),
        (
            |report| {
                report.services[0].availability =
                    Some(report::data::Availability { share: f64::NAN, contributions: vec![] });
            },
            "a share is 0 to 1",
        ),
    ];
    for (break_it, message) in broken {
        let mut report = report("prod");
        break_it(&mut report);
        for output in [html, svg, mermaid] {
            let error: Error = output(&report).unwrap_err();
            assert!(error.to_string().contains(message), "{error} has no {message:?}");
        }
    }
}

#[test]
fn places_as_deep_as_can_be_are_drawn_on_a_small_stack() {
    let kind = |number: u32| Kind {
        key: number.to_string(),
        drawn: report::data::Drawn::Place,
        ..Kind::standard()[0].clone()
    };
    let element = |number: u32| Element {
        kind: number.to_string(),
        name: number.to_string(),
        needs: number.checked_sub(1).map(|above| vec![above]).into_iter().collect(),
    };
    let report =
        Report { kinds: (0..50).map(kind).collect(), elements: (0..50).map(element).collect(), ..Report::default() };
    let draw = move || [html, svg, mermaid].map(|output| output(&report).unwrap());
    let [page, ..] = std::thread::Builder::new().stack_size(2 << 20).spawn(draw).unwrap().join().unwrap();
    assert_eq!(page.matches("<div class=\"place ").count(), 49);
}

#[test]
fn a_flowchart_stays_within_what_mermaid_draws() {
    let node =
        |number: u32| Element { kind: "node".to_owned(), name: format!("w{number}"), needs: vec![vec![number / 10]] };
    let host = |number: u32| Element { kind: "hypervisor".to_owned(), name: format!("pve{number}"), needs: vec![] };
    let elements = (0..500).map(host).chain((0..5_000).map(node)).collect();
    let report = Report { kinds: Kind::standard(), elements, ..Report::default() };
    let chart = mermaid(&report).unwrap();
    assert!(chart.len() < 50_000, "{} characters", chart.len());
    assert!(chart.contains("e0[\"hypervisor pve0<br/>10 nodes\"]"));
    assert!(chart.contains("[\"and 200 more\"]"));
    assert!(svg(&report).unwrap().contains("10 nodes"));
}
