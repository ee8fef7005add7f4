//! A value that goes on over the end of its line.

/// What must come before the value has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Open {
    /// The closing quote.
    Quote(char),
    /// So many closing brackets.
    Brackets(usize),
    /// The end line of a private key.
    PrivateKey,
}

impl Open {
    /// What is open behind a value that begins with these characters.
    pub fn of(value: &[char]) -> Option<Self> {
        match value.first()? {
            quote @ ('"' | '\'') => Self::Quote(*quote).after(&value[1..]),
            '[' | '{' => Self::Brackets(0).after(value),
            _ => None,
        }
    }

    /// A private key that begins on this line and does not end on it.
    pub fn private_key(line: &[char]) -> Option<Self> {
        begins_private_key(line).then_some(Self::PrivateKey)?.after(line)
    }

    /// What is still open after these characters too.
    pub fn after(self, text: &[char]) -> Option<Self> {
        match self {
            Self::Quote(quote) => {
                let mut escaped = false;
                let closed = text.iter().any(|character| {
                    let closes = *character == quote && !escaped;
                    escaped = quote == '"' && *character == '\\' && !escaped;
                    closes
                });
                (!closed).then_some(self)
            }
            Self::Brackets(mut depth) => {
                for character in text {
                    match character {
                        '[' | '{' => depth += 1,
                        ']' | '}' => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                }
                (depth > 0).then_some(Self::Brackets(depth))
            }
            Self::PrivateKey => (!text.iter().collect::<String>().contains("-----END ")).then_some(self),
        }
    }
}

/// Whether the line holds the first line of a private key in PEM.
pub(super) fn begins_private_key(line: &[char]) -> bool {
    let line: String = line.iter().collect();
    line.split_once("-----BEGIN ").is_some_and(|(_, rest)| rest.contains("PRIVATE KEY"))
}
