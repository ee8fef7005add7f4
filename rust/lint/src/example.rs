//! Examples of rules: an overlay on a base pillar.

/// A pillar on which overlays are laid. Every rule accepts each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// Three control-plane nodes and two workers on three hypervisors, HAProxy and keepalived.
    ThreeMasters,
    /// The same as virtual machines of Proxmox VE.
    Proxmox,
    /// The same with etcd on three nodes of its own.
    ExternalEtcd,
    /// Five hosts without a common network, HAProxy on each of them.
    LocalBalancer,
    /// The same as the first with kube-vip.
    KubeVip,
    /// Nothing: the overlay is the whole pillar.
    Nothing,
}

impl Base {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::ThreeMasters, Self::Proxmox, Self::ExternalEtcd, Self::LocalBalancer, Self::KubeVip, Self::Nothing];

    /// The value of `k8s_ha`, as YAML.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::ThreeMasters => include_str!("bases/three_masters.yaml"),
            Self::Proxmox => include_str!("bases/proxmox.yaml"),
            Self::ExternalEtcd => include_str!("bases/external_etcd.yaml"),
            Self::LocalBalancer => include_str!("bases/local_balancer.yaml"),
            Self::KubeVip => include_str!("bases/kube_vip.yaml"),
            Self::Nothing => "{}",
        }
    }

    /// What it is, for a page about a rule.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::ThreeMasters => "three control-plane nodes and two workers behind HAProxy and keepalived",
            Self::Proxmox => "three control-plane nodes and two workers as virtual machines of Proxmox VE",
            Self::ExternalEtcd => "a cluster with etcd on three nodes of its own",
            Self::LocalBalancer => "five hosts without a common network, with HAProxy on each",
            Self::KubeVip => "three control-plane nodes and two workers behind kube-vip",
            Self::Nothing => "an empty pillar",
        }
    }
}

/// An overlay on a base: mappings are merged, anything else is replaced.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// What it is laid on.
    pub base: Base,
    /// YAML of what is laid over it.
    pub overlay: &'static str,
}

impl Example {
    /// An overlay on a base.
    #[must_use]
    pub const fn on(base: Base, overlay: &'static str) -> Self {
        Self { base, overlay }
    }

    /// An overlay on three control-plane nodes and two workers.
    #[must_use]
    pub const fn three_masters(overlay: &'static str) -> Self {
        Self::on(Base::ThreeMasters, overlay)
    }

    /// An overlay on virtual machines of Proxmox VE.
    #[must_use]
    pub const fn proxmox(overlay: &'static str) -> Self {
        Self::on(Base::Proxmox, overlay)
    }
}
