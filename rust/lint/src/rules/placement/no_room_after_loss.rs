use crate::prelude::*;
use faults::{CapacityRow, Demand, Lack, Verdict, WORK_OF_A_TABLE, capacity};

pub(super) static RULE: Rule = Rule {
    code: "PLACE-003",
    name: "no-room-after-loss",
    severity: Severity::Error,
    reason: "Pods of what was lost start elsewhere only where their requests still fit. Without room they stay pending, \
             and the loss that the pillar promises to survive takes them for good.",
    remedy: "Add a node, give the nodes more, request less under `apps`, or spread less strictly. See `k8s-ha faults \
             --about capacity`.",
    source: "Kubernetes documentation, Resource Management for Pods and Containers; kubernetes-mixin, \
             KubeMemoryOvercommit; computed by the failure model",
    failing: Example::three_masters(
        "
        targets: {survive: {node: 1}}
        apps:
          shop:                        # <- PLACE-003
            replicas: 3
            spread: preferred
            requests: {cpu: 500m, memory: 14GiB}
        ",
    ),
    passing: Example::three_masters(
        "
        targets: {survive: {node: 1}}
        apps: {shop: {replicas: 2, spread: preferred, requests: {cpu: 500m, memory: 14GiB}}}
        ",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let demands = Demand::declared(lint.topology);
    if demands.iter().all(|demand| is_ours(lint, demand)) {
        return;
    }
    for row in rows(lint, demands.clone()) {
        let Verdict::DoesNotFit(lack) = &row.verdict else { continue };
        let finding = findings
            .at(place(lint, &demands, lack), format!("{}{}", after(lint, &row), lack.sentence()))
            .severity(lint.redundancy(RULE.severity));
        if let Some(kind) = row.kind {
            finding.see(lint.survive_place(kind), "the loss that must be survived");
        } else {
            // Otherwise every further row says the same again.
            return;
        }
    }
}

/// Losses with what fits after them. Where pods wait for a node and not for room, other rules speak of it, so here they ask for
/// no more places than there are.
fn rows(lint: &Lint<'_>, mut demands: Vec<Demand>) -> Vec<CapacityRow> {
    let mut work = WORK_OF_A_TABLE;
    loop {
        let rows = capacity(lint.topology, &demands, &mut work);
        let waiting = rows.iter().find_map(|row| match &row.verdict {
            Verdict::DoesNotFit(Lack::Places { demand, places, .. }) => {
                let index = demands.iter().position(|known| known.name == *demand && is_about_placement(known))?;
                Some((index, u32::try_from(*places).ok().filter(|places| *places < demands[index].replicas)?))
            }
            _ => None,
        });
        let Some((index, places)) = waiting else { return rows };
        demands[index].replicas = places;
    }
}

/// Whether pods find no place because of where they may run: beside none of their own, on one node, or nowhere at all.
fn is_about_placement(demand: &Demand) -> bool {
    demand.apart || demand.node.is_some() || (demand.cpu_millis == 0 && demand.memory_bytes == 0)
}

/// `CoreDNS` has rules of its own.
fn is_ours(lint: &Lint<'_>, demand: &Demand) -> bool {
    let apps = lint.topology.pillar.apps.as_ref();
    demand.name == "coredns" && !apps.is_some_and(|apps| apps.contains_key("coredns"))
}

fn after(lint: &Lint<'_>, row: &CapacityRow) -> String {
    let Some(kind) = row.kind else { return "with nothing lost, ".to_owned() };
    let domains = &lint.topology.domains;
    let names: Vec<&str> = row.witness.iter().map(|id| domains.element(*id).name.as_str()).collect();
    format!("without {} {}, ", domains.words(kind), names.join(", "))
}

/// Where the pillar declares what finds no place, or what requests most.
fn place(lint: &Lint<'_>, demands: &[Demand], lack: &Lack) -> Place {
    let pillar = &lint.topology.pillar;
    let origin = |demand: &Demand| {
        let app = pillar.apps.as_ref().and_then(|apps| apps.get(&demand.name)).map(|app| app.origin);
        app.or_else(|| pillar.ingress.as_ref().filter(|_| demand.name == "ingress").map(|ingress| ingress.origin))
    };
    let requested = |demand: &&Demand| {
        let all = |each: u64| each.saturating_mul(demand.replicas.into());
        (all(demand.memory_bytes), all(demand.cpu_millis), demand.replicas)
    };
    let named = |demand: &&Demand| matches!(lack, Lack::Places { demand: name, .. } if demand.name == *name);
    let declared = || demands.iter().filter(|demand| origin(demand).is_some());
    let most = declared().find(named).or_else(|| declared().max_by_key(requested));
    most.and_then(origin).map_or_else(|| at!(pillar, nodes), Place::section)
}
