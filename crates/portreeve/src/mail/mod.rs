//! E-mail over SMTP.

use std::error::Error as _;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::{AsyncSmtpTransport, Error as SmtpError};
use lettre::{AsyncTransport, Tokio1Executor};
use portal::keys::Keys;
use portal::settings::{MailTls, Settings};
use tokio::time::timeout;

/// A server has so long for each of its answers, and for all of them.
const ANSWER: Duration = Duration::from_secs(15);
const WHOLE: Duration = Duration::from_secs(60);

/// Sends e-mails, each over a connection of its own.
pub struct Mailer {
    /// Authorities that are believed beside those of the system.
    own: Vec<Certificate>,
}

impl Mailer {
    /// One that also believes the certificates in that file.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn new(own: Option<&Path>) -> Result<Self> {
        let told =
            |path: &Path| format!("--handler-ca: cannot read certificates in PEM from {}", path.display());
        let read = |path: &Path| {
            let pem = std::fs::read(path).with_context(|| told(path))?;
            Certificate::from_pem(&pem).map(|one| vec![one]).with_context(|| told(path))
        };
        Ok(Mailer { own: own.map(read).transpose()?.unwrap_or_default() })
    }

    /// Sends a text to an address, as the settings say.
    ///
    /// # Errors
    /// Why the server did not take it, without the password.
    pub async fn send(
        &self,
        settings: &Settings,
        keys: &Keys,
        to: &str,
        subject: &str,
        text: &str,
    ) -> Result<(), String> {
        let password = settings.mail.password.open(keys);
        if settings.mail.password.is_set() && password.is_none() {
            return Err("the portal's key does not open the password of the mail server".to_owned());
        }
        let message = message(&settings.sender(), to, subject, text).map_err(|error| error.to_string())?;
        let transport = self.transport(settings, password.as_deref());
        let transport = transport.map_err(|error| whole(&error))?;
        let sent = timeout(WHOLE, transport.send(message)).await;
        let failed = match sent {
            Ok(Ok(_)) => return Ok(()),
            Ok(Err(error)) => whole(&error),
            Err(_) => "the mail server took too long".to_owned(),
        };
        Err(password
            .filter(|its| !its.is_empty())
            .map_or(failed.clone(), |its| failed.replace(&its, "******")))
    }

    fn transport(
        &self,
        settings: &Settings,
        password: Option<&str>,
    ) -> Result<AsyncSmtpTransport<Tokio1Executor>, SmtpError> {
        let mail = &settings.mail;
        let tls = match mail.tls {
            MailTls::Off => Tls::None,
            MailTls::StartTls => Tls::Required(self.tls(&mail.host)?),
            MailTls::Tls => Tls::Wrapper(self.tls(&mail.host)?),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&mail.host)
            .port(mail.port())
            .tls(tls)
            .timeout(Some(ANSWER));
        if !mail.user.is_empty() {
            let password = password.unwrap_or_default().to_owned();
            builder = builder.credentials(Credentials::new(mail.user.clone(), password));
        }
        Ok(builder.build())
    }

    fn tls(&self, host: &str) -> Result<TlsParameters, SmtpError> {
        let builder = TlsParameters::builder(host.to_owned());
        self.own
            .iter()
            .cloned()
            .fold(builder, |builder, own| builder.add_root_certificate(own))
            .build_rustls()
    }
}

fn message(from: &str, to: &str, subject: &str, text: &str) -> Result<Message> {
    let from: Mailbox = from.parse().context("the sender is no e-mail address")?;
    let to: Mailbox = to.parse().context("this is no e-mail address that mail can be sent to")?;
    // Nobody's assistant is to answer it.
    let automatic =
        HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
    let message =
        Message::builder().from(from).to(to).subject(subject).message_id(None).raw_header(automatic);
    Ok(message.header(ContentType::TEXT_PLAIN).body(text.to_owned())?)
}

/// An error with what lies beneath it.
fn whole(error: &SmtpError) -> String {
    let (mut text, mut source) = (error.to_string(), error.source());
    while let Some(error) = source {
        let beneath = error.to_string();
        if !text.contains(&beneath) {
            text = format!("{text}: {beneath}");
        }
        source = error.source();
    }
    text
}

#[cfg(test)]
pub mod server;
#[cfg(test)]
mod tests;
