//! keepalived: moves the address of the API to a host whose HAProxy reaches an API server.

use super::{Context, haproxy, watchdog};
use crate::file::{Activation, File};
use crate::template::{Error, fill};
use serde::Serialize;
use std::net::{IpAddr, SocketAddr};
use topology::pillar::{HaproxyVerify, Keepalived};
use topology::values::Duration;

/// Under SELinux, scripts of this folder run unconfined (`keepalived_unconfined_script_t`), so that curl may be called.
const SCRIPT: &str = "/usr/libexec/keepalived/check-api";

/// keepalived's own test ends well in cases in which it leaves something out, and only says so.
const CHECK: &str =
    r#"sh -c 'said=$(keepalived -t -f "$0" 2>&1) && test -z "$said" || { echo "$said"; exit 1; }' {file}"#;

#[derive(Serialize)]
struct Configuration<'t> {
    router_id: &'t str,
    version: u8,
    refresh: u64,
    strict: bool,
    script: &'static str,
    interval: u64,
    answer: Duration,
    timeout: u64,
    fall: u32,
    rise: u32,
    weight: i32,
    interface: &'t str,
    virtual_router_id: u16,
    priority: i32,
    advert_int: String,
    nopreempt: bool,
    address: IpAddr,
    peers: Vec<IpAddr>,
    authentication_left_out: bool,
    vip: String,
}

#[derive(Serialize)]
struct Script {
    run: &'static str,
    own_seconds: String,
    others_seconds: String,
    trust: String,
    endpoint: String,
    loopback: SocketAddr,
    peers: Vec<SocketAddr>,
}

pub(super) fn files(context: Context<'_>) -> Result<Vec<File>, Error> {
    let balancer = &context.topology.load_balancer;
    let Some((settings, place)) = balancer.keepalived().zip(context.balancer_place()) else { return Ok(Vec::new()) };
    if !context.topology.is_kubeadm() {
        return Ok(Vec::new());
    }
    let reload = || Activation::Reload("keepalived.service".to_owned());
    let template = include_str!("../../templates/keepalived/keepalived.conf");
    let text = fill("keepalived.conf", template, configuration(context, settings, place)?)?;
    let script = fill("check-api", include_str!("../../templates/keepalived/check-api"), script(context, settings))?;
    let unit = include_str!("../../templates/keepalived/keepalived.service.conf");
    let files = [
        File::new(SCRIPT, "whether an API server answers through this host", script).mode("0755").check("sh -n {file}"),
        File::new("/etc/systemd/system/keepalived.service.d/k8s-ha.conf", "keepalived is always started again", unit)
            .activation(reload()),
        File::new("/etc/keepalived/keepalived.conf", "the address of the API", text)
            .activation(reload())
            .check(CHECK)
            .needs(SCRIPT),
    ];
    Ok(files.into_iter().map(|file| file.component("load_balancer")).collect())
}

fn configuration<'t>(context: Context<'t>, settings: &Keepalived, place: usize) -> Result<Configuration<'t>, Error> {
    let missing =
        |what: &str| Error::Structure { what: "keepalived.conf", message: format!("`vips.api` has no {what}") };
    let vip = context.topology.api_vip().ok_or_else(|| missing("address"))?;
    let length = if vip.address.is_ipv6() { 128 } else { 32 };
    // Version 3 knows no password.
    let version = if settings.auth_pass.is_some() { 2 } else { 3 };
    let check = &settings.check;
    Ok(Configuration {
        router_id: &context.node.name,
        version,
        refresh: whole_seconds(settings.garp_master_refresh),
        strict: settings.vrrp_strict,
        script: SCRIPT,
        interval: whole_seconds(check.interval),
        answer: check.timeout,
        timeout: whole_seconds(check.timeout),
        fall: check.fall,
        rise: check.rise,
        weight: check.weight,
        interface: &context.node.interface,
        virtual_router_id: vip.virtual_router_id.ok_or_else(|| missing("virtual_router_id"))?,
        priority: context.topology.load_balancer.priority(place),
        advert_int: advertisement(settings.advert_int, version),
        // With a weight, no backup would ever take over from a holder that lives and whose check fails.
        nopreempt: settings.nopreempt && check.weight == 0,
        address: context.node.ip,
        peers: if settings.unicast { unicast_peers(context, vip.address) } else { Vec::new() },
        authentication_left_out: settings.auth_pass.is_some(),
        vip: format!("{}/{length}", vip.address),
    })
}

/// Where advertisements go: to all other hosts of the balancer. One that is alone sends them to the address that it holds
/// itself, where nobody hears them: without peers keepalived uses multicast, and the reload that turns it into unicast when
/// a second host comes gives the address up for as long as an election takes.
fn unicast_peers(context: Context<'_>, held: IpAddr) -> Vec<IpAddr> {
    let others = peers(context);
    if others.is_empty() { vec![held] } else { others }
}

/// All other hosts of the balancer.
fn peers(context: Context<'_>) -> Vec<IpAddr> {
    let hosts = context.topology.load_balancer.nodes.iter().map(|index| &context.topology.nodes[*index]);
    hosts.filter(|host| host.name != context.node.name).map(|host| host.ip).collect()
}

fn script(context: Context<'_>, settings: &Keepalived) -> Script {
    let balancer = &context.topology.load_balancer;
    let verify = balancer.haproxy.check.verify;
    let whole = settings.check.timeout.as_millis();
    // The other hosts are asked only after the own HAProxy has not answered, all of them at once.
    let others = whole * 2 / 5;
    Script {
        run: watchdog::RUN,
        own_seconds: decimal(whole - others),
        others_seconds: decimal(others),
        trust: match verify {
            HaproxyVerify::Required => format!("--cacert {}", haproxy::CA),
            HaproxyVerify::None => "--insecure".to_owned(),
        },
        endpoint: context.topology.cluster.control_plane_endpoint.to_string(),
        loopback: SocketAddr::new(haproxy::loopback(context), balancer.port),
        peers: peers(context).into_iter().map(|address| SocketAddr::new(address, balancer.port)).collect(),
    }
}

fn whole_seconds(span: Duration) -> u64 {
    span.as_millis().div_ceil(1_000)
}

/// VRRP counts hundredths of a second in version 3 and whole seconds in version 2 (RFC 9568 section 5.2.7, RFC 3768
/// section 5.3.7).
fn advertisement(span: Duration, version: u8) -> String {
    let step = if version == 2 { 1_000 } else { 10 };
    decimal(span.as_millis().div_ceil(step) * step)
}

/// Milliseconds as seconds, without zeros at the end: `0.5`, `1`.
fn decimal(millis: u64) -> String {
    let text = format!("{}.{:03}", millis / 1_000, millis % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advertisements_come_in_steps_of_the_protocol() {
        assert_eq!(advertisement(Duration::millis(500), 3), "0.5");
        assert_eq!(advertisement(Duration::millis(505), 3), "0.51");
        assert_eq!(advertisement(Duration::seconds(10), 3), "10");
        assert_eq!(advertisement(Duration::millis(500), 2), "1");
    }
}
