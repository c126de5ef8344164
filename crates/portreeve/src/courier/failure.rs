//! Why a handler gave no answer, in words for the owner of a webhook. No text contains more of a URL than its
//! host and port.

use std::error::Error as StdError;
use std::io::{self, ErrorKind};

use portal::guard::Refusal;
use thiserror::Error;
use tokio_rustls::rustls;

use super::certificate::TlsFault;
use super::proxy::ProxyFault;

/// Why no answer was received.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Failure {
    /// It is not where handlers may be
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The portal's key does not open the webhook's secrets
    #[error("the portal's key does not fit this webhook: give it a new application token")]
    Locked,
    /// Its name has no address
    #[error("there is no such host")]
    NoSuchHost,
    /// The name servers are out of order
    #[error("the name servers did not say where the host is")]
    NoNameServer,
    /// Nothing listens there
    #[error("the connection was refused")]
    ConnectionRefused,
    /// No way there
    #[error("the host cannot be reached")]
    Unreachable,
    /// Not within the time for all of it
    #[error("it took too long")]
    TimedOut,
    /// Encryption failed
    #[error(transparent)]
    Tls(#[from] TlsFault),
    /// The proxy on the way did not connect
    #[error(transparent)]
    Proxy(#[from] ProxyFault),
    /// The connection broke
    #[error("the connection was reset")]
    Reset,
    /// It ended before the answer did
    #[error("the handler hung up before its answer was complete")]
    HungUp,
    /// An answer, but not of HTTP
    #[error("what came back is not HTTP")]
    NotHttp,
    /// We have no room for a further connection
    #[error("this server has too many open files")]
    NoRoom,
    /// A fault rule wants it so
    #[error("it was not sent")]
    Forced,
    /// Something else
    #[error("the connection failed: {0}")]
    Other(String),
}

impl Failure {
    /// A short word for metrics.
    pub fn word(&self) -> &'static str {
        match self {
            Failure::Refused(_) => "refused_address",
            Failure::Locked => "locked",
            Failure::NoSuchHost | Failure::NoNameServer => "dns",
            Failure::ConnectionRefused | Failure::Unreachable => "connect",
            Failure::TimedOut => "timeout",
            Failure::Tls(_) => "tls",
            Failure::Proxy(_) => "proxy",
            Failure::Reset | Failure::HungUp => "hung_up",
            Failure::Forced => "forced",
            Failure::NotHttp | Failure::NoRoom | Failure::Other(_) => "other",
        }
    }

    /// Whether the handler kept silent, rather than being ruled out by us.
    pub fn is_silence(&self) -> bool {
        !matches!(
            self,
            Failure::Refused(_) | Failure::Locked | Failure::NoRoom | Failure::Proxy(_) | Failure::Forced
        )
    }

    /// What lies at the bottom of an error of the HTTP client.
    pub fn beneath(error: &(dyn StdError + 'static)) -> Failure {
        if let Some(failure) = error.downcast_ref::<Failure>() {
            return failure.clone();
        }
        if let Some(error) = error.downcast_ref::<rustls::Error>() {
            return Failure::Tls(TlsFault::of(error));
        }
        if let Some(error) = error.downcast_ref::<io::Error>() {
            // The source of such an error is that of what it wraps, which would be passed over.
            return match (Failure::io(error), error.get_ref()) {
                (Failure::Other(_), Some(inner)) => Failure::beneath(inner),
                (failure, _) => failure,
            };
        }
        if let Some(source) = error.source() {
            return Failure::beneath(source);
        }
        match error.downcast_ref::<hyper::Error>() {
            Some(error) if error.is_parse() => Failure::NotHttp,
            Some(_) => Failure::HungUp,
            None => Failure::Other(error.to_string()),
        }
    }

    /// An error of the operating system.
    pub fn io(error: &io::Error) -> Failure {
        match error.kind() {
            ErrorKind::ConnectionRefused => Failure::ConnectionRefused,
            ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::AddrNotAvailable => {
                Failure::Unreachable
            }
            ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
                Failure::Reset
            }
            ErrorKind::UnexpectedEof => Failure::HungUp,
            ErrorKind::TimedOut => Failure::TimedOut,
            _ if error.raw_os_error() == Some(rustix::io::Errno::MFILE.raw_os_error()) => Failure::NoRoom,
            _ => Failure::Other(error.to_string()),
        }
    }
}
