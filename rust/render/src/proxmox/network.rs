//! The network card.

use super::Values;
use super::subject::Subject;
use crate::template::Error;
use serde_json::json;

/// `net0`, its parts in the order in which PVE stores them. `mtu=1` takes the bridge's.
pub(super) fn values(subject: &Subject<'_>) -> Result<Values, Error> {
    let vm = subject.vm;
    let bridge = subject.required(vm.bridge.clone(), "vm.bridge", "nothing says to which bridge it is connected")?;
    let mac = subject.required(vm.mac_address(), "vm.mac", "its network card has no address")?;
    let firewall = u8::from(vm.firewall.unwrap_or(false));
    let tag = vm.tag.map_or_else(String::new, |tag| format!(",tag={tag}"));
    let card = format!("virtio={mac},bridge={bridge},firewall={firewall},mtu=1{tag}");
    Ok(Values::from([("net0".to_owned(), json!(card))]))
}
