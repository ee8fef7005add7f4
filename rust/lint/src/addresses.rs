//! Addresses and ranges of addresses.

use ipnet::IpNet;
use std::net::IpAddr;
use std::ops::RangeInclusive;
use topology::pillar::NetworkSpec;

/// `IPv4` or `IPv6`.
pub(crate) fn family(address: IpAddr) -> &'static str {
    if address.is_ipv4() { "IPv4" } else { "IPv6" }
}

/// Why no host can have an address in a network, as the end of a sentence. `None` where one can.
///
/// The first address of an IPv6 network belongs to its routers (RFC 4291 section 2.6.1); networks of two addresses or one
/// have none that is set apart (RFC 3021, RFC 6164).
pub(crate) fn set_apart(network: &IpNet, address: IpAddr) -> Option<&'static str> {
    if network.prefix_len() + 1 >= network.max_prefix_len() {
        return None;
    }
    if address == network.network() {
        return Some("the address of the network itself");
    }
    (address.is_ipv4() && address == network.broadcast()).then_some("the broadcast address of the network")
}

/// A range of a DHCP server, `first-last`. `None` where the text is no range, or its ends are the wrong way round.
pub(crate) fn dhcp_range(text: &str) -> Option<RangeInclusive<IpAddr>> {
    let (first, last) = text.split_once('-')?;
    let (first, last): (IpAddr, IpAddr) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (first.is_ipv4() == last.is_ipv4() && first <= last).then_some(first..=last)
}

/// The place in `dhcp_ranges` of the range that holds an address.
pub(crate) fn given_out_by_dhcp(network: &NetworkSpec, address: IpAddr) -> Option<usize> {
    network.dhcp_ranges.iter().position(|text| dhcp_range(text).is_some_and(|range| range.contains(&address)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_a_network_are_set_apart() {
        let apart =
            |network: &str, address: &str| set_apart(&network.parse().unwrap(), address.parse().unwrap()).is_some();
        assert!(apart("10.0.0.0/24", "10.0.0.0"));
        assert!(apart("10.0.0.0/24", "10.0.0.255"));
        assert!(apart("fd00::/64", "fd00::"));
        assert!(!apart("10.0.0.0/24", "10.0.0.1"));
        assert!(!apart("10.0.0.0/31", "10.0.0.0"));
        assert!(!apart("fd00::/64", "fd00::ffff:ffff:ffff:ffff"));
        assert!(!apart("10.0.0.0/24", "fd00::"));
    }

    #[test]
    fn reads_ranges_of_one_family_in_order() {
        assert!(
            dhcp_range("10.0.0.10 - 10.0.0.20")
                .is_some_and(|range| range.contains(&"10.0.0.20".parse::<IpAddr>().unwrap()))
        );
        assert!(dhcp_range("fd00::1-fd00::ff").is_some());
        for text in ["", "10.0.0.10", "10.0.0.20-10.0.0.10", "10.0.0.1-fd00::1", "10.0.0.0/24"] {
            assert!(dhcp_range(text).is_none(), "{text}");
        }
    }
}
