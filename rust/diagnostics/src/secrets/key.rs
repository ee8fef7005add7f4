//! The first secret-looking key of a line.

use std::collections::HashSet;

use tree::is_secret_key;

/// Anchors (`&name`) of values that are used as secrets somewhere (`password: *name`).
pub(super) type Anchors = HashSet<String>;

/// Where the value behind the first secret-looking key of these characters begins: behind the key, its closing
/// quote and its separator. A misspelt separator hides the value as well, because such texts are not parsed.
pub(super) fn value_start(line: &[char], from: usize, anchors: &Anchors) -> Option<usize> {
    let mut at = from;
    while at < line.len() {
        let start = at + line[at..].iter().position(|character| is_word(*character))?;
        let end = line[start..].iter().position(|character| !is_word(*character)).map_or(line.len(), |n| start + n);
        let word: String = line[start..end].iter().collect();
        if is_secret_key(&word) || is_secret_key(word.trim_matches(['.', '-'])) {
            return Some(skip_separator(line, end));
        }
        if start > 0 && line[start - 1] == '&' && anchors.contains(&word) {
            return Some(end);
        }
        at = end;
    }
    None
}

/// Adds the anchors that are referred to behind secret-looking keys.
pub(super) fn collect_anchors(line: &[char], anchors: &mut Anchors) {
    let Some(value) = value_start(line, 0, anchors) else { return };
    for (at, character) in line.iter().enumerate().skip(value) {
        if *character == '*' {
            anchors.insert(line[at + 1..].iter().take_while(|character| is_word(**character)).collect());
        }
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-' | '.')
}

fn skip_separator(line: &[char], from: usize) -> usize {
    let spaces = |at: usize| line[at..].iter().take_while(|character| character.is_whitespace()).count();
    let one_of = |at: usize, known: &[char]| usize::from(line.get(at).is_some_and(|found| known.contains(found)));
    let mut at = from + one_of(from, &['"', '\'']);
    at += spaces(at);
    at += one_of(at, &[':', '=']);
    at + spaces(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> String {
        let characters: Vec<char> = line.chars().collect();
        let end = value_start(&characters, 0, &Anchors::from(["pw".to_owned()])).unwrap_or(characters.len());
        characters[..end].iter().collect()
    }

    #[test]
    fn the_value_begins_behind_the_separator() {
        for (line, expected) in [
            ("password: x", "password: "),
            ("  'auth_pass':x", "  'auth_pass':"),
            ("{a: 1, \"token\" : x, b: 2}", "{a: 1, \"token\" : "),
            ("{% set db_password = 'x' %}", "{% set db_password = "),
            ("password x", "password "),
            ("a: &pw x", "a: &pw"),
            ("a: b", "a: b"),
            ("passwordless: x", "passwordless: x"),
        ] {
            assert_eq!(shown(line), expected);
        }
    }

    #[test]
    fn anchors_behind_secret_keys_are_secret() {
        let mut anchors = Anchors::new();
        for line in ["password: *one", "tokens: [*two, *three]", "a: *four"] {
            collect_anchors(&line.chars().collect::<Vec<_>>(), &mut anchors);
        }
        let mut names: Vec<_> = anchors.into_iter().collect();
        names.sort();
        assert_eq!(names, ["one", "three", "two"]);
    }
}
