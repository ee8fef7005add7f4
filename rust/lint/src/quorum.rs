//! Questions about quorum, declared losses and etcd's release that several rules ask.

use crate::lint::Lint;
use topology::Kind;
use tree::Place;

impl Lint<'_> {
    /// How many members of etcd may be lost while the others still are a majority: `floor((n - 1) / 2)`.
    #[must_use]
    pub fn tolerated_members(&self) -> usize {
        self.topology.etcd.members.len().saturating_sub(1) / 2
    }

    /// Where the pillar says how many elements of a kind must be survived.
    #[must_use]
    pub fn survive_place(&self, kind: Kind) -> Place {
        Place::field(self.topology.targets.survive.origin, self.topology.domains.key(kind))
    }
}

/// A release of etcd as numbers: `[3, 6, 8]` of `3.6.8`, of `v3.6.8` and of the image tag `3.6.8-0`.
pub(crate) fn etcd_release(text: &str) -> Option<[u16; 3]> {
    let release = text.strip_prefix('v').unwrap_or(text);
    let release = release.split_once('-').map_or(release, |(release, _)| release);
    let numbers: Option<Vec<u16>> = release.split('.').map(|number| number.parse().ok()).collect();
    numbers?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::etcd_release;

    #[test]
    fn reads_releases_and_image_tags() {
        for text in ["3.6.8", "v3.6.8", "3.6.8-0"] {
            assert_eq!(etcd_release(text), Some([3, 6, 8]), "{text}");
        }
        for text in ["", "3.6", "3.6.x", "latest", "3.6.8.1"] {
            assert_eq!(etcd_release(text), None, "{text}");
        }
    }
}
