//! Property strings: `local-lvm:40,discard=on,iothread=1`.

/// One part of a property string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Property<'t> {
    /// Its key; `None` where the key is left out because it is the default one.
    pub key: Option<&'t str>,
    /// Its value.
    pub value: &'t str,
}

/// The parts of a property string, in their order; empty parts are left out, as Proxmox VE does.
pub fn properties(text: &str) -> impl Iterator<Item = Property<'_>> {
    text.split(',').filter(|part| !part.trim().is_empty()).map(|part| match part.split_once('=') {
        Some((key, value)) => Property { key: Some(key), value },
        None => Property { key: None, value: part },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_named_and_unnamed_parts() {
        let read: Vec<_> = properties("local-lvm:40,,discard=on").collect();
        let expected = [Property { key: None, value: "local-lvm:40" }, Property { key: Some("discard"), value: "on" }];
        assert_eq!(read, expected);
    }
}
