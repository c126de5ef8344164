//! Whose certificates are believed: those that the system's authorities have signed, and the operator's own.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use parking_lot::Mutex;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use tokio_rustls::rustls::crypto::{
    WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature,
};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::server::ParsedCertificate;
use tokio_rustls::rustls::{
    CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
};

/// Certificates in PEM that a person chose, as they are when they are asked for.
pub type Chosen = Arc<dyn Fn() -> Arc<str> + Send + Sync>;

/// The trusted certificates.
pub struct Trust {
    /// Without what is chosen.
    fixed: Arc<Believed>,
    chosen: Chosen,
    /// With what was chosen last, and the text of that.
    last: Mutex<(Arc<str>, Arc<Believed>)>,
    algorithms: WebPkiSupportedAlgorithms,
}

#[derive(Clone)]
struct Believed {
    roots: RootCertStore,
    /// The operator's own, which a handler may also have for itself.
    own: Vec<CertificateDer<'static>>,
}

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Trust({} authorities)", self.fixed.roots.len())
    }
}

/// Why a certificate is not believed, where there is more to say of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Distrust {
    /// It has signed itself
    #[error("self-signed")]
    SelfSigned,
    /// An authority that nobody knows, or one between it and those we know is missing
    #[error("unknown authority")]
    UnknownAuthority,
}

impl Trust {
    /// The authorities of this system, and the certificates in the operator's file.
    ///
    /// # Errors
    /// When there is no certificate in that file.
    pub fn of_system(own: Option<&Path>) -> Result<Self> {
        let mut roots = RootCertStore::empty();
        let found = rustls_native_certs::load_native_certs();
        for error in &found.errors {
            tracing::warn!(%error, "a root certificate of this system could not be read");
        }
        roots.add_parsable_certificates(found.certs);
        let own = own.map_or(Ok(Vec::new()), read)?;
        if roots.is_empty() && own.is_empty() {
            tracing::warn!("this system has no root certificates: no handler with https can be reached");
        }
        Trust::new(roots, own)
    }

    /// These authorities, and the operator's own certificates.
    ///
    /// # Errors
    /// When one of the operator's is none.
    pub fn new(roots: RootCertStore, own: Vec<CertificateDer<'static>>) -> Result<Self> {
        let mut fixed = Believed { roots, own: Vec::new() };
        fixed.add(own).context("--handler-ca: this is no certificate")?;
        let (fixed, nothing): (_, Arc<str>) = (Arc::new(fixed), Arc::from(""));
        let algorithms = ring::default_provider().signature_verification_algorithms;
        let last = Mutex::new((Arc::clone(&nothing), Arc::clone(&fixed)));
        Ok(Trust { fixed, chosen: Arc::new(move || Arc::clone(&nothing)), last, algorithms })
    }

    /// Beside them, what is chosen at each moment.
    pub fn with(self, chosen: Chosen) -> Self {
        Trust { chosen, ..self }
    }

    /// What is believed now.
    fn now(&self) -> Arc<Believed> {
        let (text, mut last) = ((self.chosen)(), self.last.lock());
        if last.0 != text {
            let mut believed = Believed::clone(&self.fixed);
            // It was checked when it was chosen.
            if let Err(error) = read_certificates(&text).and_then(|own| believed.add(own)) {
                tracing::warn!(%error, "the certificates in the settings cannot be used");
            }
            *last = (text, Arc::new(believed));
        }
        Arc::clone(&last.1)
    }
}

impl Believed {
    fn add(&mut self, own: Vec<CertificateDer<'static>>) -> Result<()> {
        for certificate in &own {
            self.roots.add(certificate.clone())?;
        }
        self.own.extend(own);
        Ok(())
    }

    /// Explains a refusal. A certificate that may sign others is refused as a handler's, which is what `openssl req -x509`
    /// makes; the operator's own is believed all the same.
    fn explain(&self, error: Error, certificate: &CertificateDer<'_>) -> Result<(), Error> {
        let Error::InvalidCertificate(reason) = &error else { return Err(error) };
        let is_authority = matches!(reason, CertificateError::Other(OtherError(inner))
            if inner.downcast_ref() == Some(&webpki::Error::CaUsedAsEndEntity));
        if is_authority && self.own.iter().any(|own| own == certificate) {
            return Ok(());
        }
        // An authority of the same name has not signed it either.
        let is_unsigned = matches!(reason, CertificateError::UnknownIssuer | CertificateError::BadSignature);
        if !is_authority && !is_unsigned {
            return Err(error);
        }
        let distrust = match reason {
            _ if is_self_signed(certificate) => Distrust::SelfSigned,
            CertificateError::UnknownIssuer => Distrust::UnknownAuthority,
            _ => return Err(error),
        };
        Err(Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(distrust)))))
    }
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let certificate = ParsedCertificate::try_from(end_entity)?;
        let (all, believed) = (self.algorithms.all, self.now());
        verify_server_cert_signed_by_trust_anchor(&certificate, &believed.roots, intermediates, now, all)
            .or_else(|error| believed.explain(error, end_entity))?;
        verify_server_name(&certificate, server_name)?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

/// Whether a certificate names itself as who has signed it.
fn is_self_signed(certificate: &CertificateDer<'_>) -> bool {
    webpki::EndEntityCert::try_from(certificate).is_ok_and(|it| it.issuer() == it.subject())
}

/// The certificates in a text in PEM; none in an empty one.
///
/// # Errors
/// When there is anything else in it.
pub fn read_certificates(pem: &str) -> Result<Vec<CertificateDer<'static>>> {
    let found = CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<Vec<_>, _>>()?;
    ensure!(pem.trim().is_empty() || !found.is_empty(), "there is none");
    let mut roots = RootCertStore::empty();
    found.iter().try_for_each(|certificate| roots.add(certificate.clone()))?;
    Ok(found)
}

fn read(path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let told = || format!("--handler-ca: cannot read certificates in PEM from {}", path.display());
    let found = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let found = found.with_context(told)?;
    ensure!(!found.is_empty(), "--handler-ca: there is no certificate in {}", path.display());
    Ok(found)
}
