//! Whom a target of `top.sls` means.

/// A target that can be judged from a minion id alone, or not.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    Glob(glob::Pattern),
    List(Vec<String>),
    Expression(regex_lite::Regex),
    Any(Vec<Target>),
    All(Vec<Target>),
    Not(Box<Target>),
    /// Grains, pillar, subnets: only the master knows.
    Unknown,
}

impl Target {
    /// The target of an expression and its `match` type.
    pub fn new(expression: &str, kind: &str) -> Self {
        match kind {
            "glob" => glob::Pattern::new(expression).map_or(Self::Unknown, Self::Glob),
            "list" => Self::List(expression.split(',').map(|id| id.trim().to_owned()).collect()),
            // Salt matches from the start of the id.
            "pcre" => regex_lite::Regex::new(&format!("^(?:{expression})")).map_or(Self::Unknown, Self::Expression),
            "compound" => Self::compound(expression),
            _ => Self::Unknown,
        }
    }

    /// Compound targets without parentheses: `and` binds stronger than `or`.
    fn compound(expression: &str) -> Self {
        if expression.contains(['(', ')']) {
            return Self::Unknown;
        }
        let words: Vec<&str> = expression.split_whitespace().collect();
        let either = words.split(|word| *word == "or");
        Self::Any(either.map(|words| Self::All(words.split(|word| *word == "and").map(Self::word).collect())).collect())
    }

    fn word(words: &[&str]) -> Self {
        match words {
            ["not", rest @ ..] => Self::Not(Box::new(Self::word(rest))),
            [word] => match word.split_once('@') {
                Some(("E", expression)) => Self::new(expression, "pcre"),
                Some(("L", list)) => Self::new(list, "list"),
                Some(_) => Self::Unknown,
                None => Self::new(word, "glob"),
            },
            _ => Self::Unknown,
        }
    }

    /// Whether a minion is meant; `None` when that cannot be known from its id.
    pub fn means(&self, minion: &str) -> Option<bool> {
        match self {
            Self::Glob(pattern) => Some(pattern.matches(minion)),
            Self::List(ids) => Some(ids.iter().any(|id| id == minion)),
            Self::Expression(expression) => Some(expression.is_match(minion)),
            Self::Not(inner) => inner.means(minion).map(|means| !means),
            Self::Any(parts) => fold(parts.iter().map(|part| part.means(minion)), true),
            Self::All(parts) => fold(parts.iter().map(|part| part.means(minion)), false),
            Self::Unknown => None,
        }
    }

    /// Whether an answer can be expected at all.
    pub fn is_known(&self) -> bool {
        match self {
            Self::Unknown => false,
            Self::Not(inner) => inner.is_known(),
            Self::Any(parts) | Self::All(parts) => parts.iter().all(Self::is_known),
            _ => true,
        }
    }
}

/// One answer that decides is enough; otherwise all must be known.
fn fold(answers: impl Iterator<Item = Option<bool>>, decisive: bool) -> Option<bool> {
    let mut result = Some(!decisive);
    for answer in answers {
        match answer {
            Some(answer) if answer == decisive => return Some(decisive),
            Some(_) => {}
            None => result = None,
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn ids_are_matched_as_salt_does() {
        let cases = [
            ("cp*", "glob", "cp1.lan", Some(true)),
            ("cp[12]", "glob", "cp3", Some(false)),
            ("cp1,cp2", "list", "cp2", Some(true)),
            ("cp[0-9]+", "pcre", "cp12.lan", Some(true)),
            ("p1", "pcre", "cp1", Some(false)),
            ("cp* and not cp3", "compound", "cp3", Some(false)),
            ("w* or E@cp\\d", "compound", "cp1", Some(true)),
            ("G@os:Debian and cp*", "compound", "w1", Some(false)),
            ("G@os:Debian and cp*", "compound", "cp1", None),
            ("os:Debian", "grain", "cp1", None),
        ];
        for (expression, kind, minion, expected) in cases {
            assert_eq!(Target::new(expression, kind).means(minion), expected, "{expression} {kind} {minion}");
        }
    }
}
