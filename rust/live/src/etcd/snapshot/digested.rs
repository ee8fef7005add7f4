//! The SHA-256 behind a snapshot, compared with what stands before it.

use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Bytes of a SHA-256.
pub(super) const BYTES: u64 = 32;

/// What has come so far: all but its last 32 bytes, which may be the digest, are digested.
#[derive(Default)]
pub(super) struct Digested {
    hasher: Sha256,
    last: Vec<u8>,
    bytes: u64,
}

impl Digested {
    pub(super) fn add(&mut self, data: &[u8]) {
        self.bytes += data.len() as u64;
        self.last.extend_from_slice(data);
        let before = self.last.len().saturating_sub(32);
        self.hasher.update(&self.last[..before]);
        self.last.drain(..before);
    }

    /// How many bytes have come.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The digest in hex, where the last 32 bytes are that of all before them.
    pub(super) fn verified(self) -> Option<String> {
        let found = self.hasher.finalize();
        (found.as_slice() == self.last).then(|| {
            found.iter().fold(String::new(), |mut text, byte| {
                // Writing to a text never fails.
                _ = write!(text, "{byte:02x}");
                text
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> Vec<u8> {
        let mut content: Vec<u8> = (0..5000_u32).map(|number| number.to_le_bytes()[0]).collect();
        let digest = Sha256::digest(&content);
        content.extend_from_slice(&digest);
        content
    }

    fn verified(content: &[u8], piece: usize) -> Option<String> {
        let mut digested = Digested::default();
        content.chunks(piece).for_each(|piece| digested.add(piece));
        assert_eq!(digested.bytes(), content.len() as u64);
        digested.verified()
    }

    #[test]
    fn any_pieces_give_the_same_digest() {
        let whole = verified(&file(), usize::MAX).unwrap();
        assert_eq!(whole.len(), 64);
        for piece in [1, 7, 31, 32, 33, 4096] {
            assert_eq!(verified(&file(), piece).as_ref(), Some(&whole));
        }
    }

    #[test]
    fn any_flipped_byte_is_found() {
        for place in [0, 1, 2500, 4999, 5000, 5031] {
            let mut content = file();
            content[place] ^= 1;
            assert_eq!(verified(&content, 1000), None, "byte {place}");
        }
        assert_eq!(verified(&[], 1), None);
    }
}
