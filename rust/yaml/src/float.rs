//! Floats as Salt reads them.
//!
//! Source: `construct_yaml_float` of `PyYAML` 6, and Python's `float()`.

use num_bigint::BigUint;

use crate::integer::is_python_space;

/// Reads a float; `None` where Salt fails.
pub(crate) fn float(text: &str) -> Option<f64> {
    let text = text.replace('_', "").to_lowercase();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let value = match digits {
        "" => return None,
        ".inf" => f64::INFINITY,
        ".nan" => return Some(f64::NAN),
        _ if digits.contains(':') => sexagesimal(digits)?,
        _ => python(digits)?,
    };
    Some(if negative { -value } else { value })
}

/// Python's `float(text)`. Digits of other scripts, which Python accepts too, are refused.
fn python(text: &str) -> Option<f64> {
    text.trim_matches(is_python_space).parse().ok()
}

/// `1:30.5` is 1 × 60 + 30.5. The parts are added from the last, as Python does: the order decides about rounding.
fn sexagesimal(text: &str) -> Option<f64> {
    let mut value = 0.0;
    for (exponent, part) in (0..).zip(text.rsplit(':')) {
        value += python(part)? * power_of_sixty(exponent)?;
    }
    Some(value)
}

/// `None` where Python's float overflows.
fn power_of_sixty(exponent: u32) -> Option<f64> {
    const LAST_THAT_FITS: u32 = 173;
    if exponent > LAST_THAT_FITS {
        return None;
    }
    // By way of the digits, because their reading is rounded correctly.
    BigUint::from(60_u8).pow(exponent).to_string().parse().ok()
}

/// How a float is written plainly: the shortest digits that read back as the same number.
pub(crate) fn canonical(value: f64) -> String {
    if value.is_nan() {
        ".nan".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { ".inf" } else { "-.inf" }.to_owned()
    } else {
        format!("{value:?}")
    }
}

#[cfg(test)]
mod tests {
    use super::{canonical, float};

    #[test]
    fn numbers() {
        for (text, value) in [
            ("1.5", 1.5),
            ("1.30", 1.3),
            ("-1.", -1.0),
            (".5", 0.5),
            ("1_0.0_", 10.0),
            ("1.5e+3", 1500.0),
            ("1e3", 1000.0),
            (" 2.5 ", 2.5),
            ("-.INF", f64::NEG_INFINITY),
            ("infinity", f64::INFINITY),
            ("1.0e+400", f64::INFINITY),
            ("1:30.5", 90.5),
            ("-1:30.", -90.0),
        ] {
            assert_eq!(float(text).map(f64::to_bits), Some(f64::to_bits(value)), "{text}");
        }
        assert!(float(".NaN").is_some_and(f64::is_nan));
    }

    #[test]
    fn what_python_cannot_read() {
        for text in ["", "-", "abc", "1.5e", ":", "1:.", "0x10", ".inf\n"] {
            assert_eq!(float(text), None, "{text}");
        }
        assert_eq!(float(&format!("1{}.0", ":1".repeat(174))), None);
    }

    #[test]
    fn the_sign_of_zero_stays() {
        assert_eq!(float("-0.0").map(f64::to_bits), Some((-0.0_f64).to_bits()));
    }

    #[test]
    fn plain_writing() {
        assert_eq!(canonical(1.3), "1.3");
        assert_eq!(canonical(2.0), "2.0");
        assert_eq!(canonical(f64::NEG_INFINITY), "-.inf");
    }
}
