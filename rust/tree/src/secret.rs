//! Which keys hold secrets.

/// Words that make a key's value a secret when the key's name ends in one of them, in the singular or the plural.
const WORDS: [&str; 9] =
    ["password", "passphrase", "passwd", "secret", "token", "auth_pass", "private_key", "credential", "secret_key"];

/// Names that hold a secret although no word of the list above says so.
const NAMES: [&str; 5] = ["certificate_key", "certificatekey", "encryption_key", "access_key", "auth_hmac_key"];

/// Whether the value under a key of this name is never to be printed. Case, and dashes for underscores, do not matter.
///
/// Every key of a pillar is asked for, so nothing is allocated here.
#[must_use]
pub fn is_secret_key(name: &str) -> bool {
    let name = name.as_bytes();
    let one = match name {
        [one @ .., b's' | b'S'] => one,
        _ => name,
    };
    NAMES.iter().any(|known| name.len() == known.len() && ends_in(name, known))
        || WORDS.iter().any(|word| ends_in(name, word) || ends_in(one, word))
}

/// Whether a name ends in a word of lower-case letters and underscores.
fn ends_in(name: &[u8], word: &str) -> bool {
    let same =
        |(letter, wanted): (&u8, u8)| letter.eq_ignore_ascii_case(&wanted) || (*letter == b'-' && wanted == b'_');
    name.len() >= word.len() && name[name.len() - word.len()..].iter().zip(word.bytes()).all(same)
}

#[cfg(test)]
mod tests {
    use super::is_secret_key;

    #[test]
    fn names_of_secrets_are_known_in_every_spelling() {
        for name in [
            "password",
            "db_password",
            "DB-Password",
            "tokens",
            "cipassword",
            "auth_pass",
            "credentials",
            "certificateKey",
        ] {
            assert!(is_secret_key(name), "{name}");
        }
    }

    #[test]
    fn other_names_are_not() {
        for name in [
            "",
            "s",
            "key",
            "keys",
            "ssh_keys",
            "passwordless",
            "tokenizer",
            "certificate_keyring",
            "ca_certificate_key_size",
        ] {
            assert!(!is_secret_key(name), "{name}");
        }
    }
}
