//! What a connection string says. The client reads most of it; what it has no word for is read here.

use std::path::PathBuf;
use std::time::Duration;

use ::postgres::Config;
use ::postgres::config::{Host, SslMode, TargetSessionAttrs};

use super::failure::words;
use crate::Error;
use crate::options::without_tls;

/// How long to wait for a server that does not answer, unless the connection string says it.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a silent connection may be dead before that is noticed, unless the connection string says it.
const SILENCE: Duration = Duration::from_secs(30);

/// A server, or several of which one takes writes.
pub(super) struct Address {
    pub(super) config: Config,
    pub(super) tls: TlsOptions,
}

/// What libpq calls `sslmode`, `sslrootcert`, `sslcert` and `sslkey`.
#[derive(Debug, Default, PartialEq)]
pub(super) struct TlsOptions {
    pub(super) check: Check,
    pub(super) roots: Option<Roots>,
    pub(super) certificate: Option<PathBuf>,
    pub(super) key: Option<PathBuf>,
}

/// What a server's certificate must be.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Check {
    /// Anything
    #[default]
    Nothing,
    /// Issued by an authority that is trusted
    Authority,
    /// That, and for the host that is connected to
    Name,
}

/// Which authorities are trusted.
#[derive(Debug, PartialEq)]
pub(super) enum Roots {
    /// Those of the operating system
    System,
    /// Those in a file
    File(PathBuf),
}

impl Address {
    pub(super) fn parse(text: &str) -> Result<Address, Error> {
        let (rest, given) = without_tls(text);
        let mut config: Config = rest.parse().map_err(|failure| Error::Database(words(&failure)))?;
        let tls = TlsOptions::read(given, &mut config)?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(SILENCE);
        }
        if !text.contains("keepalives_idle") {
            config.keepalives_idle(SILENCE).keepalives_interval(CONNECT).keepalives_retries(3);
        }
        if config.get_application_name().is_none() {
            config.application_name("portreeve");
        }
        // A replica is of no use here: among several servers, the one is meant that takes writes.
        if !text.contains("target_session_attrs") {
            config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        if config.get_hosts().is_empty() {
            // A certificate is then for the address.
            for address in config.get_hostaddrs().to_vec() {
                config.host(&address.to_string());
            }
        }
        Ok(Address { config, tls })
    }

    /// Whether every server is on this machine, where nobody listens in.
    pub(super) fn is_local(&self) -> bool {
        self.config.get_hosts().iter().all(|host| match host {
            Host::Unix(_) => true,
            Host::Tcp(name) => {
                name == "localhost"
                    || name.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
            }
        })
    }
}

impl TlsOptions {
    /// Reads the parameters that belong to TLS, and tells the client whether to speak it.
    fn read(given: Vec<(String, String)>, config: &mut Config) -> Result<TlsOptions, Error> {
        let (mut options, mut named) = (TlsOptions::default(), None);
        for (name, value) in given {
            match name.as_str() {
                "sslrootcert" if value == "system" => options.roots = Some(Roots::System),
                "sslrootcert" => options.roots = Some(Roots::File(value.into())),
                "sslcert" => options.certificate = Some(value.into()),
                "sslkey" => options.key = Some(value.into()),
                _ => named = Some(value),
            }
        }
        let system = options.roots == Some(Roots::System);
        let default = if system { "verify-full" } else { "prefer" };
        // As in libpq, authorities that are named are asked in every mode.
        let asked = if options.roots.is_some() { Check::Authority } else { Check::Nothing };
        let (mode, check) = match named.as_deref().unwrap_or(default) {
            "disable" => (SslMode::Disable, Check::Nothing),
            "prefer" => (SslMode::Prefer, asked),
            "require" => (SslMode::Require, asked),
            "verify-ca" => (SslMode::Require, Check::Authority),
            "verify-full" => (SslMode::Require, Check::Name),
            _ => {
                return Err(Error::Database(
                    "sslmode must be disable, prefer, require, verify-ca or verify-full".into(),
                ));
            }
        };
        if system && check != Check::Name {
            return Err(Error::Database(
                "sslrootcert=system needs sslmode=verify-full: anybody can have a certificate of such an authority".into(),
            ));
        }
        if check != Check::Nothing && options.roots.is_none() {
            return Err(Error::Database(
                "this sslmode needs sslrootcert=FILE with the certificate of the authority that issued the server's, \
                 or sslrootcert=system for those that this machine trusts"
                    .into(),
            ));
        }
        if options.certificate.is_some() != options.key.is_some() {
            return Err(Error::Database("sslcert and sslkey go together: give both or neither".into()));
        }
        config.ssl_mode(mode);
        Ok(TlsOptions { check, ..options })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<(SslMode, TlsOptions), Error> {
        let address = Address::parse(&format!("postgres://u:p?w@db.example,10.0.0.2:5433/d?{query}"))?;
        assert_eq!(address.config.get_password(), Some(&b"p?w"[..]));
        assert_eq!(address.config.get_ports(), [5432, 5433]);
        assert!(!address.is_local());
        Ok((address.config.get_ssl_mode(), address.tls))
    }

    fn refused(query: &str) -> String {
        read(query).err().unwrap_or_else(|| panic!("{query} was taken")).to_string()
    }

    #[test]
    fn modes_are_as_libpq_has_them() {
        let checked = |query: &str| read(query).map(|(mode, tls)| (mode, tls.check)).unwrap();
        assert_eq!(checked(""), (SslMode::Prefer, Check::Nothing));
        assert_eq!(checked("sslmode=disable"), (SslMode::Disable, Check::Nothing));
        assert_eq!(checked("sslmode=require&connect_timeout=3"), (SslMode::Require, Check::Nothing));
        assert_eq!(checked("sslmode=require&sslrootcert=/ca.pem"), (SslMode::Require, Check::Authority));
        assert_eq!(checked("sslmode=verify-ca&sslrootcert=/ca.pem"), (SslMode::Require, Check::Authority));
        assert_eq!(checked("sslmode=verify-full&sslrootcert=/ca.pem"), (SslMode::Require, Check::Name));
        assert_eq!(checked("sslrootcert=system"), (SslMode::Require, Check::Name));
        let (_, tls) = read("sslcert=%2Fetc%2Fa%20b.pem&sslkey=/etc/b.key").unwrap();
        assert_eq!(tls.certificate, Some("/etc/a b.pem".into()));
    }

    #[test]
    fn what_would_not_protect_is_refused() {
        assert!(refused("sslmode=allow").contains("verify-full"));
        assert!(refused("sslmode=verify-full").contains("sslrootcert"));
        assert!(refused("sslmode=require&sslrootcert=system").contains("verify-full"));
        assert!(refused("sslcert=/a.pem").contains("sslkey"));
        assert!(refused("sslcrl=/a.pem").contains("sslcrl"), "it would not be looked at");
    }

    #[test]
    fn writes_are_wanted_unless_something_else_is_said() {
        let wanted = |text: &str| Address::parse(text).unwrap().config.get_target_session_attrs();
        assert_eq!(wanted("postgres://a,b/d"), TargetSessionAttrs::ReadWrite);
        assert_eq!(wanted("postgres://a,b/d?target_session_attrs=any"), TargetSessionAttrs::Any);
    }

    #[test]
    fn this_machine_is_local() {
        for text in ["postgres://u@localhost/d", "postgres://127.0.0.1,[::1]/d", "host=/run/postgresql"] {
            assert!(Address::parse(text).unwrap().is_local(), "{text}");
        }
        assert!(!Address::parse("postgres://localhost,db.example/d").unwrap().is_local());
    }
}
