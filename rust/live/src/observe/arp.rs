//! ARP over Ethernet: who has an IPv4 address (RFC 826), asked without an address of one's own (RFC 5227).

use std::net::Ipv4Addr;

/// A hardware address.
pub(super) type Mac = [u8; 6];

/// The number of the protocol in a frame.
pub(super) const ETHERTYPE: u16 = 0x0806;
/// Ethernet and IPv4, with addresses of 6 and 4 bytes.
const KIND: [u8; 6] = [0, 1, 0x08, 0, 6, 4];
const REQUEST: [u8; 2] = [0, 1];
const REPLY: [u8; 2] = [0, 2];

/// A frame to all that asks who has an address. Nobody notes who asked.
pub(super) fn request(from: Mac, asked: Ipv4Addr) -> Vec<u8> {
    let nobody = [0; 4];
    [&[0xff; 6], &from[..], &ETHERTYPE.to_be_bytes(), &KIND, &REQUEST, &from, &nobody, &[0; 6], &asked.octets()]
        .concat()
}

/// Which hardware address says that it has which IPv4 address, in what a frame of ARP carries; `None` for all but an answer.
pub(super) fn reply(carried: &[u8]) -> Option<(Ipv4Addr, Mac)> {
    let (head, said) = carried.split_first_chunk::<8>()?;
    if head[..] != [&KIND[..], &REPLY].concat() {
        return None;
    }
    let (mac, rest) = said.split_first_chunk::<6>()?;
    let (address, _) = rest.split_first_chunk::<4>()?;
    Some((Ipv4Addr::from(*address), *mac))
}

#[cfg(test)]
mod tests {
    use super::{Mac, reply, request};
    use std::net::Ipv4Addr;

    const MAC: Mac = [2, 0, 0, 0, 0, 7];
    const ADDRESS: Ipv4Addr = Ipv4Addr::new(10, 0, 10, 5);

    #[test]
    fn an_answer_says_who_has_an_address() {
        let asked = request(MAC, ADDRESS);
        assert_eq!(asked.len(), 42);
        let mut carried = asked[14..].to_vec();
        assert_eq!(reply(&carried), None, "a question is none");
        carried[7] = 2;
        carried[14..18].copy_from_slice(&ADDRESS.octets());
        assert_eq!(reply(&carried), Some((ADDRESS, MAC)));
        for length in 0..18 {
            assert_eq!(reply(&carried[..length]), None, "{length} bytes");
        }
        carried[4] = 8;
        assert_eq!(reply(&carried), None, "other hardware");
    }
}
