//! File names as URIs.

use std::fmt::Write as _;

/// The URI of a file as the user named it, and whether it is relative (to the root of the checkout).
///
/// Characters that RFC 3986 does not allow in a path are percent-encoded, `:` too, so that no name looks like a scheme.
pub(super) fn of_file(name: &str) -> (String, bool) {
    let mut name = name;
    while let Some(rest) = name.strip_prefix("./") {
        name = rest.trim_start_matches('/');
    }
    let absolute = name.starts_with('/');
    let mut uri = String::from(if absolute { "file://" } else { "" });
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    (uri, !absolute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_uris() {
        for (name, uri, relative) in [
            ("pillar/prod.sls", "pillar/prod.sls", true),
            ("./pillar/prod.sls", "pillar/prod.sls", true),
            (".//././a.sls", "a.sls", true),
            ("../a.sls", "../a.sls", true),
            ("/srv/pillar/a.sls", "file:///srv/pillar/a.sls", false),
            ("a b/ü#?%:c.sls", "a%20b/%C3%BC%23%3F%25%3Ac.sls", true),
            ("<stdin>", "%3Cstdin%3E", true),
        ] {
            assert_eq!(of_file(name), (uri.to_owned(), relative), "{name}");
        }
    }
}
