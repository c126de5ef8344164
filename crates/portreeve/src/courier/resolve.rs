//! From the name of a host to its addresses.
//!
//! Not by the system's own call, which takes a thread for as long as a name server keeps silent and cannot be
//! stopped: a few handlers with broken name servers would hold up the lookups of all.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use anyhow::Result;
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{
    ConnectionConfig, LookupIpStrategy, NameServerConfig, ResolverConfig, ResolverOpts,
};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;

use super::failure::Failure;

/// How long to wait for a name server before the next one, or the next try.
const PATIENCE: Duration = Duration::from_secs(2);

/// Asks name servers, and remembers what they said for as long as they allow.
pub struct Names {
    resolver: TokioResolver,
}

impl Names {
    /// Asks these servers, or without any those of the system; the file of hosts is read either way.
    ///
    /// # Errors
    /// When none of it can be set up.
    pub fn new(servers: &[SocketAddr]) -> Result<Self> {
        let by_system = if servers.is_empty() { TokioResolver::builder_tokio().map(Some) } else { Ok(None) };
        let by_system = by_system.unwrap_or_else(|error| {
            tracing::warn!(%error, "this system says of no name servers; --handler-dns can");
            None
        });
        let mut builder = by_system.unwrap_or_else(|| {
            let config = ResolverConfig::from_name_servers(servers.iter().map(name_server).collect());
            TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
        });
        tune(builder.options_mut());
        Ok(Names { resolver: builder.build()? })
    }

    /// The addresses of a host, IPv4 first: a server without IPv6 may well have a route for it that leads
    /// nowhere.
    ///
    /// # Errors
    /// [`Failure::NoSuchHost`] and [`Failure::NoNameServer`].
    pub async fn resolve(&self, host: &str) -> Result<Vec<IpAddr>, Failure> {
        match self.resolver.lookup_ip(host).await {
            Ok(found) => {
                let mut addresses: Vec<IpAddr> = found.iter().collect();
                addresses.sort_by_key(IpAddr::is_ipv6);
                Ok(addresses)
            }
            Err(error) if error.is_no_records_found() => Err(Failure::NoSuchHost),
            // A name that is no name.
            Err(NetError::Proto(_)) => Err(Failure::NoSuchHost),
            Err(_) => Err(Failure::NoNameServer),
        }
    }
}

fn tune(options: &mut ResolverOpts) {
    options.timeout = PATIENCE;
    options.ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
}

fn name_server(address: &SocketAddr) -> NameServerConfig {
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()];
    let connections = connections.map(|mut connection| {
        connection.port = address.port();
        connection
    });
    NameServerConfig::new(address.ip(), true, connections.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn without_name_servers_the_file_of_hosts_is_left() {
        let config = ResolverConfig::from_name_servers(Vec::new());
        let resolver = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default()).build();
        let names = Names { resolver: resolver.unwrap() };
        assert!(names.resolve("localhost").await.unwrap().iter().all(IpAddr::is_loopback));
        assert_eq!(names.resolve("example.test").await, Err(Failure::NoNameServer));
        assert_eq!(names.resolve(&"long".repeat(80)).await, Err(Failure::NoSuchHost));
    }
}
