//! https: which certificate is shown, and how it is kept fresh while the server runs.

mod authority;

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use parking_lot::RwLock;
use tokio::time::{MissedTickBehavior, interval};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;

use crate::cli::note;
use crate::place::Place;
use crate::settings::{self, Settings};
use authority::Authority;

/// How often certificates are read or made anew: files may have been renewed.
const REFRESH: Duration = Duration::from_secs(600);

/// The encryption of a server.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    shown: Arc<Shown>,
}

/// The certificate that new connections get to see.
#[derive(Debug)]
struct Shown {
    source: Source,
    current: RwLock<Arc<CertifiedKey>>,
}

/// Where certificates come from.
#[derive(Debug)]
enum Source {
    /// Our own authority makes one for these names.
    Authority(Box<Authority>, Vec<String>),
    /// Somebody else puts it into files.
    Files { chain: PathBuf, key: PathBuf },
}

impl Tls {
    /// What the settings ask for: nothing with `--tls off`.
    pub fn new(place: &Place, settings: &Settings, bound: SocketAddr) -> Result<Option<Tls>> {
        let source = match settings.tls {
            settings::Tls::Off => return Ok(None),
            settings::Tls::Dev => {
                let folder = place.data.join("tls");
                let authority = Authority::load_or_create(&folder)?;
                explain(&authority.path());
                Source::Authority(Box::new(authority), names(&settings.base_url(bound), bound.ip()))
            }
            settings::Tls::Files => {
                let told = "--tls files needs --tls-cert and --tls-key";
                let (chain, key) = (settings.tls_cert.clone(), settings.tls_key.clone());
                Source::Files { chain: chain.context(told)?, key: key.context(told)? }
            }
        };
        let current = RwLock::new(source.certificate()?);
        let shown = Arc::new(Shown { source, current });
        let config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(shown.clone());
        Ok(Some(Tls { acceptor: TlsAcceptor::from(Arc::new(config)), shown }))
    }

    /// What encrypts a connection.
    pub fn acceptor(&self) -> &TlsAcceptor {
        &self.acceptor
    }

    /// Reads or makes the certificate anew every now and then, for ever.
    pub async fn keep_fresh(self) {
        let mut ticks = interval(REFRESH);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ticks.tick().await;
        loop {
            ticks.tick().await;
            match self.shown.source.certificate() {
                Ok(certificate) => *self.shown.current.write() = certificate,
                Err(error) => {
                    let error = format!("{error:#}");
                    tracing::error!(error, "the old certificate stays in use");
                }
            }
        }
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.current.read()))
    }
}

impl Source {
    fn certificate(&self) -> Result<Arc<CertifiedKey>> {
        let (chain, key) = match self {
            Source::Authority(authority, names) => authority.certificate(names)?,
            Source::Files { chain, key } => read(chain, key)?,
        };
        let certificate = CertifiedKey::from_der(chain, key, &provider());
        Ok(Arc::new(certificate.context("the certificate and its key cannot be used")?))
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// A chain of certificates and its key, from their files in PEM.
///
/// # Errors
/// When one of them cannot be read.
pub fn read(chain: &Path, key: &Path) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
    let told = || format!("cannot read a private key from {}", key.display());
    Ok((certificates(chain)?, PrivateKeyDer::from_pem_file(key).with_context(told)?))
}

/// The certificates in a file in PEM.
///
/// # Errors
/// When it cannot be read.
pub fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let found = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    found.with_context(|| format!("cannot read certificates from {}", file.display()))
}

/// The names and addresses under which this machine and the base URL may be asked for.
fn names(base_url: &str, ip: IpAddr) -> Vec<String> {
    let mut names: Vec<String> = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).into();
    let authority =
        base_url.split_once("://").and_then(|(_, rest)| rest.parse::<hyper::http::uri::Authority>().ok());
    let host = authority.map(|authority| authority.host().trim_matches(['[', ']']).to_owned());
    names.extend(host);
    if !ip.is_unspecified() {
        names.push(ip.to_string());
    }
    names.sort_unstable();
    names.dedup();
    names
}

/// Says how clients learn to trust the local authority.
fn explain(ca: &Path) {
    let ca = std::path::absolute(ca).unwrap_or_else(|_| ca.to_owned());
    let ca = ca.display();
    note(format_args!(
        "Certificates come from a local authority. Let clients trust it:
  curl      --cacert {ca}
  Node.js   NODE_EXTRA_CA_CERTS={ca}
  Python    SSL_CERT_FILE={ca}   (requests: REQUESTS_CA_BUNDLE)
  PHP       php -d curl.cainfo={ca} -d openssl.cafile={ca}
  Debian    cp {ca} /usr/local/share/ca-certificates/portreeve.crt && update-ca-certificates"
    ));
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_certificate_names_the_machine_and_the_base_url() {
        let named = names("https://portal.example.test:8443", "0.0.0.0".parse().unwrap());
        assert_eq!(named, ["127.0.0.1", "::1", "localhost", "portal.example.test"]);
        let named = names("https://[fd00::7]:8443", "fd00::7".parse().unwrap());
        assert_eq!(named, ["127.0.0.1", "::1", "fd00::7", "localhost"]);
    }
}
