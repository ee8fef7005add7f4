//! Which type a plain scalar has: YAML 1.1 as `PyYAML`'s resolver reads it.
//!
//! The patterns are those of `yaml/resolver.py` in `PyYAML` 6. Written by hand, because they run for every scalar.

use crate::tag::Tag;

/// The tag that a scalar without a tag and without quotes gets from its text.
pub(crate) fn resolve(text: &str) -> Tag {
    let Some(first) = text.bytes().next() else { return Tag::Null };
    if !matches!(first, b'0'..=b'9' | b'+' | b'-' | b'.' | b'~' | b'<' | b'=' | b'!' | b'&' | b'*')
        && !matches!(first, b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O')
    {
        return Tag::Text;
    }
    // In Python's patterns `$` also matches before a line break at the end, which `! |` can put there.
    let line = text.strip_suffix('\n').unwrap_or(text);
    match first {
        b'0'..=b'9' | b'+' | b'-' | b'.' => number(line.as_bytes()),
        _ => word(line),
    }
}

fn word(text: &str) -> Tag {
    match text {
        "yes" | "Yes" | "YES" | "no" | "No" | "NO" | "true" | "True" | "TRUE" | "false" | "False" | "FALSE" | "on"
        | "On" | "ON" | "off" | "Off" | "OFF" => Tag::Bool,
        "~" | "null" | "Null" | "NULL" => Tag::Null,
        "<<" => Tag::Merge,
        "=" => Tag::Default,
        // No plain scalar begins with them, but `! "*"` gets here too. They mean a tag that nobody knows.
        "!" | "&" | "*" => Tag::Unknown,
        _ => Tag::Text,
    }
}

fn number(text: &[u8]) -> Tag {
    if is_float(text) {
        Tag::Float
    } else if is_integer(text) {
        Tag::Integer
    } else {
        Tag::Text
    }
}

/// `[-+]?0b[0-1_]+`, `[-+]?0[0-7_]+`, `[-+]?(0|[1-9][0-9_]*)`, `[-+]?0x[0-9a-fA-F_]+`, `[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+`
fn is_integer(text: &[u8]) -> bool {
    match unsigned(text) {
        [b'0'] => true,
        [b'0', b'b', digits @ ..] => some(digits, |digit| matches!(digit, b'0' | b'1')),
        [b'0', b'x', digits @ ..] => some(digits, |digit| digit.is_ascii_hexdigit()),
        [b'0', digits @ ..] => some(digits, |digit| matches!(digit, b'0'..=b'7')),
        digits @ [b'1'..=b'9', ..] => {
            let rest = skip(digits, |digit| digit.is_ascii_digit());
            rest.is_empty() || sixties(rest).is_some_and(<[u8]>::is_empty)
        }
        _ => false,
    }
}

/// `[-+]?[0-9][0-9_]*\.[0-9_]*([eE][-+][0-9]+)?`, `\.[0-9][0-9_]*([eE][-+][0-9]+)?`,
/// `[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*`, `[-+]?\.(inf|Inf|INF)`, `\.(nan|NaN|NAN)`
fn is_float(text: &[u8]) -> bool {
    match unsigned(text) {
        [b'0'..=b'9', rest @ ..] => {
            let rest = skip(rest, |digit| digit.is_ascii_digit());
            match (rest, sixties(rest)) {
                ([b'.', fraction @ ..], _) => is_exponent(skip(fraction, |digit| digit.is_ascii_digit())),
                (_, Some([b'.', fraction @ ..])) => skip(fraction, |digit| digit.is_ascii_digit()).is_empty(),
                _ => false,
            }
        }
        b".inf" | b".Inf" | b".INF" => true,
        _ => match text {
            b".nan" | b".NaN" | b".NAN" => true,
            [b'.', b'0'..=b'9', rest @ ..] => is_exponent(skip(rest, |digit| digit.is_ascii_digit())),
            _ => false,
        },
    }
}

fn unsigned(text: &[u8]) -> &[u8] {
    match text {
        [b'-' | b'+', rest @ ..] => rest,
        _ => text,
    }
}

fn is_exponent(text: &[u8]) -> bool {
    match text {
        [] => true,
        [b'e' | b'E', b'-' | b'+', digits @ ..] => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// What stands behind one or more `:[0-5]?[0-9]`.
fn sixties(text: &[u8]) -> Option<&[u8]> {
    let mut rest = text;
    loop {
        rest = match rest {
            [b':', b'0'..=b'5', b'0'..=b'9', behind @ ..] | [b':', b'0'..=b'9', behind @ ..] => behind,
            _ if rest.len() < text.len() => return Some(rest),
            _ => return None,
        };
    }
}

/// What stands behind digits and underscores.
fn skip(text: &[u8], digit: impl Fn(u8) -> bool) -> &[u8] {
    let end = text.iter().position(|byte| !(digit(*byte) || *byte == b'_')).unwrap_or(text.len());
    &text[end..]
}

/// One or more digits and underscores, and nothing else.
fn some(text: &[u8], digit: impl Fn(u8) -> bool) -> bool {
    !text.is_empty() && skip(text, digit).is_empty()
}

#[cfg(test)]
mod tests {
    use super::resolve;
    use crate::tag::Tag;

    #[test]
    fn words() {
        for text in ["yes", "No", "ON", "off", "true", "FALSE"] {
            assert_eq!(resolve(text), Tag::Bool, "{text}");
        }
        for text in ["y", "n", "oN", "nUll", "tRUE", "yesno", "abc", "é", " 1"] {
            assert_eq!(resolve(text), Tag::Text, "{text}");
        }
        for text in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(resolve(text), Tag::Null, "{text}");
        }
        assert_eq!(resolve("<<"), Tag::Merge);
        assert_eq!(resolve("="), Tag::Default);
    }

    #[test]
    fn integers() {
        for text in ["0", "-0", "0644", "0_7", "0_", "1_000", "0b01", "0b_", "0xfF", "+12", "-0x1", "1:2:3", "190:59"] {
            assert_eq!(resolve(text), Tag::Integer, "{text}");
        }
        for text in
            ["08", "09", "0o7", "1e3", "1:60", "0:30", "80:443", "1:", "-", "+", "0b", "0x", "1:2:", "_1", "12a"]
        {
            assert_eq!(resolve(text), Tag::Text, "{text}");
        }
    }

    #[test]
    fn floats() {
        for text in [
            "1.", "1.5", "-1.5e+3", "0.1e-9", ".5", "1_0.0_", "1:30.5", "0:5.", ".inf", "-.Inf", "+.INF", ".nan",
            "1.e+3",
        ] {
            assert_eq!(resolve(text), Tag::Float, "{text}");
        }
        for text in
            ["1.5e3", "-.5", "+.5", "._5", ".", "-.nan", ".iNF", "1.2.3", "1:60.5", "1.e", "1.0e+", "2001-12-14"]
        {
            assert_eq!(resolve(text), Tag::Text, "{text}");
        }
    }

    #[test]
    fn a_line_break_at_the_end_is_overlooked_as_in_python() {
        assert_eq!(resolve("12\n"), Tag::Integer);
        assert_eq!(resolve("~\n"), Tag::Null);
        assert_eq!(resolve("\n"), Tag::Text);
        assert_eq!(resolve("12\n\n"), Tag::Text);
    }
}
