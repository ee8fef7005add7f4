//! Release, endpoint and identity of the cluster.

use super::Resolver;
use crate::facts::Minor;
use crate::issue::{Issue, MISSING_KEY, UNSUPPORTED_RELEASE};
use crate::model::{Cluster, Vip};
use crate::pillar::{ClusterDistribution, LoadBalancerType, Pillar};
use crate::values::{Date, Endpoint};
use tree::Place;

impl Resolver<'_> {
    /// What the release brings; the default release's facts stand in for an unsupported one, which blocks.
    pub(super) fn release(&mut self, pillar: &mut Pillar) -> Minor {
        let version = *pillar.cluster.kubernetes_version.get_or_insert(self.facts.default_version());
        let known = self.facts.minor(version).cloned();
        if known.is_none() && pillar.cluster.distribution == ClusterDistribution::Kubeadm {
            let place = Place::field(pillar.cluster.origin, "kubernetes_version");
            let message =
                format!("Kubernetes {version} is not supported; supported minors: {}", self.facts.supported_minors());
            let help = format!("write for example {}", self.facts.default_version());
            self.block(Issue::new(&UNSUPPORTED_RELEASE, place, message).help(help));
        }
        known.or_else(|| self.facts.minor(self.facts.default_version()).cloned()).unwrap_or_else(empty_minor)
    }

    pub(super) fn cluster(&mut self, pillar: &mut Pillar, vips: &[Vip]) -> Cluster {
        let endpoint = self.endpoint(pillar, vips);
        pillar.cluster.control_plane_endpoint = Some(endpoint.clone());
        let spec = &pillar.cluster;
        Cluster {
            origin: spec.origin,
            name: spec.name.clone(),
            environment: spec.environment,
            distribution: spec.distribution,
            kubernetes_version: spec.kubernetes_version.unwrap_or(self.facts.default_version()),
            control_plane_endpoint: endpoint,
            dns_domain: spec.dns_domain.clone(),
            identity: spec.identity.clone(),
        }
    }

    fn endpoint(&mut self, pillar: &Pillar, vips: &[Vip]) -> Endpoint {
        if let Some(endpoint) = &pillar.cluster.control_plane_endpoint {
            return endpoint.clone();
        }
        let port =
            if pillar.load_balancer.r#type == LoadBalancerType::KubeVip { pillar.kubeadm.bind_port } else { 8443 };
        if let Some(vip) = vips.iter().find(|vip| vip.name == "api") {
            return Endpoint { host: vip.address.to_string(), port };
        }
        if pillar.cluster.distribution == ClusterDistribution::Kubeadm {
            let place = Place::field(pillar.cluster.origin, "control_plane_endpoint");
            let issue = Issue::new(
                &MISSING_KEY,
                place,
                "`control_plane_endpoint` is missing, and there is no `vips.api` to derive it from",
            );
            self.block(
                issue.help("write the name and port under which clients reach the API, such as api.prod1.lan:8443"),
            );
        }
        Endpoint { host: "localhost".to_owned(), port }
    }
}

fn empty_minor() -> Minor {
    Minor {
        default_patch: 0,
        etcd: String::new(),
        pause: String::new(),
        coredns: String::new(),
        minimum_external_etcd: String::new(),
        end_of_life: Date::from_days_since_epoch(0),
        patch_targets: Vec::new(),
        removed_kubeadm_gates: Vec::new(),
    }
}
