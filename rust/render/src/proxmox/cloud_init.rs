//! Cloud-init: address, resolvers, keys, and the vendor data that installs salt-minion.

use super::Values;
use super::subject::Subject;
use crate::template::Error;
use serde_json::json;
use std::fmt::Write;
use std::net::IpAddr;

/// Parameters of cloud-init. Each that is left out would be filled by PVE from the hypervisor (resolvers, search domain) or
/// by a default that moves versions (`ciupgrade`).
pub(super) fn values(subject: &Subject<'_>) -> Result<Values, Error> {
    let settings = subject.cloud_init();
    let mut values = Values::new();
    let mut set = |key: &str, value: serde_json::Value| _ = values.insert(key.to_owned(), value);
    set("ide2", json!(format!("{}:cloudinit,media=cdrom", subject.storage()?)));
    set("citype", json!("nocloud"));
    set("ciupgrade", json!(0));
    set("ipconfig0", json!(address(subject)?));
    if let Some(servers) = Some(nameservers(subject)).filter(|servers| !servers.is_empty()) {
        set("nameserver", json!(servers.join(" ")));
    }
    if let Some(domain) = search_domain(subject) {
        set("searchdomain", json!(domain));
    }
    if let Some(user) = settings.and_then(|settings| settings.user.as_ref()) {
        set("ciuser", json!(user));
    }
    if let Some(keys) = settings.map(|settings| &settings.ssh_keys).filter(|keys| !keys.is_empty()) {
        set("sshkeys", json!(percent_encoded(&keys.join("\n"))));
    }
    if let Some(volume) = snippet(subject) {
        set("cicustom", json!(format!("vendor={volume}")));
    }
    Ok(values)
}

fn address(subject: &Subject<'_>) -> Result<String, Error> {
    let node = subject.node;
    let network = node.network.and_then(|index| subject.topology.networks.get(index));
    let network =
        subject.required(network, "networks", &format!("no declared network holds its address {}", node.ip))?;
    let prefix = network.spec.cidr.prefix_len();
    let (ip, gw) = if node.ip.is_ipv4() { ("ip", "gw") } else { ("ip6", "gw6") };
    let router = network.spec.gateway.filter(|gateway| gateway.is_ipv4() == node.ip.is_ipv4());
    let router = router.map_or_else(String::new, |gateway| format!("{gw}={gateway},"));
    Ok(format!("{router}{ip}={}/{prefix}", node.ip))
}

fn nameservers(subject: &Subject<'_>) -> Vec<String> {
    let own =
        subject.cloud_init().map(|settings| settings.nameservers.as_slice()).filter(|servers| !servers.is_empty());
    let network = subject.node.network.and_then(|index| subject.topology.networks.get(index));
    let servers = own.or(network.map(|network| network.spec.nameservers.as_slice())).unwrap_or_default();
    servers.iter().map(IpAddr::to_string).collect()
}

/// As written; else the domain of the minion id, or of the control plane's endpoint.
fn search_domain(subject: &Subject<'_>) -> Option<String> {
    let written = subject.cloud_init().and_then(|settings| settings.search_domain.clone());
    let endpoint = &subject.topology.cluster.control_plane_endpoint;
    let domain = |name: &str| name.split_once('.').map(|(_, domain)| domain.to_owned());
    let of_endpoint = || endpoint.address().map_or_else(|| domain(&endpoint.host), |_| None);
    written.or_else(|| domain(&subject.node.minion)).or_else(of_endpoint)
}

/// The volume of the vendor data. As `vendor` it is merged under the user data that PVE makes; as `user` it would replace
/// host name, user and keys.
fn snippet(subject: &Subject<'_>) -> Option<String> {
    let storage = subject.cloud_init()?.snippet_storage.as_ref()?;
    Some(format!("{storage}:snippets/k8s-ha-{}-{}.yaml", subject.topology.cluster.name, subject.node.name))
}

/// Vendor data of cloud-init: guest agent, salt-minion and where its masters are. Whoever may look at the machine can read
/// it, so it holds no key and no token; the master accepts the minion's key by itself or by hand.
pub(super) fn vendor_data(subject: &Subject<'_>) -> Result<Option<String>, Error> {
    let Some(settings) = subject.cloud_init().filter(|_| snippet(subject).is_some()) else { return Ok(None) };
    if subject.vm.raw.contains_key("cicustom") {
        return Ok(None);
    }
    let mut packages = vec!["qemu-guest-agent"];
    let mut commands = vec![json!(["systemctl", "start", "qemu-guest-agent.service"])];
    let mut files = Vec::new();
    if !settings.salt_masters.is_empty() {
        let mut minion = json!({"id": subject.node.minion, "master": settings.salt_masters});
        if let Some(finger) = &settings.salt_master_finger {
            minion["master_finger"] = json!(finger);
        }
        // Written before packages are installed: on Debian the minion starts with its package.
        files.push(json!({"path": "/etc/salt/minion.d/k8s_ha_bootstrap.conf", "content": yaml(&minion)?}));
        packages.push("salt-minion");
        commands.push(json!(["systemctl", "enable", "--now", "salt-minion.service"]));
    }
    let mut document = json!({"packages": packages});
    if !files.is_empty() {
        document["write_files"] = json!(files);
    }
    document["runcmd"] = json!(commands);
    Ok(Some(format!("#cloud-config\n{}", yaml(&document)?)))
}

fn yaml(value: &serde_json::Value) -> Result<String, Error> {
    let wrong =
        |error: serde_yaml::Error| Error::Structure { what: "vendor data of cloud-init", message: error.to_string() };
    serde_yaml::to_string(value).map_err(wrong)
}

/// Percent-encodes once what is neither letter, digit nor `-._~`: PVE stores `sshkeys` so. The client's form encoding comes
/// on top of it.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_encoded_once() {
        assert_eq!(percent_encoded("ssh-ed25519 AAAA+b/c== a@b\nx"), "ssh-ed25519%20AAAA%2Bb%2Fc%3D%3D%20a%40b%0Ax");
    }
}
