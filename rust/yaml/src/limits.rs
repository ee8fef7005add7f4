//! How much a text may ask for.

/// Limits that protect the reader, and everybody who walks through the tree afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Collections inside each other, in the text and with aliases followed. Salt's own loader crashes its process on
    /// deep nesting. Default 128.
    pub depth: usize,
    /// Nodes, counted once more for each alias of them and for each merge: what a writer of the whole document would
    /// write. Default 5,000,000.
    pub nodes: usize,
    /// Bytes of the text. Default 16 MiB.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 128, nodes: 5_000_000, bytes: 16 * 1024 * 1024 }
    }
}
