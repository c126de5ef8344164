//! What is wrong with a handler's certificate, in words for the owner of a webhook.

use jiff::Timestamp;
use thiserror::Error;
use tokio_rustls::rustls;
use tokio_rustls::rustls::pki_types::{ServerName, UnixTime};
use tokio_rustls::rustls::{CertificateError, OtherError};

use super::trust::Distrust;

/// Names of a certificate that are told; it may have hundreds.
const MAX_NAMES: usize = 3;

/// Why TLS failed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TlsFault {
    /// Its time is over
    #[error("TLS: the certificate expired on {0}")]
    Expired(String),
    /// Its time has not come
    #[error("TLS: the certificate is not valid before {0}")]
    NotYet(String),
    /// Another host has it
    #[error("TLS: the certificate is for another name: for {presented}, not for {expected}")]
    OtherName {
        /// Where the webhook goes
        expected: String,
        /// For which it is, the first few
        presented: String,
    },
    /// It names nobody
    #[error("TLS: the certificate is for no name at all")]
    NoName,
    /// It was revoked
    #[error("TLS: the certificate was revoked")]
    Revoked,
    /// It has signed itself
    #[error(
        "TLS: the certificate is self-signed; an administrator can trust it in the portal's settings, or with --handler-ca FILE"
    )]
    SelfSigned,
    /// An authority that nobody knows, or one between it and those we know is missing
    #[error(
        "TLS: the certificate is signed by an unknown authority; the handler must send its whole chain, or an administrator \
         trust the authority in the portal's settings, or with --handler-ca FILE"
    )]
    UnknownAuthority,
    /// Whatever else
    #[error("TLS: the certificate is not in order")]
    Bad,
    /// No TLS at all
    #[error("TLS: the handler does not speak it on this port")]
    NotTls,
    /// Something else
    #[error("TLS: {0}")]
    Other(String),
}

impl TlsFault {
    /// What an error means.
    pub fn of(error: &rustls::Error) -> TlsFault {
        let certificate = match error {
            rustls::Error::InvalidCertificate(certificate) => certificate,
            rustls::Error::InvalidMessage(_) => return TlsFault::NotTls,
            other => return TlsFault::Other(other.to_string()),
        };
        match certificate {
            CertificateError::ExpiredContext { not_after, .. } => TlsFault::Expired(day(*not_after)),
            CertificateError::NotValidYetContext { not_before, .. } => TlsFault::NotYet(day(*not_before)),
            CertificateError::NotValidForNameContext { expected, presented } => names(expected, presented),
            CertificateError::Revoked => TlsFault::Revoked,
            CertificateError::Other(OtherError(inner)) => match inner.downcast_ref() {
                Some(Distrust::SelfSigned) => TlsFault::SelfSigned,
                Some(Distrust::UnknownAuthority) => TlsFault::UnknownAuthority,
                None => TlsFault::Bad,
            },
            _ => TlsFault::Bad,
        }
    }
}

fn names(expected: &ServerName<'_>, presented: &[String]) -> TlsFault {
    if presented.is_empty() {
        return TlsFault::NoName;
    }
    let mut told: Vec<&str> = presented.iter().map(|name| plain(name)).take(MAX_NAMES).collect();
    if presented.len() > MAX_NAMES {
        told.push("..");
    }
    TlsFault::OtherName { expected: expected.to_str().into_owned(), presented: told.join(", ") }
}

/// `a.example` for what is spelled `DnsName("a.example")`, and `10.0.0.1` for `IpAddress(10.0.0.1)`.
fn plain(name: &str) -> &str {
    let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(name);
    inner.trim_matches('"')
}

/// `2026-01-31`, in UTC.
fn day(at: UnixTime) -> String {
    let at = i64::try_from(at.as_secs()).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    at.map_or_else(String::new, |at| at.strftime("%Y-%m-%d").to_string())
}
