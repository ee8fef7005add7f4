//! Quotes for text that YAML 1.1 takes for something else.
//!
//! kubeadm, kubelet and etcd read YAML 1.1; the writer knows YAML 1.2, in which `on`, `1_000` and `12:30` are text.

use serde_json::Value;

/// Has a value written with such text in quotes. `write` is given the value with a mark around it, which makes it plain text
/// under any version, and the marks become quotes in what it returns.
pub(super) fn quoted<E>(value: &Value, write: impl Fn(&Value) -> Result<String, E>) -> Result<String, E> {
    let mut mark = "k8s-ha".to_owned();
    let plain = value.to_string();
    while plain.contains(&mark) {
        mark.push_str("-ha");
    }
    Ok(write(&marked(value, &mark))?.replace(&mark, "'"))
}

fn marked(value: &Value, mark: &str) -> Value {
    match value {
        Value::String(text) => Value::String(mark_up(text, mark)),
        Value::Array(list) => list.iter().map(|entry| marked(entry, mark)).collect(),
        Value::Object(entries) => {
            entries.iter().map(|(key, entry)| (mark_up(key, mark), marked(entry, mark))).collect()
        }
        other => other.clone(),
    }
}

fn mark_up(text: &str, mark: &str) -> String {
    if is_ambiguous(text) { format!("{mark}{text}{mark}") } else { text.to_owned() }
}

/// Whether YAML 1.1 reads something else than text where YAML 1.2 reads text: a boolean, a number with underscores or in base
/// 60, a date, a merge key. Sources: the types `bool`, `int`, `float`, `timestamp`, `merge` and `value` of yaml.org/type.
fn is_ambiguous(text: &str) -> bool {
    const WORDS: [&str; 6] = ["y", "n", "yes", "no", "on", "off"];
    let numeric = text.starts_with(|letter: char| letter.is_ascii_digit() || matches!(letter, '+' | '-' | '.'));
    let digits_and = |marks: &str| text.chars().all(|letter| letter.is_ascii_hexdigit() || marks.contains(letter));
    let binary = |letter: char| matches!(letter, '0' | '1' | '_');
    let number = numeric && text.contains(['_', ':']) && digits_and("+-._:xo");
    let base_two = text.trim_start_matches(['+', '-']).strip_prefix("0b").is_some_and(|rest| rest.chars().all(binary));
    WORDS.contains(&text.to_ascii_lowercase().as_str())
        || number
        || base_two
        || is_date(text)
        || matches!(text, "<<" | "=")
}

/// A year, a month and a day, whatever follows.
fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_year = parts.next().is_some_and(|year| year.len() == 4 && all_digits(year));
    let is_month = parts.next().is_some_and(|month| month.len() <= 2 && all_digits(month));
    is_year && is_month && parts.next().is_some_and(|day| day.starts_with(|letter: char| letter.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn yaml(value: &Value) -> String {
        quoted(value, serde_yaml::to_string).unwrap()
    }

    #[test]
    fn text_that_looks_like_something_else_is_quoted() {
        let words = "on Off YES no y N true null ~ 0.001 1 0644 1e3 1_000 1_0.5 12:30:45 0x1f 0x_1f 0b11 2026-01-01 2026-1-1T00:00:00Z << =";
        for word in words.split(' ').chain([""]) {
            assert_eq!(yaml(&json!({ "value": word })), format!("value: '{word}'\n"));
        }
    }

    #[test]
    fn other_text_stays_plain() {
        let words =
            "10s 4m0s 512Mi 10% 10.0.10.11 ::1 fd00::5 v1.36.4 10.244.0.0/16 api.prod1.lan:8443 VersionTLS12 only -1x";
        for word in words.split(' ') {
            assert_eq!(yaml(&json!({ "value": word })), format!("value: {word}\n"));
        }
    }

    #[test]
    fn keys_and_lists_are_quoted_and_a_mark_in_the_value_is_none() {
        assert_eq!(yaml(&json!({ "on": ["off", "k8s-ha"] })), "'on':\n- 'off'\n- k8s-ha\n");
    }
}
