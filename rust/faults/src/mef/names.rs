//! Names that the format allows: letters, digits and underscores, with single hyphens between; and each once, whether its
//! letters are capital or not.

use rustc_hash::FxHashMap;

/// Names that were given, each with the number that is tried next for another one like it.
#[derive(Debug, Default)]
pub(super) struct Names {
    given: FxHashMap<String, u32>,
}

impl Names {
    /// A valid name that is like this one, and that was not given before.
    pub(super) fn give(&mut self, like: &str) -> String {
        let valid = valid(like);
        let key = valid.to_ascii_lowercase();
        let Some(mut number) = self.given.get(&key).copied() else {
            self.given.insert(key, 2);
            return valid;
        };
        let mut name = format!("{valid}-{number}");
        while self.given.contains_key(&name.to_ascii_lowercase()) {
            number += 1;
            name = format!("{valid}-{number}");
        }
        self.given.insert(key, number + 1);
        self.given.insert(name.to_ascii_lowercase(), 2);
        name
    }
}

fn valid(name: &str) -> String {
    let parts: Vec<&str> = name.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').collect();
    let name = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<&str>>().join("-");
    match name.chars().next() {
        None => "unnamed".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("_{name}"),
        Some(_) => name,
    }
}
