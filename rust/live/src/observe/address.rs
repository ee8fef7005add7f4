//! Who holds the address that moves: everybody on its network who says so when asked for it.

use super::arp::{self, Mac};
use pnet_datalink::{Channel, ChannelType, Config, DataLinkReceiver, DataLinkSender, NetworkInterface};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

/// For how long answers are waited for: whoever answers second is the one that must not be missed. Source: engineering
/// judgement; a host answers within milliseconds, from its kernel.
const LISTENS: Duration = Duration::from_millis(300);

/// An address that moves between hosts.
#[derive(Clone, Debug)]
pub struct Moving {
    /// The address.
    pub address: IpAddr,
    /// Between which hosts: name, and the address that each has for itself.
    pub hosts: Vec<(String, IpAddr)>,
}

type Answers = BTreeMap<Ipv4Addr, BTreeSet<Mac>>;

/// The hosts that hold the address, by name, and by hardware address where it is none of them.
///
/// `None` where it cannot be told: no interface of this host is in the network of the address, it is IPv6, or this process
/// may not send frames.
pub(super) async fn holders(moving: &Moving) -> Option<Vec<String>> {
    let moving = moving.clone();
    tokio::task::spawn_blocking(move || look(&moving)).await.ok()?
}

fn look(moving: &Moving) -> Option<Vec<String>> {
    let IpAddr::V4(address) = moving.address else { return None };
    let interface = pnet_datalink::interfaces().into_iter().find(|one| is_beside(one, address))?;
    let is_own = |one: &IpAddr| interface.ips.iter().any(|network| network.ip() == *one);
    let others = moving.hosts.iter().map(|(_, host)| *host).filter(|host| !is_own(host));
    let others = others.filter_map(|host| if let IpAddr::V4(host) = host { Some(host) } else { None });
    // Also where it is ours: another one may hold it too.
    let asked: Vec<Ipv4Addr> = others.chain([address]).collect();
    let answers = ask(&interface, &asked)?;
    Some(named(moving, address, &answers, &is_own))
}

/// Whether an address of the interface, other than the one that moves, has that one in its network.
fn is_beside(interface: &NetworkInterface, address: Ipv4Addr) -> bool {
    let is_near = interface.ips.iter().any(|network| network.ip() != address && network.contains(address.into()));
    interface.is_up() && !interface.is_loopback() && interface.mac.is_some() && is_near
}

fn ask(interface: &NetworkInterface, asked: &[Ipv4Addr]) -> Option<Answers> {
    let from = interface.mac?.octets();
    // Frames of other protocols, of which a host has many, are not even copied.
    let (_, mut receiver) = channel(interface, ChannelType::Layer3(arp::ETHERTYPE))?;
    let (mut sender, _) = channel(interface, ChannelType::Layer2)?;
    for one in asked {
        sender.send_to(&arp::request(from, *one), None)?.ok()?;
    }
    drop(sender);
    Some(listen(&mut *receiver, asked))
}

fn channel(
    interface: &NetworkInterface,
    channel_type: ChannelType,
) -> Option<(Box<dyn DataLinkSender>, Box<dyn DataLinkReceiver>)> {
    let limit = Some(LISTENS);
    let config =
        Config { channel_type, read_timeout: limit, write_timeout: limit, promiscuous: false, ..Config::default() };
    match pnet_datalink::channel(interface, config).ok()? {
        Channel::Ethernet(sender, receiver) => Some((sender, receiver)),
        _ => None,
    }
}

fn listen(receiver: &mut dyn DataLinkReceiver, asked: &[Ipv4Addr]) -> Answers {
    let (began, mut answers) = (Instant::now(), Answers::new());
    while began.elapsed() < LISTENS {
        // Silence ends in an error, so that all of it takes twice as long at most.
        let Ok(carried) = receiver.next() else { break };
        if let Some((address, mac)) = arp::reply(carried).filter(|(address, _)| asked.contains(address)) {
            answers.entry(address).or_default().insert(mac);
        }
    }
    answers
}

fn named(moving: &Moving, address: Ipv4Addr, answers: &Answers, is_own: &dyn Fn(&IpAddr) -> bool) -> Vec<String> {
    let is_here = is_own(&moving.address);
    let here = moving.hosts.iter().filter(|(_, host)| is_here && is_own(host)).map(|(name, _)| name.clone());
    let elsewhere = answers.get(&address).into_iter().flatten().map(|mac| name(moving, *mac, answers));
    here.chain(elsewhere).collect::<BTreeSet<String>>().into_iter().collect()
}

fn name(moving: &Moving, mac: Mac, answers: &Answers) -> String {
    let has = |host: &IpAddr| match host {
        IpAddr::V4(host) => answers.get(host).is_some_and(|macs| macs.contains(&mac)),
        IpAddr::V6(_) => false,
    };
    let known = moving.hosts.iter().find(|(_, host)| has(host)).map(|(name, _)| name.clone());
    known.unwrap_or_else(|| mac.map(|byte| format!("{byte:02x}")).join(":"))
}

#[cfg(test)]
mod wire;

#[cfg(test)]
mod tests {
    use super::{Answers, Mac, Moving, named};
    use std::net::{IpAddr, Ipv4Addr};

    const VIP: Ipv4Addr = Ipv4Addr::new(10, 0, 10, 5);

    fn own(last: u8) -> Ipv4Addr {
        Ipv4Addr::new(10, 0, 10, last)
    }

    fn seen(holders: &[Mac], own_addresses: &[Ipv4Addr]) -> Vec<String> {
        let hosts = [(1, "cp1"), (2, "cp2")].map(|(last, name)| (name.to_owned(), IpAddr::from(own(last))));
        let moving = Moving { address: VIP.into(), hosts: hosts.to_vec() };
        let mut answers: Answers = [1, 2].map(|last| (own(last), [[2, 0, 0, 0, 0, last]].into())).into();
        answers.insert(VIP, holders.iter().copied().collect());
        named(&moving, VIP, &answers, &|one| own_addresses.iter().any(|own| IpAddr::from(*own) == *one))
    }

    #[test]
    fn a_holder_has_the_name_of_the_host_with_the_same_hardware() {
        assert_eq!(seen(&[[2, 0, 0, 0, 0, 2]], &[]), ["cp2"]);
        assert_eq!(seen(&[], &[own(1)]), [""; 0]);
        assert_eq!(seen(&[[2, 0, 0, 0, 0, 2], [2, 0, 0, 0, 0, 1]], &[]), ["cp1", "cp2"]);
        assert_eq!(seen(&[[2, 0, 0, 0, 0, 2]], &[own(1), VIP]), ["cp1", "cp2"], "we hold it, and another does too");
        assert_eq!(seen(&[[0xaa, 0, 0, 0, 0, 0x0b]], &[]), ["aa:00:00:00:00:0b"], "no host of ours");
    }
}
