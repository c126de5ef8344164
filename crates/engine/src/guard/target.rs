//! A handler's URL that passed the guard.

use std::fmt;

use url::{Host, Url};

use super::Refusal;

/// A URL to which we may try to connect, in its one normal spelling and without a fragment.
#[derive(Clone, PartialEq, Eq)]
pub struct Target {
    url: Url,
}

impl Target {
    /// Checks the shape of a URL: scheme, host, no user.
    pub(super) fn new(mut url: Url) -> Result<Self, Refusal> {
        let host = url.host_str().unwrap_or_default();
        if host.is_empty() {
            return Err(Refusal::NoUrl);
        }
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refusal::Scheme(url.scheme().to_owned()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::Credentials);
        }
        url.set_fragment(None);
        Ok(Target { url })
    }

    /// The whole URL. Its path and query may hold a secret of the handler's.
    pub fn as_str(&self) -> &str {
        self.url.as_str()
    }

    /// Whether the connection is to be encrypted.
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// A name in lower case and ASCII (`xn--..`), or an address.
    pub fn host(&self) -> Host<&str> {
        self.url.host().unwrap_or(Host::Domain(""))
    }

    /// The port, also where it is the usual one.
    pub fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or_default()
    }
}

/// Says where, but nothing of path and query.
impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({}://{}:{}/..)", self.url.scheme(), self.host(), self.port())
    }
}
