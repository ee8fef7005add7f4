//! Where pods are placed.

use crate::model::{Node, Topology};
use crate::pillar::{Role, Taint, TaintEffect};

/// The taint of kubeadm on a control plane that is no worker.
pub const CONTROL_PLANE_TAINT: &str = "node-role.kubernetes.io/control-plane";

impl Topology {
    /// Whether a node takes pods that tolerate the taints of these keys and no other: a kubelet runs there, and no taint keeps
    /// them away. kubeadm taints a control plane that is no worker unless the pillar says otherwise; MicroK8s taints nothing.
    #[must_use]
    pub fn takes_pods(&self, node: &Node, tolerated: &[&str]) -> bool {
        let keeps_away =
            |taint: &Taint| taint.effect != TaintEffect::PreferNoSchedule && !tolerated.contains(&taint.key.as_str());
        let kept_away = if let Some(taints) = &node.taints {
            taints.iter().any(keeps_away)
        } else {
            let tainted = self.is_kubeadm() && node.has(Role::ControlPlane) && !node.has(Role::Worker);
            tainted && !tolerated.contains(&CONTROL_PLANE_TAINT)
        };
        node.runs_kubelet() && !kept_away
    }
}
