//! What the console decides: settings that are kept in the database and hold at once, on every node, since they
//! are part of [`Meta`](crate::meta::Meta). What the operator gave by flag, environment or file wins over them.

use store::Tx;
use wire::Fault;

use super::hidden::Hidden;
use super::{Edition, Licence, MailTls, RequireTotp, Settings};
use crate::audit::{self, Action, By};
use crate::error::Result;
use crate::keys::Keys;
use crate::moment::{DateFormat, Moment};
use crate::texts::Language;

/// How certificates in PEM begin.
pub(super) const BEGINS: &str = "-----BEGIN CERTIFICATE-----";
/// The most hours for which old secrets can hold.
pub const LONGEST_OVERLAP: i64 = 7 * 24;

/// What says that dates are written as the language has it.
pub(super) const AS_LANGUAGE: &str = "language";

/// A setting that the console can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// Where people and programs reach the portal
    BaseUrl,
    /// Which product it plays
    Edition,
    /// The state of the licence
    Licence,
    /// Rate limits
    Limits,
    /// Days for which deliveries that ended are kept
    RetentionDays,
    /// Networks that are not public and may have handlers all the same
    AllowHandlers,
    /// Certificates that handlers' certificates are checked against beside those of the system
    HandlerCa,
    /// Outbound webhooks that an employee may have
    OutboundPerEmployee,
    /// Hours for which old secrets of an outbound webhook hold beside new ones
    SecretOverlap,
    /// Who must sign in with a second factor
    RequireTotp,
    /// The portal's time zone
    TimeZone,
    /// The portal's language
    Language,
    /// How the portal writes dates that are no part of the CRM
    DateFormat,
    /// Minutes without a success after which somebody is told
    AlertAfter,
    /// Where alerts are posted to
    AlertUrl,
    /// What is posted there
    AlertFormat,
    /// Who gets alerts by e-mail
    AlertMail,
    /// The server that takes e-mails
    SmtpHost,
    /// Its port
    SmtpPort,
    /// How the connection to it is encrypted
    SmtpTls,
    /// Who signs in to it
    SmtpUser,
    /// The password for that
    SmtpPassword,
    /// Who sends e-mails
    SmtpFrom,
}

impl Name {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Name; 23] = [
        Name::BaseUrl,
        Name::TimeZone,
        Name::Language,
        Name::DateFormat,
        Name::Edition,
        Name::Licence,
        Name::Limits,
        Name::RetentionDays,
        Name::AllowHandlers,
        Name::HandlerCa,
        Name::OutboundPerEmployee,
        Name::SecretOverlap,
        Name::RequireTotp,
        Name::AlertAfter,
        Name::AlertUrl,
        Name::AlertFormat,
        Name::AlertMail,
        Name::SmtpHost,
        Name::SmtpPort,
        Name::SmtpTls,
        Name::SmtpUser,
        Name::SmtpPassword,
        Name::SmtpFrom,
    ];

    /// Its name for programs.
    pub fn code(self) -> &'static str {
        match self {
            Name::BaseUrl => "base_url",
            Name::Edition => "edition",
            Name::Licence => "licence",
            Name::Limits => "limits",
            Name::RetentionDays => "retention_days",
            Name::AllowHandlers => "allow_handlers",
            Name::HandlerCa => "handler_ca",
            Name::OutboundPerEmployee => "outbound_per_employee",
            Name::SecretOverlap => "secret_overlap_hours",
            Name::RequireTotp => "require_totp",
            Name::TimeZone => "time_zone",
            Name::Language => "language",
            Name::DateFormat => "date_format",
            Name::AlertAfter => "alert_after",
            Name::AlertUrl => "alert_url",
            Name::AlertFormat => "alert_format",
            Name::AlertMail => "alert_mail",
            Name::SmtpHost => "smtp_host",
            Name::SmtpPort => "smtp_port",
            Name::SmtpTls => "smtp_tls",
            Name::SmtpUser => "smtp_user",
            Name::SmtpPassword => "smtp_password",
            Name::SmtpFrom => "smtp_from",
        }
    }

    /// The setting of that name.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.code() == code)
    }

    /// The values that there are, where these can be counted.
    pub fn choices(self) -> Vec<&'static str> {
        match self {
            Name::Edition => Edition::ALL.map(Edition::code).to_vec(),
            Name::Licence => Licence::ALL.map(Licence::code).to_vec(),
            Name::Limits => vec!["off", "bitrix24"],
            Name::Language => Language::ALL.map(Language::code).to_vec(),
            Name::DateFormat => {
                std::iter::once(AS_LANGUAGE).chain(DateFormat::ALL.map(DateFormat::code)).collect()
            }
            Name::SmtpTls => MailTls::ALL.map(MailTls::code).to_vec(),
            Name::RequireTotp => RequireTotp::ALL.map(RequireTotp::code).to_vec(),
            _ => Vec::new(),
        }
    }

    /// Whether its value is a secret, which is kept sealed and never shown.
    pub fn is_secret(self) -> bool {
        matches!(self, Name::AlertUrl | Name::SmtpPassword)
    }

    /// A one-sentence description.
    pub fn about(self) -> &'static str {
        match self {
            Name::BaseUrl => "Address of the portal. Webhook URLs begin with it.",
            Name::Edition => "Product that the portal emulates. In the cloud, REST needs a paid plan.",
            Name::Licence => "Licence state, to test integrations in each of them.",
            Name::Limits => "Rate limits: none or those of the Bitrix24 cloud.",
            Name::RetentionDays => "Days to keep finished deliveries in the log.",
            Name::AllowHandlers => "Private networks in which handlers of outbound webhooks are allowed.",
            Name::HandlerCa => "Certificates in PEM that handlers are trusted by beside those of the system.",
            Name::TimeZone => "Time zone of users who have not chosen one.",
            Name::Language => "Language of the names and titles that REST returns.",
            Name::DateFormat => "How REST writes dates in methods that do not write them in ISO 8601.",
            Name::OutboundPerEmployee => "Outbound webhooks that an employee may have; 0 forbids them.",
            Name::SecretOverlap => {
                "Hours for which the old secrets of an outbound webhook hold beside new ones."
            }
            Name::RequireTotp => {
                "Who must sign in to the console with a code beside the password; without one they set it up first."
            }
            Name::AlertAfter => {
                "Minutes for which a handler must fail before somebody is told; 0 switches alerts off."
            }
            Name::AlertUrl => {
                "URL to which alerts are posted: a program of yours, or a chat's incoming webhook."
            }
            Name::AlertFormat => "What is posted there: standard, text, content, or a template in JSON.",
            Name::AlertMail => {
                "E-mail addresses that get alerts beside the webhook's owner; without any, the administrators do."
            }
            Name::SmtpHost => "Mail server. Without one the portal sends no e-mail.",
            Name::SmtpPort => "Port of the mail server; by default 587, 465 or 25, by the encryption.",
            Name::SmtpTls => "Encryption of the connection to the mail server.",
            Name::SmtpUser => "User name on the mail server; without one nobody signs in.",
            Name::SmtpPassword => "Password on the mail server.",
            Name::SmtpFrom => "Sender of e-mails.",
        }
    }
}

/// Settings chosen in the console, as text.
pub type Chosen = Vec<(Name, String)>;

/// Reads what was chosen. Names of a newer program mean nothing here.
pub fn load(tx: &mut Tx<'_>) -> Result<Chosen> {
    let mut chosen = Vec::new();
    tx.query("SELECT name, value FROM portal_setting ORDER BY name", &[], |row| {
        if let Some(name) = Name::parse(row.text(0)?) {
            chosen.push((name, row.text(1)?.to_owned()));
        }
        Ok(())
    })?;
    Ok(chosen)
}

/// Keeps a value as chosen.
pub fn keep(tx: &mut Tx<'_>, name: Name, value: &str) -> Result<()> {
    let sql = "INSERT INTO portal_setting (name, value) VALUES (?, ?) \
               ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    tx.execute(sql, &[name.code().into(), value.into()])?;
    Ok(())
}

/// Chooses a value, or with `None` the usual one again. [`Meta`](crate::meta::Meta) must be renewed after it.
///
/// # Errors
/// 409 `ERROR_GIVEN` for a setting that the operator gave; `ERROR_ARGUMENT` for a value that is none.
pub fn choose(
    tx: &mut Tx<'_>,
    (started, keys): (&Settings, &Keys),
    by: &By,
    name: Name,
    value: Option<&str>,
    now: Moment,
) -> Result<()> {
    if started.given.contains(&name) {
        let text = "This setting was given when the server was started and cannot be changed here.";
        return Err(Fault::new(409, "ERROR_GIVEN", text).with("argument", name.code()).into());
    }
    let before = started.under(&load(tx)?).text(name);
    let mut after = started.clone();
    match value {
        Some(value) if name.is_secret() && !value.trim().is_empty() => {
            after.set(name, value)?;
            keep(tx, name, &Hidden::seal(keys, value.trim()))?;
        }
        Some(value) if !name.is_secret() => {
            after.set(name, value)?;
            keep(tx, name, &after.text(name))?;
        }
        _ => {
            tx.execute("DELETE FROM portal_setting WHERE name = ?", &[name.code().into()])?;
        }
    }
    let detail = format!("{} -> {}", noted(name, &before), noted(name, &after.text(name)));
    audit::note(tx, by, Action::SettingChanged, format!("setting:{}", name.code()), detail, now)
}

/// A value as the audit log shows it.
fn noted(name: Name, value: &str) -> String {
    match name {
        Name::HandlerCa => format!("{} certificates", value.matches(BEGINS).count()),
        _ => value.to_owned(),
    }
}

impl Settings {
    /// These settings, as far as nothing else was chosen. What the operator gave stays, and so does what a choice
    /// of another version of the program would not fit.
    pub fn under(&self, chosen: &Chosen) -> Settings {
        let mut settings = self.clone();
        for (name, value) in chosen.iter().filter(|(name, _)| !self.given.contains(name)) {
            if settings.take(*name, value).is_err() {
                tracing::warn!(setting = name.code(), "what the console chose means nothing here");
            }
        }
        settings
    }

    /// Sets one as it is kept.
    fn take(&mut self, name: Name, kept: &str) -> std::result::Result<(), Fault> {
        let Some(hidden) = Hidden::kept(kept).filter(|_| name.is_secret()) else {
            return self.set(name, kept);
        };
        if name == Name::AlertUrl {
            self.alerts.url = hidden;
        } else {
            self.mail.password = hidden;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Edition, Licence};
    use super::*;

    #[test]
    fn what_was_given_wins_over_what_was_chosen() {
        let started = Settings { given: vec![Name::Edition], ..Settings::new("https://crm.test") };
        let chosen: Chosen = vec![
            (Name::Edition, "cloud".into()),
            (Name::Licence, "demo".into()),
            (Name::TimeZone, "Nowhere/At all".into()),
        ];
        let settings = started.under(&chosen);
        assert_eq!((settings.edition, settings.licence), (Edition::SelfHosted, Licence::Demo));
        assert_eq!(settings.text(Name::TimeZone), "UTC");
    }
}
