//! Integers as Salt reads them: leading zeros dropped, octal behind a sign, sexagesimal, underscores, no upper limit.
//!
//! Source: `construct_scalar` of `salt.utils.yamlloader`, `construct_yaml_int` of `PyYAML` 6, and Python's `int()`.

use num_bigint::BigInt;
use tree::Value;

/// Python refuses to turn longer decimal texts into integers and back (`sys.int_info.default_max_str_digits`).
const MOST_DIGITS: usize = 4300;

/// Digits to the base 60 that make more than [`MOST_DIGITS`] decimal digits.
const MOST_SIXTIES: usize = 2420;

/// Reads an integer; `None` where Salt fails.
pub(crate) fn integer(text: &str) -> Option<Value> {
    if let Some(value) = ordinary(text) {
        return Some(Value::Integer(value));
    }
    let text = without_leading_zeros(text).replace('_', "");
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let value = if text.is_empty() {
        return None;
    } else if let Some(digits) = digits.strip_prefix("0b") {
        python(digits, 2)?
    } else if let Some(digits) = digits.strip_prefix("0x") {
        python(digits, 16)?
    } else if digits.is_empty() {
        return None;
    } else if digits.starts_with('0') {
        python(digits, 8)?
    } else if digits.contains(':') {
        sexagesimal(digits)?
    } else {
        python(digits, 10)?
    };
    finish(if negative { -value } else { value })
}

/// The text of an integer after Salt looked at it: without its leading zeros, but for `0b` and `0x`.
pub(crate) fn without_leading_zeros(text: &str) -> &str {
    if text == "0" || !text.starts_with('0') || text.starts_with("0b") || text.starts_with("0x") {
        return text;
    }
    match text.trim_start_matches('0') {
        "" => "0",
        rest => rest,
    }
}

/// Nearly all integers: a few decimal digits that do not begin with a zero.
fn ordinary(text: &str) -> Option<i128> {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let plain = match digits {
        [b'0'] => true,
        [b'1'..=b'9', rest @ ..] => rest.len() < 38 && rest.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    if plain { text.parse().ok() } else { None }
}

/// Python's `int(text, base)`: blanks around it, a sign, and the base's own prefix may stand there.
/// Digits of other scripts, which Python accepts too, are refused.
fn python(text: &str, base: u32) -> Option<BigInt> {
    let text = text.trim_matches(is_python_space);
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let prefixes: &[&str] = match base {
        2 => &["0b", "0B"],
        8 => &["0o", "0O"],
        16 => &["0x", "0X"],
        _ => &[],
    };
    let digits = prefixes.iter().find_map(|prefix| digits.strip_prefix(prefix)).unwrap_or(digits);
    let short = if base == 10 { digits } else { digits.trim_start_matches('0') };
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(base)) || short.len() > longest(base) {
        return None;
    }
    let value = BigInt::parse_bytes(digits.as_bytes(), base)?;
    Some(if negative { -value } else { value })
}

/// Digits to a base that may still be within [`MOST_DIGITS`] decimal digits (4300 × log(10) / log(base), rounded up).
fn longest(base: u32) -> usize {
    match base {
        2 => 14_285,
        8 => 4_762,
        16 => 3_572,
        _ => MOST_DIGITS,
    }
}

/// `1:30` is 1 × 60 + 30.
fn sexagesimal(text: &str) -> Option<BigInt> {
    let mut value = BigInt::ZERO;
    for (count, part) in text.split(':').enumerate() {
        if count > MOST_SIXTIES {
            return None;
        }
        value = value * 60 + python(part, 10)?;
    }
    Some(value)
}

fn finish(value: BigInt) -> Option<Value> {
    match i128::try_from(value) {
        Ok(value) => Some(Value::Integer(value)),
        Err(error) => {
            let digits = error.into_original().to_string();
            let short = digits.trim_start_matches('-').len() <= MOST_DIGITS;
            short.then(|| Value::BigInteger(digits.into_boxed_str()))
        }
    }
}

/// What Python's `str.strip` removes.
pub(crate) fn is_python_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{1c}'..='\u{1f}')
}

#[cfg(test)]
mod tests {
    use super::integer;
    use tree::Value;

    fn read(text: &str) -> Option<i128> {
        match integer(text) {
            Some(Value::Integer(value)) => Some(value),
            Some(other) => panic!("{other:?}"),
            None => None,
        }
    }

    #[test]
    fn decimal() {
        for (text, value) in [("0", 0), ("12", 12), ("-12", -12), ("+12", 12), ("1_000", 1000), ("1_", 1)] {
            assert_eq!(read(text), Some(value), "{text}");
        }
        assert_eq!(read("170141183460469231731687303715884105727"), Some(i128::MAX));
    }

    #[test]
    fn a_leading_zero_is_dropped_but_means_octal_behind_a_sign() {
        for (text, value) in [("0644", 644), ("00", 0), ("0_7", 7), ("-0644", -420), ("+0644", 420), ("-00", 0)] {
            assert_eq!(read(text), Some(value), "{text}");
        }
        assert_eq!(read("0_"), None);
        assert_eq!(read("-08"), None);
    }

    #[test]
    fn other_bases() {
        for (text, value) in [("0x1F", 31), ("-0x1f", -31), ("0b101", 5), ("+0b1", 1), ("0b-1", -1), ("0x0x10", 16)] {
            assert_eq!(read(text), Some(value), "{text}");
        }
        assert_eq!(read("0x"), None);
        assert_eq!(read("0b_"), None);
        assert_eq!(read("-0o17"), Some(-15));
        assert_eq!(read("0o17"), None);
    }

    #[test]
    fn sexagesimal() {
        for (text, value) in [("22:22", 1342), ("1:2:3", 3723), ("-1:30", -90), ("52:54:00:12:34:56", 41_135_085_296)] {
            assert_eq!(read(text), Some(value), "{text}");
        }
    }

    #[test]
    fn beyond_128_bits() {
        let digits = "170141183460469231731687303715884105728";
        assert_eq!(integer(digits), Some(Value::BigInteger(digits.into())));
        assert_eq!(integer(&"9".repeat(4300)), Some(Value::BigInteger("9".repeat(4300).into())));
        assert_eq!(integer(&"9".repeat(4301)), None);
        assert_eq!(integer(&format!("0x{}", "f".repeat(1_000_000))), None);
        assert_eq!(integer(&format!("1{}", ":59".repeat(1_000_000))), None);
    }

    #[test]
    fn what_python_cannot_read() {
        for text in ["", "+", "-", "abc", "1 2", ":", "1:", "1.5", "--", "é"] {
            assert_eq!(read(text), None, "{text}");
        }
        for (text, value) in [(" 12 ", 12), ("+-5", -5), ("--5", 5), ("1: 2", 62)] {
            assert_eq!(read(text), Some(value), "{text}");
        }
    }
}
