//! HAProxy: TCP pass-through to the API servers, each of them checked by `GET /readyz` over TLS.

use super::Context;
use crate::file::{Activation, File};
use crate::template::{Error, fill};
use serde::Serialize;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use topology::pillar::{Haproxy, HaproxyVerify, LoadBalancerType};
use topology::values::Duration;

/// The cluster's CA, a copy of kubeadm's `ca.crt`: HAProxy and keepalived's check trust it. It must be there before
/// HAProxy reads its configuration.
pub(super) const CA: &str = "/etc/haproxy/kubernetes-ca.crt";

/// Where `GET /healthz` says whether any API server is left.
pub(super) const MONITOR: &str = "127.0.0.1:8088";

#[derive(Serialize)]
struct Configuration<'t> {
    maxconn: u32,
    stats_socket: &'static str,
    connect: String,
    client: String,
    server: String,
    check: String,
    binds: Vec<String>,
    interval: String,
    fall: u32,
    rise: u32,
    verify: String,
    servers: Vec<Server<'t>>,
    monitor: &'static str,
}

#[derive(Serialize)]
struct Server<'t> {
    name: &'t str,
    address: SocketAddr,
}

pub(super) fn files(context: Context<'_>) -> Result<Vec<File>, Error> {
    let Some(settings) = context.topology.load_balancer.haproxy().filter(|_| runs(context)) else {
        return Ok(Vec::new());
    };
    let reload = || Activation::Reload("haproxy.service".to_owned());
    let template = include_str!("../../templates/haproxy/haproxy.cfg");
    let text = fill("haproxy.cfg", template, configuration(context, settings))?;
    let unit = include_str!("../../templates/haproxy/haproxy.service.conf");
    let mut configuration =
        File::new("/etc/haproxy/haproxy.cfg", "the way to a living API server", text).check("haproxy -c -f {file}");
    if settings.check.verify == HaproxyVerify::Required {
        configuration = configuration.needs(CA);
    }
    let unit = File::new("/etc/systemd/system/haproxy.service.d/k8s-ha.conf", "HAProxy is always started again", unit);
    let files = [unit, configuration];
    Ok(files.into_iter().map(|file| file.activation(reload()).component("load_balancer")).collect())
}

/// Whether the node runs HAProxy.
pub(super) fn runs(context: Context<'_>) -> bool {
    let topology = context.topology;
    topology.is_kubeadm() && topology.load_balancer.haproxy().is_some() && context.balancer_place().is_some()
}

/// Whether HAProxy and an API server of the same host listen on the same port, each on addresses of its own.
pub(super) fn shares_port(context: Context<'_>) -> bool {
    let balancer = &context.topology.load_balancer;
    let same = balancer.port == context.topology.kubeadm.bind_port;
    same && balancer.r#type == LoadBalancerType::HaproxyKeepalived && runs(context) && context.is_control_plane()
}

/// The loopback address on which the HAProxy of this host always listens.
pub(super) fn loopback(context: Context<'_>) -> IpAddr {
    let served = context.topology.api_vip().map_or(context.node.ip, |vip| vip.address);
    if served.is_ipv6() { Ipv6Addr::LOCALHOST.into() } else { Ipv4Addr::LOCALHOST.into() }
}

fn configuration<'t>(context: Context<'t>, settings: &Haproxy) -> Configuration<'t> {
    let check = &settings.check;
    Configuration {
        maxconn: context.topology.load_balancer.maxconn,
        // Where the distribution's SELinux policy or its other tools expect it.
        stats_socket: if context.node.os.is_enterprise_linux() {
            "/var/lib/haproxy/stats"
        } else {
            "/run/haproxy/admin.sock"
        },
        connect: time(settings.timeouts.connect),
        client: time(settings.timeouts.client),
        server: time(settings.timeouts.server),
        check: time(check.timeout),
        binds: binds(context),
        interval: time(check.interval),
        fall: check.fall,
        rise: check.rise,
        verify: match check.verify {
            HaproxyVerify::Required => format!("required ca-file {CA}"),
            HaproxyVerify::None => "none".to_owned(),
        },
        servers: servers(context),
        monitor: MONITOR,
    }
}

fn servers(context: Context<'_>) -> Vec<Server<'_>> {
    let port = context.topology.kubeadm.bind_port;
    let nodes = context.topology.control_plane().into_iter().map(|index| &context.topology.nodes[index]);
    nodes.map(|node| Server { name: &node.name, address: SocketAddr::new(node.ip, port) }).collect()
}

fn binds(context: Context<'_>) -> Vec<String> {
    let port = context.topology.load_balancer.port;
    let on = |address: IpAddr| SocketAddr::new(address, port).to_string();
    if context.topology.load_balancer.r#type == LoadBalancerType::Local {
        let ipv6 = Some(on(Ipv6Addr::LOCALHOST.into())).filter(|_| context.node.ip.is_ipv6());
        return std::iter::once(on(Ipv4Addr::LOCALHOST.into())).chain(ipv6).collect();
    }
    let vip = context.topology.api_vip().map(|vip| vip.address);
    if shares_port(context) {
        return vip.into_iter().chain([loopback(context)]).map(on).collect();
    }
    let ipv6 = context.node.ip.is_ipv6() || vip.is_some_and(|address| address.is_ipv6());
    vec![if ipv6 { format!("[::]:{port} v4v6") } else { format!("*:{port}") }]
}

/// A time as HAProxy writes it: one number with one unit.
fn time(span: Duration) -> String {
    let millis = span.as_millis();
    let units = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s")];
    let whole = units.into_iter().find(|(size, _)| millis > 0 && millis.is_multiple_of(*size));
    whole.map_or_else(|| format!("{millis}ms"), |(size, unit)| format!("{}{unit}", millis / size))
}

#[cfg(test)]
mod tests {
    use super::time;
    use topology::values::Duration;

    #[test]
    fn times_have_one_unit() {
        assert_eq!(time(Duration::millis(900)), "900ms");
        assert_eq!(time(Duration::seconds(3600)), "1h");
        assert_eq!(time(Duration::seconds(90)), "90s");
        assert_eq!(time(Duration::seconds(0)), "0ms");
    }
}
