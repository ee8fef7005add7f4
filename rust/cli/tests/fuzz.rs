//! Changed pillars never end in a panic: read, judged, shown, and rendered where nothing refuses them.
//!
//! Runs for `K8S_HA_FUZZ_SECONDS` (default 5). The seed is fixed, so that a failure can be repeated; the text that
//! failed is printed.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::print_stdout, reason = "a test ends where it cannot go on")]

use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};
use topology::{Facts, effective, json_schema, read_pillar};
use tree::SourceId;
use yaml::Limits;

const BASES: [&str; 5] = [
    include_str!("../../lint/src/bases/three_masters.yaml"),
    include_str!("../../lint/src/bases/proxmox.yaml"),
    include_str!("../../lint/src/bases/external_etcd.yaml"),
    include_str!("../../lint/src/bases/local_balancer.yaml"),
    include_str!("../../lint/src/bases/kube_vip.yaml"),
];

/// Values at the edges of what the types hold.
const VALUES: [&str; 34] = [
    "0",
    "-1",
    "1",
    "2",
    "7",
    "255",
    "256",
    "65535",
    "65536",
    "4294967296",
    "18446744073709551616",
    "1e9",
    ".nan",
    "null",
    "true",
    "check",
    "[]",
    "{}",
    "''",
    "x",
    "0s",
    "1ms",
    "999999d",
    "0B",
    "16777216TiB",
    "10.0.10.11",
    "10.0.0.0/0",
    "fd00::1",
    "fd00::/8",
    "::",
    "0.0.0.0",
    "debian-13",
    "rocky-8",
    "v1.37.1",
];

/// A small generator of numbers (splitmix64), so that no seed of the machine comes in.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(below.max(1)).unwrap()).unwrap()
    }
}

/// Names of all keys of the pillar, from the schema.
fn keys() -> Vec<String> {
    fn collect(json: &serde_json::Value, found: &mut Vec<String>) {
        if let Some(properties) = json.get("properties").and_then(serde_json::Value::as_object) {
            found.extend(properties.keys().cloned());
        }
        for inner in json.as_object().into_iter().flat_map(|object| object.values()) {
            collect(inner, found);
        }
    }
    let mut found = Vec::new();
    collect(&serde_json::from_str(&json_schema()).unwrap(), &mut found);
    found
}

/// Texts between the characters that give YAML its form.
fn scalars(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, letter) in text.char_indices().chain([(text.len(), '\n')]) {
        if "{}[],\n\"".contains(letter) || text[at..].starts_with(": ") || (letter == ' ' && text[..at].ends_with(':'))
        {
            if !text[start..at].trim().is_empty() {
                found.push(start..at);
            }
            start = at + letter.len_utf8();
        }
    }
    found
}

fn changed(text: &str, keys: &[String], dice: &mut Dice) -> String {
    let places = scalars(text);
    let place = places[dice.throw(places.len())].clone();
    let mut changed = text.to_owned();
    match dice.throw(6) {
        0 => {
            let other = places[dice.throw(places.len())].clone();
            changed.replace_range(place, &text[other]);
        }
        1 => {
            let key = &keys[dice.throw(keys.len())];
            let value = VALUES[dice.throw(VALUES.len())];
            let _ = writeln!(changed, "{key}: {value}");
        }
        2 => {
            let lines: Vec<&str> = text.lines().collect();
            let gone = dice.throw(lines.len());
            changed =
                lines.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, line)| format!("{line}\n")).collect();
        }
        3 => {
            let (section, key) = (&keys[dice.throw(keys.len())], &keys[dice.throw(keys.len())]);
            let value = VALUES[dice.throw(VALUES.len())];
            let _ = writeln!(changed, "{section}: {{{key}: {value}}}");
        }
        _ => changed.replace_range(place, VALUES[dice.throw(VALUES.len())]),
    }
    changed
}

fn exercise(text: &str, facts: &Facts) -> bool {
    let Ok(document) = yaml::parse(text.as_bytes(), SourceId(0), &Limits::default()) else { return false };
    let reading = read_pillar(document.tree, document.root, facts);
    let findings = lint::run(&reading, facts, "2026-11-21".parse().unwrap());
    assert!(reading.topology.is_some() || !findings.is_empty(), "refused without a word");
    let _ = effective(&reading);
    let Some(topology) = &reading.topology else { return false };
    for node in &topology.nodes {
        let _ = render::files(topology, facts, node);
        let _ = render::machine(topology, facts, node);
        let _ = render::kept_by_kubeadm(topology, facts, node);
    }
    !findings.iter().any(lint::blocks)
}

#[test]
fn changed_pillars_never_end_in_a_panic() {
    let seconds = std::env::var("K8S_HA_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(5);
    let end = Instant::now() + Duration::from_secs(seconds);
    let facts = Facts::built_in().unwrap();
    let keys = keys();
    let mut dice = Dice(1);
    let (mut runs, mut accepted) = (0u32, 0u32);
    while Instant::now() < end {
        let mut text = BASES[dice.throw(BASES.len())].to_owned();
        for _ in 0..=dice.throw(4) {
            text = changed(&text, &keys, &mut dice);
        }
        let done = catch_unwind(AssertUnwindSafe(|| exercise(&text, &facts)));
        assert!(done.is_ok(), "a panic, or a refusal without a word, for:\n{text}");
        runs += 1;
        accepted += u32::from(done.unwrap_or(false));
    }
    println!("{runs} pillars, {accepted} of them accepted");
    assert!(runs > 20 && accepted > 0, "{runs} pillars, {accepted} accepted: the changes reach nothing");
}
