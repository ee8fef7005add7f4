//! A pillar is put together as Salt does it.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use pillar::{Error, Loaded, Options, Rendering, load};
use std::fs;
use std::path::Path;
use tempfile::TempDir;
use topology::Facts;

const THREE: &str = include_str!("../../lint/src/bases/three_masters.yaml");

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn cluster() -> String {
    format!("k8s_ha:\n{}", THREE.lines().map(|line| format!("  {line}\n")).collect::<String>())
}

fn read(path: &Path, options: &Options) -> Loaded {
    load(path, options, &Facts::built_in().unwrap()).unwrap()
}

fn without_salt() -> Options {
    Options::new(|_, _, _| Rendering::NoSalt)
}

fn codes(loaded: &Loaded) -> Vec<String> {
    let of_clusters = loaded.clusters.iter().flat_map(|cluster| &cluster.reading.findings);
    loaded.findings.iter().chain(of_clusters).map(|finding| format!("{}: {}", finding.code, finding.message)).collect()
}

#[test]
fn a_tree_with_includes_is_one_cluster() {
    let nodes = cluster().replace("  nodes:\n", "  nodes: &nodes\n");
    let (common, rest) = nodes.split_at(nodes.find("  profiles:").unwrap());
    let folder = folder(&[
        ("top.sls", "base:\n  'cp*':\n    - clusters.prod\n  'w[12]':\n    - clusters.prod\n  '*':\n    - users\n"),
        ("users.sls", "users: {}\n"),
        ("clusters/prod/init.sls", &format!("include:\n  - .common\nk8s_ha:\n{rest}")),
        ("clusters/prod/common.sls", common),
    ]);
    let loaded = read(folder.path(), &without_salt());
    assert!(codes(&loaded).is_empty(), "{:?}", codes(&loaded));
    assert_eq!(loaded.clusters.len(), 1);
    assert_eq!(loaded.clusters[0].label, "cluster prod1");
    assert_eq!(loaded.clusters[0].reading.topology.as_ref().unwrap().nodes.len(), 5);
}

#[test]
fn two_clusters_stand_side_by_side() {
    let second = cluster().replace("prod1", "prod2").replace("cp", "a").replace("w1", "b1").replace("w2", "b2");
    let folder = folder(&[
        (
            "top.sls",
            "base:\n  'cp*,w*': [one, {match: list}]\n  'E@(cp|w)\\d and not x':\n    - match: compound\n  'cp?': [one]\n  'w?': [one]\n  'a*': [two]\n  'b*': [two]\n",
        ),
        ("one.sls", &cluster()),
        ("two.sls", &second),
    ]);
    let loaded = read(folder.path(), &without_salt());
    let labels: Vec<&str> = loaded.clusters.iter().map(|cluster| cluster.label.as_str()).collect();
    assert_eq!(labels, ["cluster prod1", "cluster prod2"], "{:?}", codes(&loaded));
}

#[test]
fn a_member_that_top_forgets_is_named() {
    let folder = folder(&[("top.sls", "base: {'cp*': [one]}\n"), ("one.sls", &cluster())]);
    let loaded = read(folder.path(), &without_salt());
    let found = codes(&loaded).join("\n");
    assert!(found.contains("TOP-003") && found.contains("w1, w2"), "{found}");
}

#[test]
fn members_that_get_different_pillars_are_named() {
    let files = [
        ("top.sls", "base: {'*': [one], 'cp1': [extra]}\n".to_owned()),
        ("one.sls", cluster()),
        ("extra.sls", "k8s_ha: {targets: {api_failover: 20s}}\n".to_owned()),
    ];
    let folder = folder(&files.each_ref().map(|(name, text)| (*name, text.as_str())));
    let found = codes(&read(folder.path(), &without_salt())).join("\n");
    assert!(found.contains("TOP-004"), "{found}");
}

#[test]
fn what_is_missing_or_malformed_is_a_finding() {
    let cases = [
        ("base: {'*': [absent]}\n", "TOP-001"),
        ("base: {'*': text}\n", "TOP-002"),
        ("base: {'os:Debian': [{match: grain}, one]}\n", "TOP-005"),
        ("base: [\n", "YAML-001"),
        ("base: {'*': [users]}\n", "TOP-006"),
        ("base: {'*': [loop]}\n", "TOP-006"),
    ];
    for (top, expected) in cases {
        let files = [
            ("top.sls", top),
            ("users.sls", "users: {}\n"),
            ("loop.sls", "include: [loop]\n"),
            ("one.sls", &cluster()),
        ];
        let folder = folder(&files);
        let found = codes(&read(folder.path(), &without_salt())).join("\n");
        assert!(found.contains(expected), "{expected} is missing for {top}: {found}");
    }
}

#[test]
fn a_file_with_jinja_is_not_read_without_salt() {
    let folder = folder(&[("one.sls", &format!("{{% set name = 'x' %}}\n{}", cluster()))]);
    let loaded = read(&folder.path().join("one.sls"), &without_salt());
    assert!(loaded.clusters.is_empty());
    assert!(codes(&loaded).join("\n").contains("JINJA-001"));
}

#[test]
fn findings_in_rendered_text_point_to_the_file_where_the_line_is_known() {
    let text =
        format!("{{# a comment #}}\n{}", cluster().replace("gateway", "gatway").replace("cpus: 4", "cpus: {{ 4 }}"));
    let folder = folder(&[("one.sls", &text)]);
    let rendered: fn(&Path, &Path, &Options) -> Rendering = |path, _, _| {
        let text = fs::read_to_string(path).unwrap();
        Rendering::Text(text.replace("{# a comment #}", "").replace("{{ 4 }}", "four"))
    };
    let options = Options::new(rendered);
    let loaded = read(&folder.path().join("one.sls"), &options);
    let mut findings = loaded.clusters[0].reading.findings.clone();
    loaded.point_to_files(&mut findings);
    let places: Vec<(&str, bool)> = findings
        .iter()
        .map(|finding| (finding.code.as_ref(), loaded.sources.get(finding.span.unwrap().source).unwrap().rendered))
        .collect();
    assert_eq!(places, [("PILLAR-001", false), ("PILLAR-002", true)], "{:?}", codes(&loaded));
}

#[test]
fn other_renderers_are_said_to_be_unread() {
    for (header, expected) in [("#!py", "JINJA-003"), ("#!jinja|yaml|gpg", "SEC-030")] {
        let folder = folder(&[("one.sls", &format!("{header}\n{}", cluster()))]);
        let found = codes(&read(&folder.path().join("one.sls"), &without_salt())).join("\n");
        assert!(found.contains(expected), "{found}");
    }
}

#[test]
fn a_folder_without_pillar_is_unusable() {
    let empty = TempDir::new().unwrap();
    let facts = Facts::built_in().unwrap();
    assert!(matches!(load(empty.path(), &without_salt(), &facts), Err(Error::NoPillar { .. })));
    assert!(matches!(load(&empty.path().join("absent"), &without_salt(), &facts), Err(Error::Unreadable { .. })));
}
