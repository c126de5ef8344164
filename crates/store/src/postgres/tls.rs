//! TLS to the server, by rustls.

use std::error::Error as _;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_rustls::rustls;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::client::{WebPkiServerVerifier, verify_server_name};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use tokio_rustls::rustls::server::ParsedCertificate;
use tokio_rustls::rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
};

use super::address::{Check, Roots, TlsOptions};
use crate::Error;

/// Bits of a file's mode: others may read or write it, or its group may write it.
const OPEN: u32 = 0o026;

/// Makes the client's side of TLS.
pub(super) fn connector(options: &TlsOptions) -> Result<MakeRustlsConnect, Error> {
    let provider = Arc::new(ring::default_provider());
    let verifier = Verifier::new(options, &provider)?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Database(error.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = match (&options.certificate, &options.key) {
        (Some(certificate), Some(key)) => config
            .with_client_auth_cert(certificates("sslcert", certificate)?, private(key)?)
            .map_err(|error| Error::Database(format!("sslcert and sslkey: {error}")))?,
        _ => config.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"postgresql".to_vec()];
    Ok(MakeRustlsConnect::new(config))
}

/// Whether a connection failed because of TLS.
pub(super) fn is_cause(failure: &::postgres::Error) -> bool {
    cause(failure).is_some()
}

fn cause(failure: &::postgres::Error) -> Option<&rustls::Error> {
    let error = failure.source()?.downcast_ref::<io::Error>()?;
    error.get_ref()?.downcast_ref()
}

/// What an operator can do about it, to be put behind the failure itself.
pub(super) fn advice(failure: &::postgres::Error) -> &'static str {
    use CertificateError as Bad;
    match cause(failure) {
        Some(rustls::Error::InvalidCertificate(bad)) => match bad {
            // The other one: an authority of the same name with another key.
            Bad::UnknownIssuer | Bad::BadSignature => {
                ": the authority that issued the server's certificate is not among those of sslrootcert; name its file there"
            }
            Bad::NotValidForName | Bad::NotValidForNameContext { .. } => {
                ": connect to a name that the certificate has as subjectAltName (its CN does not count), or take \
                 sslmode=verify-ca where nobody else has a certificate of this authority"
            }
            Bad::Expired | Bad::ExpiredContext { .. } => {
                ": renew the server's certificate, and reload the server"
            }
            Bad::Other(why) if why.to_string().contains("CaUsedAsEndEntity") => {
                ": the server's certificate is an authority of its own; name its file with sslrootcert"
            }
            _ => "",
        },
        Some(_) => "",
        None => match failure.source().map(ToString::to_string).as_deref() {
            Some("server does not support TLS") => {
                ": turn it on there (ssl = on in postgresql.conf), or take sslmode=disable on a network that you trust"
            }
            Some("database does not allow writes") => {
                ": it is a replica, or set to be read-only; name the primary, or all servers (postgres://one,other/database)"
            }
            _ => "",
        },
    }
}

fn certificates(parameter: &str, file: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let wrong =
        |why: &dyn std::fmt::Display| Error::Database(format!("{parameter}: {}: {why}", file.display()));
    let found: Vec<_> =
        CertificateDer::pem_file_iter(file).and_then(Iterator::collect).map_err(|error| wrong(&error))?;
    if found.is_empty() { Err(wrong(&"there is no certificate in PEM in it")) } else { Ok(found) }
}

fn private(file: &Path) -> Result<PrivateKeyDer<'static>, Error> {
    let wrong = |why: &dyn std::fmt::Display| Error::Database(format!("sslkey: {}: {why}", file.display()));
    let mode = fs::metadata(file).map_err(|error| wrong(&error))?.permissions().mode();
    if mode & OPEN != 0 {
        return Err(wrong(&"other users of this machine can read or replace it; run `chmod 600` on it"));
    }
    PrivateKeyDer::from_pem_file(file).map_err(|_| wrong(&"there is no key in PEM without a password in it"))
}

/// Checks the server's certificate as `sslmode` says.
#[derive(Debug)]
struct Verifier {
    check: Check,
    /// Those that are named; one of them may be the server's own.
    roots: Vec<CertificateDer<'static>>,
    /// None when nothing is checked
    chain: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl Verifier {
    fn new(options: &TlsOptions, provider: &Arc<CryptoProvider>) -> Result<Verifier, Error> {
        let roots = match &options.roots {
            None => Vec::new(),
            Some(Roots::File(file)) => certificates("sslrootcert", file)?,
            Some(Roots::System) => rustls_native_certs::load_native_certs().certs,
        };
        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(roots.iter().cloned());
        let chain = match options.check {
            Check::Nothing => None,
            Check::Authority | Check::Name => {
                let built =
                    WebPkiServerVerifier::builder_with_provider(Arc::new(store), Arc::clone(provider));
                let built =
                    built.build().map_err(|error| Error::Database(format!("sslrootcert: {error}")))?;
                Some(built)
            }
        };
        Ok(Verifier { check: options.check, roots, chain, provider: Arc::clone(provider) })
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Some(chain) = &self.chain else { return Ok(ServerCertVerified::assertion()) };
        // The certificate that PostgreSQL's manual has one make first is its own authority, which a chain may not end with.
        if self.roots.iter().any(|root| root == end_entity) {
            if self.check == Check::Name {
                verify_server_name(&ParsedCertificate::try_from(end_entity)?, name)?;
            }
            return Ok(ServerCertVerified::assertion());
        }
        match chain.verify_server_cert(end_entity, intermediates, name, ocsp, now) {
            // The name is what is looked at last.
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if self.check == Check::Authority => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        match &self.chain {
            Some(chain) => chain.verify_tls12_signature(message, certificate, signed),
            // Whoever can put a certificate of his own there can sign with its key as well.
            None => Ok(HandshakeSignatureValid::assertion()),
        }
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        match &self.chain {
            Some(chain) => chain.verify_tls13_signature(message, certificate, signed),
            None => Ok(HandshakeSignatureValid::assertion()),
        }
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
