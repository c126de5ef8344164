//! How the portal sends e-mail: over SMTP, or not at all.

use super::chosen::Name;
use super::hidden::Hidden;

/// The server that takes the portal's e-mails. Without a host none are sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mail {
    /// Its name or address; empty for none.
    pub host: String,
    /// Its port; `None` for the usual one.
    pub port: Option<u16>,
    /// How the connection is encrypted.
    pub tls: MailTls,
    /// Who signs in; empty for nobody.
    pub user: String,
    /// The user's password.
    pub password: Hidden,
    /// Who sends: an address, with a name before it or without; empty for `portreeve@` and the portal's host.
    pub from: String,
}

/// How a connection to the mail server is encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MailTls {
    /// It begins in the clear and must be encrypted before anything else.
    #[default]
    StartTls,
    /// It is encrypted from the start.
    Tls,
    /// It is not: for a server on the same machine.
    Off,
}

impl MailTls {
    /// Every way.
    pub const ALL: [MailTls; 3] = [MailTls::StartTls, MailTls::Tls, MailTls::Off];

    /// What it is called in settings: `starttls`, `tls`, `off`.
    pub fn code(self) -> &'static str {
        match self {
            MailTls::StartTls => "starttls",
            MailTls::Tls => "tls",
            MailTls::Off => "off",
        }
    }

    /// The usual port.
    pub fn port(self) -> u16 {
        match self {
            MailTls::StartTls => 587,
            MailTls::Tls => 465,
            MailTls::Off => 25,
        }
    }
}

impl Mail {
    /// Whether e-mails are sent.
    pub fn is_set(&self) -> bool {
        !self.host.is_empty()
    }

    /// The port to connect to.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(self.tls.port())
    }

    pub(super) fn text(&self, name: Name) -> String {
        match name {
            Name::SmtpPort => self.port.map_or(String::new(), |port| port.to_string()),
            Name::SmtpTls => self.tls.code().to_owned(),
            Name::SmtpUser => self.user.clone(),
            Name::SmtpPassword => self.password.shown(),
            Name::SmtpFrom => self.from.clone(),
            _ => self.host.clone(),
        }
    }

    /// Sets one from its text; why not, if not.
    pub(super) fn set(&mut self, name: Name, text: &str) -> Result<(), &'static str> {
        match name {
            Name::SmtpPort if text.is_empty() => self.port = None,
            Name::SmtpPort => {
                let port = text.parse().ok().filter(|port| *port > 0);
                self.port = Some(port.ok_or("The port must be from 1 to 65535.")?);
            }
            Name::SmtpTls => {
                let found = MailTls::ALL.into_iter().find(|way| way.code() == text);
                self.tls = found.ok_or("The encryption must be starttls, tls or off.")?;
            }
            Name::SmtpUser => self.user = one_line(text)?,
            Name::SmtpPassword => self.password = Hidden::plain(text),
            Name::SmtpFrom if text.is_empty() || is_sender(text) => self.from = text.to_owned(),
            Name::SmtpFrom => {
                return Err("The sender must look like portal@example.com or Portal <portal@example.com>.");
            }
            _ if text.contains(|c: char| c.is_whitespace() || matches!(c, '/' | '@' | ':' | '\0')) => {
                return Err("The mail server must be a host name or an address, without a port.");
            }
            _ => self.host = text.to_owned(),
        }
        Ok(())
    }
}

fn one_line(text: &str) -> Result<String, &'static str> {
    if text.contains(char::is_control) { Err("The text must be one line.") } else { Ok(text.to_owned()) }
}

/// `portal@example.com` or `Portal <portal@example.com>`.
fn is_sender(text: &str) -> bool {
    let address = match text.split_once('<') {
        Some((_, rest)) => rest.strip_suffix('>'),
        None => Some(text),
    };
    !text.contains(char::is_control) && address.is_some_and(is_address)
}

/// Whether a text looks like an e-mail address.
pub(super) fn is_address(text: &str) -> bool {
    let sound = |part: &str| {
        !part.is_empty()
            && !part.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ','))
    };
    text.len() <= 254 && text.rsplit_once('@').is_some_and(|(local, domain)| sound(local) && sound(domain))
}
