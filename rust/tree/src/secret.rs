//! Which keys hold secrets.

/// Words that make a key's value a secret when the key's name ends in one of them or is one of them.
const WORDS: [&str; 10] = [
    "password",
    "passphrase",
    "passwd",
    "secret",
    "token",
    "auth_pass",
    "private_key",
    "credentials",
    "secret_key",
    "cipassword",
];

/// Names that hold a secret although no word of the list above says so.
const NAMES: [&str; 5] = ["certificate_key", "certificatekey", "encryption_key", "access_key", "auth_hmac_key"];

/// Whether the value under a key of this name is never to be printed.
#[must_use]
pub fn is_secret_key(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('-', "_");
    let one = name.strip_suffix('s').unwrap_or(&name);
    NAMES.contains(&name.as_str()) || WORDS.iter().any(|word| name.ends_with(word) || one.ends_with(word))
}
