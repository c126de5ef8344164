//! Where handlers may be: the rules that keep deliveries out of the operator's own network (protocol 9.1).
//!
//! A URL is checked when it is saved and again before each request; the address it resolves to is checked
//! once more by whoever connects, since a name may resolve to something else each time.

mod networks;
mod target;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use thiserror::Error;
use url::{Host, Url};

pub use target::Target;

/// The longest URL that a handler may have, in bytes.
pub const LONGEST_URL: usize = 2048;

/// Ports from here on are open to everybody's programs; below are those of system services.
const FIRST_FREE_PORT: u16 = 1024;

/// Ports of other protocols whose servers could be talked into something by an HTTP request: the "bad ports"
/// of the Fetch standard from 1024 on.
const BAD_PORTS: [u16; 19] = [
    1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679,
    6697, 10080,
];

/// Which addresses handlers may have: all public ones, and the networks that the operator allows.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    allowed: Vec<IpNet>,
}

/// Why a handler may not be where it is said to be. The texts are for whoever gave the URL; they hold no part
/// of it but host and port.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Refusal {
    /// No URL, or one without a host
    #[error("the handler URL must have a scheme and a host, like https://example.com/handler.php")]
    NoUrl,
    /// Longer than [`LONGEST_URL`]
    #[error("the handler URL must have at most {LONGEST_URL} characters")]
    TooLong,
    /// Neither http nor https
    #[error("the handler URL must begin with http:// or https://, not {0}:")]
    Scheme(String),
    /// With a user or a password in it
    #[error("the handler URL must not contain a user or a password; put a secret into its query")]
    Credentials,
    /// A port that is not for the web
    #[error(
        "port {0} is not allowed for handlers; use 80, 443, or a port from 1024 on that no other protocol uses"
    )]
    Port(u16),
    /// An address that is not public
    #[error(
        "{address} is {what}; an administrator can allow it in the portal's settings or with --allow-handlers {network}"
    )]
    Address {
        /// The host as it was given
        address: String,
        /// The kind of address: `a private address`
        what: &'static str,
        /// The smallest well-known network around it
        network: IpNet,
    },
}

impl Refusal {
    /// The code and the text that Bitrix24 has for such a URL (protocol 9.1).
    pub fn on_the_wire(&self) -> (&'static str, &'static str) {
        match self {
            Refusal::Scheme(_) => ("ERROR_UNSUPPORTED_PROTOCOL", "Unsupported handler protocol"),
            _ => ("ERROR_WRONG_HANDLER_URL", "Wrong handler URL"),
        }
    }
}

impl Guard {
    /// Allows these networks beside the public ones.
    pub fn new(allowed: Vec<IpNet>) -> Self {
        Guard { allowed }
    }

    /// The networks allowed beside the public ones.
    pub fn allowed(&self) -> &[IpNet] {
        &self.allowed
    }

    /// Whether we may connect to this address.
    pub fn admits(&self, address: IpAddr) -> bool {
        self.look_at(address).is_ok()
    }

    /// The same, saying why not.
    ///
    /// # Errors
    /// [`Refusal::Address`], if anything.
    pub fn look_at(&self, address: IpAddr) -> Result<(), Refusal> {
        let embedded = networks::embedded(address).map(IpAddr::V4);
        let allowed = |one: &IpAddr| self.allowed.iter().any(|network| network.contains(one));
        if allowed(&address) || embedded.as_ref().is_some_and(allowed) {
            return Ok(());
        }
        match networks::refused(address) {
            None => Ok(()),
            Some((network, what)) => Err(Refusal::Address { address: address.to_string(), what, network }),
        }
    }

    /// Checks what can be checked without the network. A URL is read as browsers read it, so `0x7f.1`,
    /// `2130706433`, `127.0.0.1.` and `[::ffff:7f00:1]` are all seen for what they are.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn check(&self, url: &str) -> Result<Target, Refusal> {
        if url.len() > LONGEST_URL {
            return Err(Refusal::TooLong);
        }
        self.check_parsed(Url::parse(url).map_err(|_| Refusal::NoUrl)?)
    }

    fn check_parsed(&self, url: Url) -> Result<Target, Refusal> {
        let target = Target::new(url)?;
        let port = target.port();
        let usual = matches!(port, 80 | 443) || port >= FIRST_FREE_PORT;
        if !usual || BAD_PORTS.contains(&port) {
            return Err(Refusal::Port(port));
        }
        match target.host() {
            Host::Ipv4(address) => self.look_at(address.into())?,
            Host::Ipv6(address) => self.look_at(address.into())?,
            Host::Domain(name) if is_local(name) => self.look_at_localhost(name)?,
            Host::Domain(_) => {}
        }
        Ok(target)
    }

    /// `localhost` needs no resolver to be known (RFC 6761, 6.3).
    fn look_at_localhost(&self, name: &str) -> Result<(), Refusal> {
        if self.admits(Ipv6Addr::LOCALHOST.into()) {
            return Ok(());
        }
        self.look_at(Ipv4Addr::LOCALHOST.into()).map_err(|refusal| match refusal {
            Refusal::Address { what, network, .. } => {
                Refusal::Address { address: name.to_owned(), what, network }
            }
            other => other,
        })
    }
}

fn is_local(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    name == "localhost" || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests;
