//! E-mail, taken by a server of the test.

use std::sync::Arc;

use portal::keys::Keys;
use portal::settings::{Hidden, Mail, MailTls, Settings};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use super::Mailer;
use super::server::MailServer;

fn settings(server: &MailServer, tls: MailTls) -> Settings {
    let mail = Mail {
        host: "localhost".into(),
        port: Some(server.address.port()),
        tls,
        user: "crm".into(),
        password: Hidden::plain("pa55word"),
        from: "CRM <crm@example.com>".into(),
    };
    Settings { mail, ..Settings::new("https://crm.example.com") }
}

async fn send(mailer: &Mailer, settings: &Settings) -> Result<(), String> {
    let keys = Keys::derive(&[7; 32]);
    mailer.send(settings, &keys, "eva@example.com", "Привет", "Да.\n.\nEnd").await
}

#[tokio::test]
async fn an_e_mail_arrives_as_it_was_written() {
    let mut server = MailServer::start(None, false).await;
    send(&Mailer::new(None).unwrap(), &settings(&server, MailTls::Off)).await.unwrap();
    let got = server.next().await;
    assert_eq!((got.from.as_str(), got.to.as_str()), ("<crm@example.com>", "<eva@example.com>"));
    // "\0crm\0pa55word" in base64.
    assert_eq!(got.auth.as_deref(), Some("AUTH PLAIN AGNybQBwYTU1d29yZA=="));
    for line in [
        "From: CRM <crm@example.com>",
        "To: eva@example.com",
        "Auto-Submitted: auto-generated",
        "Content-Type: text/plain; charset=utf-8",
        "Subject: =?utf-8?b?0J/RgNC40LLQtdGC?=",
    ] {
        assert!(got.data.contains(&format!("{line}\n")), "{line} is missing in {}", got.data);
    }
    assert!(got.data.contains("\nMessage-ID: <") && got.data.contains("\nDate: "), "{}", got.data);
}

/// An authority as a file in PEM, and a server's configuration with a certificate of it for `localhost`.
fn authority(file: &std::path::Path) -> Arc<ServerConfig> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let authority = params.self_signed(&key).unwrap();
    std::fs::write(file, authority.pem()).unwrap();
    let own = KeyPair::generate().unwrap();
    let issuer = Issuer::new(params, key);
    let certificate =
        CertificateParams::new(vec!["localhost".into()]).unwrap().signed_by(&own, &issuer).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(own.serialize_der())),
        );
    Arc::new(config.unwrap())
}

#[tokio::test]
async fn what_is_secret_goes_over_tls_to_a_server_that_is_believed_and_to_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    let mut server = MailServer::start(Some(authority(&file)), false).await;
    let settings = settings(&server, MailTls::StartTls);
    send(&Mailer::new(Some(&file)).unwrap(), &settings).await.unwrap();
    assert!(server.next().await.auth.is_some());
    let error = send(&Mailer::new(None).unwrap(), &settings).await.unwrap_err();
    assert!(error.contains("certificate"), "{error}");
    assert!(!server.has_more());
}

#[tokio::test]
async fn a_server_without_encryption_is_told_nothing_when_it_is_wanted() {
    let mut server = MailServer::start(None, false).await;
    let error = send(&Mailer::new(None).unwrap(), &settings(&server, MailTls::StartTls)).await.unwrap_err();
    assert!(error.contains("STARTTLS"), "{error}");
    assert!(!server.has_more());
}

#[tokio::test]
async fn a_refusal_is_said_without_the_password() {
    let server = MailServer::start(None, true).await;
    let mailer = Mailer::new(None).unwrap();
    let error = send(&mailer, &settings(&server, MailTls::Off)).await.unwrap_err();
    assert!(error.contains("550") && !error.contains("pa55word"), "{error}");
    let mut nobody = settings(&server, MailTls::Off);
    nobody.mail.port = Some(1);
    assert!(send(&mailer, &nobody).await.is_err());
    let unknown = Settings { mail: Mail { from: "nobody".into(), ..nobody.mail.clone() }, ..nobody };
    assert!(send(&mailer, &unknown).await.unwrap_err().contains("sender"));
}
