//! Networks that are not the public Internet, after IANA's registries of special-purpose addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

const fn v4(a: u8, b: u8, c: u8, d: u8, length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length)
}

const fn v6(head: [u16; 3], length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(head[0], head[1], head[2], 0, 0, 0, 0, 0), length)
}

const PRIVATE: &str = "a private address";
const LOOPBACK: &str = "a loopback address";
const LINK_LOCAL: &str = "a link-local address";
const RESERVED: &str = "a reserved address";
const DOCUMENTATION: &str = "an address for documentation";
const MULTICAST: &str = "a multicast address";
const TUNNEL: &str = "an address of a tunnel";
const UNSPECIFIED: &str = "no address of a host";

/// IPv4 networks that are refused.
const REFUSED_V4: [(Ipv4Net, &str); 17] = [
    (v4(0, 0, 0, 0, 8), UNSPECIFIED),
    (v4(10, 0, 0, 0, 8), PRIVATE),
    (v4(100, 64, 0, 0, 10), "an address of a provider's own network"),
    (v4(127, 0, 0, 0, 8), LOOPBACK),
    (v4(168, 63, 129, 16, 32), "the metadata service of Azure"),
    // The services that tell a virtual machine its secrets are here: 169.254.169.254.
    (v4(169, 254, 0, 0, 16), LINK_LOCAL),
    (v4(172, 16, 0, 0, 12), PRIVATE),
    (v4(192, 0, 0, 0, 24), RESERVED),
    (v4(192, 0, 2, 0, 24), DOCUMENTATION),
    (v4(192, 88, 99, 0, 24), TUNNEL),
    (v4(192, 168, 0, 0, 16), PRIVATE),
    (v4(198, 18, 0, 0, 15), "an address for benchmarks"),
    (v4(198, 51, 100, 0, 24), DOCUMENTATION),
    (v4(203, 0, 113, 0, 24), DOCUMENTATION),
    (v4(224, 0, 0, 0, 4), MULTICAST),
    (v4(255, 255, 255, 255, 32), "the broadcast address"),
    (v4(240, 0, 0, 0, 4), RESERVED),
];

/// Public IPv6 addresses; everything else is refused.
const PUBLIC_V6: Ipv6Net = v6([0x2000, 0, 0], 3);

/// IPv6 networks that are refused, with their descriptions. The first match counts.
const REFUSED_V6: [(Ipv6Net, &str); 14] = [
    (v6([0, 0, 0], 128), UNSPECIFIED),
    (Ipv6Net::new_assert(Ipv6Addr::LOCALHOST, 128), LOOPBACK),
    // IPv4-compatible and IPv4-translated addresses, long out of use.
    (v6([0, 0, 0], 64), RESERVED),
    (v6([0x64, 0xff9b, 1], 48), "an address of a local translation"),
    // Teredo, and what else the IETF has taken for protocols.
    (v6([0x2001, 0, 0], 32), TUNNEL),
    (v6([0x2001, 0, 0], 23), RESERVED),
    (v6([0x2001, 0xdb8, 0], 32), DOCUMENTATION),
    (v6([0x2002, 0, 0], 16), TUNNEL),
    (v6([0x3fff, 0, 0], 20), DOCUMENTATION),
    (v6([0xfc00, 0, 0], 7), PRIVATE),
    (v6([0xfe80, 0, 0], 10), LINK_LOCAL),
    (v6([0xfec0, 0, 0], 10), PRIVATE),
    (v6([0xff00, 0, 0], 8), MULTICAST),
    (v6([0x100, 0, 0], 64), RESERVED),
];

/// IPv4 in the last four bytes, as sockets of IPv6 show it: `::ffff:10.0.0.1`.
const MAPPED: Ipv6Net = Ipv6Net::new_assert(Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96);
/// The same as a gateway to IPv4 takes it (RFC 6052): in networks without IPv4 all of it looks like this.
const TRANSLATED: Ipv6Net = v6([0x64, 0xff9b, 0], 96);

/// The well-known network around an address that is not public, and what such addresses are.
pub(super) fn refused(address: IpAddr) -> Option<(IpNet, &'static str)> {
    match address {
        IpAddr::V4(address) => refused_v4(address),
        IpAddr::V6(address) if MAPPED.contains(&address) || TRANSLATED.contains(&address) => {
            refused_v4(last_four(address))
        }
        IpAddr::V6(address) => {
            let known = REFUSED_V6.iter().find(|(network, _)| network.contains(&address));
            let other = || (!PUBLIC_V6.contains(&address)).then_some((Ipv6Net::from(address), RESERVED));
            known.copied().or_else(other).map(|(network, what)| (IpNet::V6(network), what))
        }
    }
}

fn refused_v4(address: Ipv4Addr) -> Option<(IpNet, &'static str)> {
    let known = REFUSED_V4.iter().find(|(network, _)| network.contains(&address));
    known.map(|(network, what)| (IpNet::V4(*network), *what))
}

/// The IPv4 address that an IPv6 address of one of the transition mechanisms leads to.
pub(super) fn embedded(address: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V6(address) = address else { return None };
    let bytes = address.octets();
    let segments = address.segments();
    match segments {
        // IPv4-compatible; :: and ::1 are addresses of their own.
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
        [0, 0, 0, 0, 0, 0 | 0xffff, ..] | [0, 0, 0, 0, 0xffff, 0, ..] => Some(last_four(address)),
        [0x64, 0xff9b, 0, 0, 0, 0, ..] | [0x64, 0xff9b, 1, ..] => Some(last_four(address)),
        [0x2002, ..] => Some(Ipv4Addr::new(bytes[2], bytes[3], bytes[4], bytes[5])),
        // Teredo has the client's address with all bits turned.
        [0x2001, 0, ..] => Some(Ipv4Addr::from_bits(!last_four(address).to_bits())),
        _ => None,
    }
}

fn last_four(address: Ipv6Addr) -> Ipv4Addr {
    let bytes = address.octets();
    Ipv4Addr::new(bytes[12], bytes[13], bytes[14], bytes[15])
}
