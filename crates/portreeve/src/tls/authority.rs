//! A certificate authority for one machine, for development and tests.

use std::fmt;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::clock;

const DAY: Duration = Duration::from_secs(86_400);
/// Before a certificate is valid for some clients' clocks it must be so for ours.
const BEFORE: Duration = DAY;
/// Certificates are made anew long before that.
const VALID: Duration = DAY.saturating_mul(90);

/// An authority with its files: `ca.pem` for those who are to trust it, `ca.key` for us alone.
pub struct Authority {
    path: PathBuf,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// Reads the authority in a folder, or makes one there.
    pub fn load_or_create(folder: &Path) -> Result<Authority> {
        let told = || format!("cannot keep a certificate authority in {}", folder.display());
        DirBuilder::new().recursive(true).mode(0o700).create(folder).with_context(told)?;
        let (path, key_path) = (folder.join("ca.pem"), folder.join("ca.key"));
        let key = match fs::read_to_string(&key_path) {
            Ok(pem) => {
                KeyPair::from_pem(&pem).with_context(|| format!("{} is no key", key_path.display()))?
            }
            Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => {
                let key = KeyPair::generate()?;
                write(&key_path, 0o600, &key.serialize_pem()).with_context(told)?;
                // It belonged to another key.
                let _ = fs::remove_file(&path);
                key
            }
            Err(error) => return Err(error).with_context(told),
        };
        if !fs::exists(&path).with_context(told)? {
            write(&path, 0o644, &params().self_signed(&key)?.pem()).with_context(told)?;
        }
        Ok(Authority { path, issuer: Issuer::new(params(), key) })
    }

    /// The file that clients are told to trust.
    pub fn path(&self) -> PathBuf {
        self.path.clone()
    }

    /// A fresh certificate for these names and addresses, and its key.
    pub fn certificate(
        &self,
        names: &[String],
    ) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
        let mut params = CertificateParams::new(names)?;
        params.distinguished_name.push(DnType::CommonName, "Portreeve");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.use_authority_key_identifier_extension = true;
        params.not_before = (clock::system() - BEFORE).into();
        params.not_after = (clock::system() + VALID).into();
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(anyhow::Error::msg)?;
        Ok((vec![certificate.der().clone()], key))
    }
}

impl fmt::Debug for Authority {
    /// Leaves the key out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Authority({})", self.path.display())
    }
}

/// The authority's certificate, always the same but for its key: so the file needs no parsing.
fn params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "Portreeve local authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = date_time_ymd(2026, 1, 1);
    params.not_after = date_time_ymd(2046, 1, 1);
    params
}

/// Writes a file that must not be there yet.
fn write(path: &Path, mode: u32, text: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use super::*;

    #[test]
    fn an_authority_is_made_once_and_its_key_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("tls");
        let first = Authority::load_or_create(&folder).unwrap();
        let pem = fs::read_to_string(first.path()).unwrap();
        Authority::load_or_create(&folder).unwrap();
        assert_eq!(fs::read_to_string(first.path()).unwrap(), pem);
        assert_eq!(fs::metadata(folder.join("ca.key")).unwrap().mode() & 0o777, 0o600);
        assert!(!format!("{first:?}").contains("PRIVATE"));
    }

    #[test]
    fn a_lost_key_means_a_new_authority() {
        let folder = tempfile::tempdir().unwrap();
        let first = Authority::load_or_create(folder.path()).unwrap();
        let pem = fs::read_to_string(first.path()).unwrap();
        fs::remove_file(folder.path().join("ca.key")).unwrap();
        let second = Authority::load_or_create(folder.path()).unwrap();
        assert_ne!(fs::read_to_string(second.path()).unwrap(), pem);
    }
}
