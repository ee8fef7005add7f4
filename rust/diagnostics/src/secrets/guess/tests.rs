//! No planted secret may be seen, however it is written.

use crate::Source;
use crate::listing::Listing;

fn shown(source: &Source) -> Vec<String> {
    let listing = Listing::of(source);
    (1..=listing.len()).map(|number| listing.line(number).unwrap().text).collect()
}

fn unparsed(text: &str) -> Vec<String> {
    shown(&Source::new("a.sls", text))
}

fn parsed(text: &str) -> Vec<String> {
    shown(&Source { parsed: true, ..Source::new("a.sls", text) })
}

/// Layouts that hold the word `PLANTED` where a secret's value stands. Most of them are broken YAML, or could be.
const LAYOUTS: &[&str] = &[
    "password: PLANTED",
    "password:PLANTED",
    "password PLANTED",
    "password = PLANTED",
    "password:\tPLANTED",
    "\tpassword: PLANTED",
    "\"password\": \"PLANTED\"",
    "'auth_pass' : 'PLANTED'",
    "\"my.password\": PLANTED",
    "KubeadmCertificate-Token: PLANTED",
    "certificateKey: PLANTED",
    "a: {password: PLANTED, b: c}",
    "a: {b: c, 'token': \"PLANTED",
    "a: [x, {token: PLANTED}]",
    "{\"credentials\": {\"user\": \"PLANTED\"}}",
    "- password: PLANTED",
    "- - token: PLANTED",
    "- name: x\n  password: PLANTED",
    "!!map {password: !!str PLANTED}",
    "password: &anchor PLANTED",
    "a: &x PLANTED\npassword: *x",
    "a:\n  b: &x\n    - PLANTED\ntokens: [*x]",
    "password:\n  PLANTED",
    "password:\n  value: PLANTED\n  other: PLANTED",
    "credentials:\n  a:\n    b: PLANTED\n\n    c: PLANTED\n  # comment\n  d: PLANTED",
    "  password:\n\tPLANTED\n\tPLANTED",
    "tokens:\n- PLANTED\n- PLANTED",
    "a:\n  tokens:\n  - PLANTED\n  - b: PLANTED\n    c: PLANTED",
    "password: |\n  PLANTED\n\n  PLANTED: PLANTED\n  # PLANTED",
    "password: >-\n  PLANTED\n   PLANTED",
    "- password: |\n    PLANTED",
    "password: PLANTED\n  PLANTED",
    "password: PLANTED\nPLANTED",
    "password: \"x\nPLANTED\nkey: PLANTED",
    "password: \"x \\\" y\n  key: PLANTED\"",
    "password: 'x\n PLANTED\n\nPLANTED'\n",
    "a: {password: \"x\nPLANTED: PLANTED\", b: c}",
    "a: {tokens: [x,\ny: PLANTED,\nPLANTED], b: c}",
    "a: {password:\nPLANTED, b: c}",
    "a: {password:\n\"PLANTED: x\"}",
    "? password\n: PLANTED",
    "? password\n: |\n  PLANTED",
    "? 'password'\n:\n  - PLANTED",
    "{\n  ? !!str \"password\"\n  : !!map {\n    ? !!str \"k\"\n    : !!str \"PLANTED\",\n  },\n}",
    "a: {password:\n\"x\nb: PLANTED\"}",
    "a: {password: x, tokens: [x,\nb: PLANTED]}",
    "a: {b: {password: \"x\ny\", token: {c: x,\n  d: {e: x},\nf: PLANTED}}}",
    "a:\n  tokens:\n    - x\n   - PLANTED\n - PLANTED",
    "a:\n    credentials:\n        b: x\n      c: PLANTED\n   d: PLANTED",
    "private_key: -----BEGIN RSA PRIVATE KEY-----\nPLANTED\nProc-Type: PLANTED\nPLANTED=\n-----END RSA PRIVATE KEY-----",
    "key: |\n  -----BEGIN PRIVATE KEY-----\n  PLANTED\n  Proc-Type: PLANTED\nPLANTED",
    "key: '-----BEGIN PRIVATE KEY----- PLANTED -----END PRIVATE KEY-----'",
    "password: |\n  {% PLANTED",
    "{% set db_password = 'PLANTED' %}",
    "password:\n{% if x %}\n  PLANTED\n{% else %}\n  PLANTED\n{% endif %}",
    "password: {{ pillar['PLANTED'] }}",
    "# password: PLANTED",
    "a: b  # password: PLANTED",
    "#credentials:\n#  user: PLANTED\n#  name: PLANTED",
    "## tokens:\n## - PLANTED",
    "password: x  # was PLANTED",
    "cipassword: 'it''s' PLANTED",
    "pässword_token: PLANTED",
    "password:\u{2028}  PLANTED",
    "password:\r  PLANTED\rtoken: PLANTED",
    "url: x\npassword\n: PLANTED",
];

#[test]
fn no_planted_secret_is_shown() {
    for layout in LAYOUTS {
        let lines = unparsed(layout);
        assert!(!lines.join("\n").contains("PLANTED"), "{layout:?} is shown as {lines:?}");
    }
}

#[test]
fn no_planted_secret_is_shown_in_the_middle_of_a_file() {
    for layout in LAYOUTS {
        let indented: Vec<String> = layout.split('\n').map(|line| format!("    {line}")).collect();
        let text = format!("k8s_ha:\n  nodes:\n{}\n", indented.join("\n"));
        assert!(!unparsed(&text).join("\n").contains("PLANTED"), "{text} is shown as {:?}", unparsed(&text));
    }
}

#[test]
fn secrets_in_comments_are_hidden_in_parsed_texts_too() {
    for layout in LAYOUTS.iter().filter(|layout| layout.starts_with('#') || layout.contains("b  #")) {
        assert!(!parsed(layout).join("\n").contains("PLANTED"), "{layout:?} is shown as {:?}", parsed(layout));
    }
}

#[test]
fn what_is_no_secret_stays_visible() {
    for text in [
        "nodes:\n  cp1: {ip: 10.0.10.11}\n  # a comment\n  cp2:\n    ip: x",
        "passwordless: yes\nsecretary: none\ntokenizer: x",
        "{% if grains['id'] %}\na: b\n{% endif %}",
        "certificates:\n  - -----BEGIN CERTIFICATE-----",
    ] {
        assert_eq!(unparsed(text).join("\n"), text);
        assert_eq!(parsed(text).join("\n"), text);
    }
}

#[test]
fn lines_after_a_secret_are_visible_again() {
    assert_eq!(
        unparsed("a:\n  password: x\n  b: c\n  tokens:\n    - x\n  d: e\nf: g"),
        ["a:", "  password: ••••••", "  b: c", "  tokens:", "    ••••••", "  d: e", "f: g"]
    );
    assert_eq!(unparsed("password: \"x\n  y\"\nb: c"), ["password: ••••••", "  ••••••", "b: c"]);
    assert_eq!(unparsed("a: {tokens: [x,\n  y], b: c}\nd: e"), ["a: {tokens: ••••••", "  ••••••", "d: e"]);
    assert_eq!(unparsed("password: x\n---\na: b\n- c"), ["password: ••••••", "---", "a: b", "- c"]);
}

#[test]
fn in_a_parsed_text_only_comments_are_guessed() {
    let text = "token_ttl: 24h\npassword: from_vault\n# token: x\nb: c # password: x";
    assert_eq!(parsed(text), ["token_ttl: 24h", "password: from_vault", "# token: ••••••", "b: c # password: ••••••"]);
}
