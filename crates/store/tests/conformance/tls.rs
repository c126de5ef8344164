//! TLS to PostgreSQL: what each `sslmode` takes, and what it says when it does not.

use std::fs::{self, Permissions, set_permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use store::{Error, Location, Options, Store};
use tempfile::TempDir;
use testkit::Cluster;

use crate::{add, kept, write};

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A certificate for a name, with its key.
fn issued(by: &Authority, name: &str) -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new([name.to_owned()]).unwrap();
    params.distinguished_name.push(rcgen::DnType::CommonName, "reeve");
    (params.signed_by(&key, by).unwrap().pem(), key.serialize_pem())
}

/// A server with a certificate for `localhost` that takes nothing but TLS from `reeve`, from `sealed` with a certificate.
struct Server {
    cluster: Cluster,
    folder: TempDir,
    authority: Authority,
}

const RULES: &str = "hostnossl all plain 127.0.0.1/32 scram-sha-256
hostssl all reeve 127.0.0.1/32 scram-sha-256
hostssl all sealed 127.0.0.1/32 cert map=one
host all postgres 127.0.0.1/32 trust
";

impl Server {
    fn start(settings: &[&str], certificate: impl Fn(&Authority) -> (String, String)) -> Option<Server> {
        let (authority, folder) = (authority(), tempfile::tempdir().unwrap());
        let (pem, key) = certificate(&authority);
        let files = [
            ("server.crt", pem.as_str()),
            ("server.key", &key),
            ("root.crt", &authority.pem()),
            ("pg_hba.conf", RULES),
            ("pg_ident.conf", "one reeve sealed\n"),
        ];
        let cluster = Cluster::start(settings, &files)?;
        fs::write(folder.path().join("ca.pem"), authority.pem()).unwrap();
        fs::write(folder.path().join("other.pem"), self::authority().pem()).unwrap();
        fs::write(folder.path().join("server.pem"), pem).unwrap();
        testkit::Bed::within(cluster.url()).load(
            "CREATE ROLE reeve LOGIN SUPERUSER PASSWORD 'se?cret'; CREATE ROLE plain LOGIN SUPERUSER PASSWORD 'se?cret'; \
             CREATE ROLE sealed LOGIN SUPERUSER"
                .to_owned(),
        );
        Some(Server { cluster, folder, authority })
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Opens a store there, and says whether its connections are encrypted.
    fn open(&self, user: &str, host: &str, query: &str) -> Result<bool, String> {
        let query = query.replace("DIR", &self.folder.path().display().to_string());
        let url = format!("postgres://{user}:se?cret@{host}:{}/postgres?{query}", self.cluster.port());
        let store = Store::open(&Location::Postgres(url), &Options::default(), &[]).map_err(|error| {
            assert!(!error.to_string().contains("cret"), "{error}");
            error.to_string()
        })?;
        let sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        let encrypted = store.read(|tx| tx.one(sql, &[], |row| row.int(0))).wait();
        Ok(encrypted.map_err(|error: Error| error.to_string())? == Some(1))
    }

    #[track_caller]
    fn refused(&self, user: &str, host: &str, query: &str, words: &str) {
        let said = self.open(user, host, query).expect_err(query);
        assert!(said.contains(words), "{query}: {said}");
    }
}

#[test]
fn each_mode_checks_what_it_says() {
    let Some(server) = Server::start(&["ssl=on"], |authority| issued(authority, "localhost")) else { return };
    for query in ["", "sslmode=prefer", "sslmode=require", "sslmode=verify-ca&sslrootcert=DIR/ca.pem"] {
        assert_eq!(server.open("reeve", "127.0.0.1", query), Ok(true), "{query}");
    }
    let full = "sslmode=verify-full&sslrootcert=DIR/ca.pem";
    assert_eq!(server.open("reeve", "localhost", full), Ok(true));
    server.refused("reeve", "127.0.0.1", full, "subjectAltName");
    for mode in ["require", "verify-ca", "verify-full"] {
        let query = format!("sslmode={mode}&sslrootcert=DIR/other.pem");
        server.refused("reeve", "localhost", &query, "not among those of sslrootcert");
    }
    server.refused("reeve", "localhost", "sslrootcert=system", "not among those of sslrootcert");
    server.refused("reeve", "localhost", "sslmode=verify-full&sslrootcert=DIR/none.pem", "none.pem");
    server.refused("reeve", "localhost", "sslmode=disable", "no encryption");
    assert_eq!(server.open("postgres", "localhost", "sslmode=disable"), Ok(false));
}

#[test]
fn prefer_goes_on_without_tls_and_require_does_not() {
    let Some(server) = Server::start(&["ssl=on"], |authority| issued(authority, "localhost")) else { return };
    // The server speaks it, but not with everybody.
    assert_eq!(server.open("plain", "localhost", "sslmode=prefer"), Ok(false));
    server.refused("plain", "localhost", "sslmode=require", "pg_hba.conf");
    server.refused("nobody", "localhost", "sslmode=prefer", "pg_hba.conf");
    let Some(server) = Server::start(&["ssl=off"], |authority| issued(authority, "localhost")) else {
        return;
    };
    assert_eq!(server.open("plain", "localhost", "sslmode=prefer"), Ok(false));
    server.refused("plain", "localhost", "sslmode=require", "ssl = on in postgresql.conf");
}

#[test]
fn a_certificate_signs_in() {
    let settings = ["ssl=on", "ssl_ca_file=root.crt"];
    let Some(server) = Server::start(&settings, |authority| issued(authority, "localhost")) else { return };
    let (pem, key) = issued(&server.authority, "client.example");
    fs::write(server.file("client.pem"), pem).unwrap();
    fs::write(server.file("client.key"), key).unwrap();
    let query = "sslmode=verify-full&sslrootcert=DIR/ca.pem&sslcert=DIR/client.pem&sslkey=DIR/client.key";
    let set = |path: &Path, mode| set_permissions(path, Permissions::from_mode(mode)).unwrap();
    set(&server.file("client.key"), 0o644);
    server.refused("sealed", "localhost", query, "chmod 600");
    set(&server.file("client.key"), 0o600);
    assert_eq!(server.open("sealed", "localhost", query), Ok(true));
    server.refused("sealed", "localhost", "sslmode=require", "certificate");
}

#[test]
fn a_certificate_of_its_own_is_trusted_by_its_file() {
    // As PostgreSQL's manual has it made: an authority of itself.
    let own = |_: &Authority| {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
    };
    let Some(server) = Server::start(&["ssl=on"], own) else { return };
    let query = "sslmode=verify-full&sslrootcert=DIR/server.pem";
    assert_eq!(server.open("reeve", "localhost", query), Ok(true));
    server.refused("reeve", "127.0.0.1", query, "subjectAltName");
    server.refused("reeve", "localhost", "sslmode=verify-ca&sslrootcert=DIR/ca.pem", "sslrootcert");
}

#[test]
fn a_server_that_takes_no_writes_any_more_is_left() {
    let Some(one) = Cluster::start(&[], &[]) else { return };
    let other = one.replica(None, &[]);
    // The one that is read-only comes first: it is passed over.
    let url = format!("postgres://postgres@127.0.0.1:{},127.0.0.1:{}/postgres", other.port(), one.port());
    let options = Options { writers: 1, ..Options::default() };
    let store = Store::open(&Location::Postgres(url), &options, crate::SCHEMA).unwrap();
    write(&store, |tx| add(tx, "before")).unwrap();
    assert_eq!(kept(&store), ["before"]);
    let port = |store: &Store| {
        store
            .read(|tx| tx.one("SELECT inet_server_port()", &[], |row| row.int(0)))
            .wait()
            .and_then(|port: Option<i64>| port.ok_or_else(|| Error::Database("no port".to_owned())))
    };
    assert_eq!(port(&store), Ok(one.port().into()));
    other.promote();
    // As a server has it that was the primary: it lives on, its connections too, and takes no writes.
    write(&store, |tx| {
        tx.execute("ALTER ROLE postgres SET default_transaction_read_only = on", &[])?;
        tx.execute("SET default_transaction_read_only = on", &[])
    })
    .unwrap();
    write(&store, |tx| add(tx, "after")).unwrap();
    // Reads have left it, too.
    assert_eq!(port(&store), Ok(other.port().into()));
    assert_eq!(kept(&store), ["after", "before"]);
}
