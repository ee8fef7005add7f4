//! What kinds of elements there are, and what they are called.

/// Kinds of elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A building or provider.
    Site,
    /// An internet uplink of a site.
    Uplink,
    /// A power feed.
    PowerFeed,
    /// A rack.
    Rack,
    /// A switch.
    Switch,
    /// A hypervisor host.
    Hypervisor,
    /// A Kubernetes node.
    Node,
    /// What data lies on: a disk of an array, a storage that several virtual machines share.
    StorageDevice,
    /// A program on a node.
    Process,
    /// What others run: a public registry, an object store, a balancer that is not ours.
    Outside,
    /// A kind that the pillar names under `failure_domains`; [`super::Domains::key`] has its name.
    Named(u8),
}

impl Kind {
    /// All kinds that every pillar has, from the widest to the narrowest; [`super::Domains::kinds`] has those that it names, too.
    pub const ALL: [Self; 10] = [
        Self::Site,
        Self::Uplink,
        Self::PowerFeed,
        Self::Rack,
        Self::Switch,
        Self::Hypervisor,
        Self::Node,
        Self::StorageDevice,
        Self::Process,
        Self::Outside,
    ];

    /// Its key in `targets.survive`; of a kind that the pillar names, [`super::Domains::key`] knows.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Uplink => "uplink",
            Self::PowerFeed => "power_feed",
            Self::Rack => "rack",
            Self::Switch => "switch",
            Self::Hypervisor => "hypervisor",
            Self::Node => "node",
            Self::StorageDevice => "storage_device",
            Self::Process => "process",
            Self::Outside => "outside",
            Self::Named(_) => "failure_domain",
        }
    }

    /// The section of the pillar that declares its elements; for those that follow from others, the section they follow from.
    #[must_use]
    pub fn section(self) -> &'static str {
        match self {
            Self::Site | Self::Uplink => "sites",
            Self::PowerFeed => "power_feeds",
            Self::Rack => "racks",
            Self::Switch => "switches",
            Self::Hypervisor => "hypervisors",
            Self::Node | Self::Process => "nodes",
            Self::StorageDevice => "storage",
            Self::Outside => "dr",
            Self::Named(_) => "failure_domains",
        }
    }

    /// Its name in a sentence; of a kind that the pillar names, [`super::Domains::words`] knows.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::PowerFeed => "power feed",
            Self::StorageDevice => "storage device",
            Self::Outside => "service outside",
            Self::Named(_) => "failure domain",
            other => other.key(),
        }
    }
}
