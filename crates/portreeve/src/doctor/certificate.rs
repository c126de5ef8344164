//! The certificate that clients of this server see: its key, its dates, its names and its chain.

use std::path::Path;

use jiff::Timestamp;
use tokio_rustls::rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::server::ParsedCertificate;
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{CertificateError, Error, RootCertStore};

use super::report::Report;
use crate::settings::{Settings, Tls};
use crate::{clock, private, tls};

const OF: &str = "certificate";
const DAY: i64 = 86_400;
/// Days before its end when somebody should renew it.
const SOON: i64 = 14;
/// A moment after the end of every certificate: the year 9999.
const LATE: u64 = 253_402_300_799;

/// Looks at it as the settings have it.
pub fn check(report: &mut Report, data: &Path, settings: &Settings, base_url: Option<&str>) {
    match settings.tls {
        Tls::Off => report.ok(OF, "none: the server speaks plain http (--tls off)"),
        Tls::Dev => {
            let file = data.join("tls/ca.pem");
            match tls::certificates(&file) {
                Ok(chain) => {
                    dates(report, &chain, &format!("remove {} and start the server anew", file.display()));
                    report.well(OF, "from a local authority (--tls dev), made anew with every start");
                }
                Err(_) if !file.exists() => {
                    report.ok(OF, "the next start makes a local authority (--tls dev)");
                }
                Err(error) => {
                    let advice = format!("remove {} and start the server anew", file.display());
                    report.fail(OF, format!("{error:#}"), advice);
                }
            }
        }
        Tls::Files => match (&settings.tls_cert, &settings.tls_key) {
            (Some(chain), Some(key)) => files(report, chain, key, base_url),
            _ => report.fail(OF, "--tls files has no files", "give --tls-cert and --tls-key"),
        },
    }
}

fn files(report: &mut Report, chain_file: &Path, key_file: &Path, base_url: Option<&str>) {
    let renew = "renew it, or name the right files with --tls-cert and --tls-key; the server reads renewed files by itself";
    if private::is_open(key_file) {
        let found = format!("every user of this machine may read {}", key_file.display());
        report.fail(
            OF,
            found,
            format!("run `chmod 600 {}`, and have the certificate renewed", key_file.display()),
        );
    }
    let (chain, key) = match tls::read(chain_file, key_file) {
        Ok(read) => read,
        Err(error) => return report.fail(OF, format!("{error:#}"), renew),
    };
    if chain.is_empty() {
        return report.fail(OF, format!("there is no certificate in {}", chain_file.display()), renew);
    }
    if let Err(error) = CertifiedKey::from_der(chain.clone(), key, &ring::default_provider()) {
        let found =
            format!("{} and {} do not fit together: {error}", chain_file.display(), key_file.display());
        report.fail(OF, found, renew);
    }
    let left = dates(report, &chain, renew);
    names(report, &chain, base_url);
    signed(report, &chain);
    if let Some(left) = left {
        report.well(OF, format!("{}, {left} days left", chain_file.display()));
    }
}

/// The first and the last second of a certificate, which only an error tells.
fn validity(certificate: &CertificateDer<'_>) -> Option<(i64, i64)> {
    let parsed = ParsedCertificate::try_from(certificate).ok()?;
    let at = |seconds: u64| {
        let time = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
        let algorithms = ring::default_provider().signature_verification_algorithms.all;
        verify_server_cert_signed_by_trust_anchor(&parsed, &RootCertStore::empty(), &[], time, algorithms)
            .err()
    };
    let seconds = |time: UnixTime| i64::try_from(time.as_secs()).ok();
    match (at(0)?, at(LATE)?) {
        (
            Error::InvalidCertificate(CertificateError::NotValidYetContext { not_before, .. }),
            Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. }),
        ) => Some((seconds(not_before)?, seconds(not_after)?)),
        _ => None,
    }
}

/// Looks at the dates of a chain, and gives the days that are left of it.
fn dates(report: &mut Report, chain: &[CertificateDer<'_>], renew: &str) -> Option<i64> {
    let now = clock::machine().seconds();
    let periods: Vec<(i64, i64)> = chain.iter().filter_map(validity).collect();
    let begin = periods.iter().map(|(begin, _)| *begin).max()?;
    let end = periods.iter().map(|(_, end)| *end).min()?;
    let left = (end - now) / DAY;
    if end <= now {
        report.fail(OF, format!("it expired on {}", day(end)), renew);
    } else if begin > now {
        report.fail(
            OF,
            format!("it is not valid before {}", day(begin)),
            "see that the machine's clock is right",
        );
    } else if left < SOON {
        report.warn(OF, format!("it expires on {}: {left} days left", day(end)), renew);
    }
    Some(left)
}

fn names(report: &mut Report, chain: &[CertificateDer<'_>], base_url: Option<&str>) {
    let host = base_url.and_then(|url| url::Url::parse(url).ok()?.host_str().map(str::to_owned));
    let (Some(host), Some(first)) = (host, chain.first()) else { return };
    let Ok(name) = ServerName::try_from(host.trim_matches(['[', ']']).to_owned()) else { return };
    let fits = ParsedCertificate::try_from(first).and_then(|parsed| verify_server_name(&parsed, &name));
    if fits.is_err() {
        let advice = "have it made for that name, or correct --base-url";
        report.fail(OF, format!("it is not for {host}, the host of the base URL"), advice);
    }
}

/// Whether clients find their way from the certificate to an authority.
fn signed(report: &mut Report, chain: &[CertificateDer<'_>]) {
    let Some((first, rest)) = chain.split_first() else { return };
    let mut system = RootCertStore::empty();
    system.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let by = |roots: &RootCertStore| {
        let now = std::time::Duration::from_secs(u64::try_from(clock::machine().seconds()).unwrap_or(0));
        let algorithms = ring::default_provider().signature_verification_algorithms.all;
        let parsed = ParsedCertificate::try_from(first)?;
        verify_server_cert_signed_by_trust_anchor(
            &parsed,
            roots,
            rest,
            UnixTime::since_unix_epoch(now),
            algorithms,
        )
    };
    if by(&system).is_ok() {
        return;
    }
    let last = chain.last().cloned().map(CertificateDer::into_owned);
    let mut own = RootCertStore::empty();
    let added = last.is_some_and(|last| own.add(last).is_ok());
    match by(&own) {
        Err(Error::InvalidCertificate(CertificateError::UnknownIssuer | CertificateError::BadSignature))
            if added && !rest.is_empty() =>
        {
            report.fail(
                OF,
                "the certificates in the file have not signed one another",
                "put the server's certificate first and each one that signed the one before behind it",
            );
        }
        _ => report.warn(
            OF,
            "the authorities of this system do not know who signed it",
            "let clients trust its authority, or add the certificates between to the file (the full chain)",
        ),
    }
}

fn day(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(|_| String::new(), |at| at.strftime("%Y-%m-%d").to_string())
}
