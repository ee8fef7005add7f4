//! Pillars with the nodes that a test names.

use gate::{Plan, PlanAction};
use topology::{Facts, Topology};

/// A pillar: nodes are `name@place`, where the place is the last number of the address, and the hypervisor stands behind a slash.
#[derive(Clone)]
pub struct Cluster {
    pub version: &'static str,
    pub masters: Vec<String>,
    pub etcd: Vec<String>,
    pub workers: Vec<String>,
    /// `etcd.quota_backend_bytes`.
    pub quota: Option<String>,
    pub more: String,
}

impl Cluster {
    pub fn of(masters: &[&str], workers: &[&str]) -> Self {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self {
            version: "v1.36.4",
            masters: owned(masters),
            etcd: Vec::new(),
            workers: owned(workers),
            quota: None,
            more: String::new(),
        }
    }

    /// With more of the pillar, such as `network: {…}`.
    pub fn and(&self, more: &str) -> Self {
        Self { more: format!("{}{more}\n", self.more), ..self.clone() }
    }

    /// With another quota of etcd's database, for which each member has to restart.
    pub fn quota(&self, quota: &str) -> Self {
        Self { quota: Some(quota.to_owned()), ..self.clone() }
    }

    pub fn topology(&self) -> Topology {
        let text = self.text();
        let document = yaml::parse(text.as_bytes(), tree::SourceId(0), &yaml::Limits::default()).unwrap();
        let reading = topology::read_pillar(document.tree, document.root, &Facts::built_in().unwrap());
        assert!(reading.topology.is_some(), "{text}\n{:?}", reading.findings);
        reading.topology.unwrap()
    }

    fn text(&self) -> String {
        let all = [("control_plane", &self.masters), ("etcd", &self.etcd), ("worker", &self.workers)];
        let line = |role: &str, node: &String| {
            let (node, hypervisor) = node.split_once('/').unwrap_or((node, ""));
            let (name, place) = node.split_once('@').unwrap();
            let on = if hypervisor.is_empty() { String::new() } else { format!(", hypervisor: {hypervisor}") };
            format!("  {name}: {{roles: [{role}], ip: 10.0.10.{place}{on}}}\n")
        };
        let nodes: String =
            all.into_iter().flat_map(|(role, nodes)| nodes.iter().map(move |node| line(role, node))).collect();
        let external = if self.etcd.is_empty() { "stacked" } else { "external" };
        let quota = self.quota.as_ref().map_or(String::new(), |quota| format!(", quota_backend_bytes: {quota}"));
        format!(
            "cluster: {{name: prod1, kubernetes_version: {}, control_plane_endpoint: 'api.prod1.lan:8443'}}\n\
             networks: {{lan: {{cidr: 10.0.10.0/24}}}}\n\
             vips: {{api: {{address: 10.0.10.5, network: lan, virtual_router_id: 61}}}}\n\
             etcd: {{topology: {external}{quota}}}\n{}nodes:\n{nodes}",
            self.version, self.more
        )
    }

    pub fn to(&self, new: &Self) -> Plan {
        gate::plan(&self.topology(), &new.topology(), &Facts::built_in().unwrap(), Vec::new()).unwrap()
    }
}

/// Three masters and two workers.
pub fn three() -> Cluster {
    Cluster::of(&["cp1@11", "cp2@12", "cp3@13"], &["w1@21", "w2@22"])
}

/// What is done, in order: `promote cp4`.
pub fn told(plan: &Plan) -> Vec<String> {
    assert_eq!(plan.refused, [], "it is refused");
    plan.steps.iter().map(|step| format!("{} {}", step.action.key(), step.nodes.join(","))).collect()
}

/// The codes of what is refused; there are no steps then.
pub fn codes(plan: &Plan) -> Vec<&str> {
    assert!(plan.refused.is_empty() || plan.steps.is_empty());
    plan.refused.iter().map(|objection| objection.code.as_str()).collect()
}

/// Sentences about what is survived during the step of that kind on that node.
pub fn during(plan: &Plan, action: PlanAction, node: &str) -> Vec<String> {
    let step = plan.steps.iter().find(|step| step.action == action && step.nodes == [node]);
    assert!(step.is_some(), "no {} {node}: {:?}", action.key(), told(plan));
    step.unwrap().sentences()
}
