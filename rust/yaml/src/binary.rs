//! `!!binary`: base64 as lenient as Python's.
//!
//! Source: `construct_yaml_binary` of `salt.utils.yamlloader`, and `binascii.a2b_base64`, which skips what is not
//! base64 and stops at padding that completes a group. No crate decodes like that.

/// Decodes; `None` where Salt fails.
pub(crate) fn binary(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() {
        return None;
    }
    // Salt adds what is missing to a multiple of four, counting every character.
    let missing = (4 - text.len() % 4) % 4;
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let mut group = 0_u8;
    let mut kept = 0_u8;
    let mut padding = 0_u8;
    for character in text.bytes().chain(std::iter::repeat_n(b'=', missing)) {
        if character == b'=' {
            if group >= 2 {
                padding += 1;
                if group + padding >= 4 {
                    return Some(bytes);
                }
            }
            continue;
        }
        let Some(six) = six_bits(character) else { continue };
        padding = 0;
        if group > 0 {
            bytes.push(kept << (2 * group) | six >> (6 - 2 * group));
        }
        kept = six;
        group = (group + 1) % 4;
    }
    (group == 0).then_some(bytes)
}

fn six_bits(character: u8) -> Option<u8> {
    match character {
        b'A'..=b'Z' => Some(character - b'A'),
        b'a'..=b'z' => Some(character - b'a' + 26),
        b'0'..=b'9' => Some(character - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::binary;

    #[test]
    fn padding_may_be_missing() {
        for text in ["aGVsbG8=", "aGVsbG8", "aGVs\nbG8=\n", "aGVs*bG8==="] {
            assert_eq!(binary(text).as_deref(), Some(&b"hello"[..]), "{text}");
        }
        assert_eq!(binary("").as_deref(), Some(&b""[..]));
        assert_eq!(binary("=").as_deref(), Some(&b""[..]));
    }

    #[test]
    fn a_lone_character_is_refused() {
        assert_eq!(binary("a"), None);
        assert_eq!(binary("aGVsb"), None);
        assert_eq!(binary("é"), None);
    }

    #[test]
    fn nothing_is_read_behind_the_padding() {
        assert_eq!(binary("aGk=aGVs").as_deref(), Some(&b"hi"[..]));
    }
}
