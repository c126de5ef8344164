//! The client's address behind trusted proxies.

use std::net::IpAddr;

use hyper::header::HeaderMap;
use ipnet::IpNet;

/// Where a request came from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Origin {
    /// The client's address; IPv4 written as IPv6 is IPv4.
    pub address: IpAddr,
    /// Whether it came encrypted, to us or to a proxy that we trust.
    pub https: bool,
}

/// The proxies that are believed.
#[derive(Debug)]
pub struct Proxies(Vec<IpNet>);

impl Proxies {
    /// Those in these networks.
    pub fn new(networks: Vec<IpNet>) -> Self {
        Proxies(networks)
    }

    /// The origin of a request that `peer` handed to us. What anybody but a trusted proxy says in its
    /// headers counts for nothing.
    pub fn origin(&self, peer: IpAddr, encrypted: bool, headers: &HeaderMap) -> Origin {
        let peer = peer.to_canonical();
        if !self.trusts(peer) {
            return Origin { address: peer, https: encrypted };
        }
        let proto = list(headers, "x-forwarded-proto").last();
        let https = proto.map_or(encrypted, |proto| proto.eq_ignore_ascii_case("https"));
        // Each proxy appends whom it was called by: the last one that is no proxy of ours is the client.
        let mut address = peer;
        for hop in list(headers, "x-forwarded-for").rev() {
            let Some(hop) = parse(hop) else { break };
            address = hop;
            if !self.trusts(hop) {
                break;
            }
        }
        Origin { address, https }
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// The network that counts as one client: whoever has one IPv6 address has the 2⁶⁴ of its network.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::from((u128::from(v6) >> 64 << 64).to_be_bytes()),
        v4 => v4,
    }
}

/// The members of a header that is a list, over all its lines.
fn list<'a>(headers: &'a HeaderMap, name: &str) -> impl DoubleEndedIterator<Item = &'a str> {
    let lines = headers.get_all(name).into_iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim).filter(|member| !member.is_empty())
}

/// An address, with or without a port.
fn parse(hop: &str) -> Option<IpAddr> {
    let bare = hop.parse::<IpAddr>().ok();
    let with_port = || hop.parse::<std::net::SocketAddr>().ok().map(|address| address.ip());
    bare.or_else(with_port).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use hyper::header::{HeaderName, HeaderValue};

    use super::*;

    fn origin(peer: &str, headers: &[(&'static str, &'static str)]) -> (String, bool) {
        let proxies = Proxies::new(vec!["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()]);
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let origin = proxies.origin(peer.parse().unwrap(), false, &map);
        (origin.address.to_string(), origin.https)
    }

    #[test]
    fn a_stranger_is_not_believed() {
        let claims = [("x-forwarded-for", "1.2.3.4"), ("x-forwarded-proto", "https")];
        assert_eq!(origin("192.0.2.1", &claims), ("192.0.2.1".into(), false));
    }

    #[test]
    fn a_trusted_proxy_is() {
        let claims = [("x-forwarded-for", "192.0.2.7"), ("x-forwarded-proto", "https")];
        assert_eq!(origin("10.1.2.3", &claims), ("192.0.2.7".into(), true));
        assert_eq!(origin("::ffff:10.1.2.3", &claims), ("192.0.2.7".into(), true));
        assert_eq!(origin("::1", &[("x-forwarded-proto", "http")]), ("::1".into(), false));
        assert_eq!(origin("::1", &[]), ("::1".into(), false));
    }

    #[test]
    fn what_the_client_itself_claims_is_skipped() {
        let chain = [("x-forwarded-for", "6.6.6.6, 192.0.2.7"), ("x-forwarded-for", "10.9.9.9")];
        assert_eq!(origin("10.1.2.3", &chain).0, "192.0.2.7");
        assert_eq!(origin("10.1.2.3", &[("x-forwarded-for", "192.0.2.7, nonsense")]).0, "10.1.2.3");
        assert_eq!(origin("10.1.2.3", &[("x-forwarded-for", "[2001:db8::1]:4711")]).0, "2001:db8::1");
    }
}
