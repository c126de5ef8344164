//! What the console decides: settings that are kept in the database and hold at once, on every node, since they
//! are part of [`Meta`](crate::meta::Meta). What the operator gave by flag, environment or file wins over them.

use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;
use jiff::tz::TimeZone;
use store::Tx;
use url::Url;
use wire::Fault;

use super::hidden::Hidden;
use super::{Edition, Licence, MailTls, Settings};
use crate::audit::{self, Action, By};
use crate::error::Result;
use crate::guard::Guard;
use crate::keys::Keys;
use crate::limits::Limits;
use crate::moment::Moment;
use crate::texts::Language;

/// The longest that the log of deliveries is kept, in days.
const LONGEST_RETENTION: i64 = 3650;
/// The most outbound webhooks that employees can be allowed each.
const MAX_OUTBOUND: i64 = 10_000;
/// The most bytes of certificates in PEM.
const LONGEST_CA: usize = 64 * 1024;
const BEGINS: &str = "-----BEGIN CERTIFICATE-----";
/// The most networks that can be allowed.
const MAX_NETWORKS: usize = 100;
/// The most hours for which old secrets can hold.
pub const LONGEST_OVERLAP: i64 = 7 * 24;

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
    /// The portal's time zone
    TimeZone,
    /// The portal's language
    Language,
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
    pub const ALL: [Name; 21] = [
        Name::BaseUrl,
        Name::TimeZone,
        Name::Language,
        Name::Edition,
        Name::Licence,
        Name::Limits,
        Name::RetentionDays,
        Name::AllowHandlers,
        Name::HandlerCa,
        Name::OutboundPerEmployee,
        Name::SecretOverlap,
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
            Name::TimeZone => "time_zone",
            Name::Language => "language",
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
            Name::SmtpTls => MailTls::ALL.map(MailTls::code).to_vec(),
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
            Name::OutboundPerEmployee => "Outbound webhooks that an employee may have; 0 forbids them.",
            Name::SecretOverlap => {
                "Hours for which the old secrets of an outbound webhook hold beside new ones."
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

    /// A setting's value as text.
    pub fn text(&self, name: Name) -> String {
        match name {
            Name::BaseUrl => self.base_url.clone(),
            Name::Edition => self.edition.code().to_owned(),
            Name::Licence => self.licence.code().to_owned(),
            Name::Limits => self.limits.code().to_owned(),
            Name::RetentionDays => self.retention_days.to_string(),
            Name::AllowHandlers => {
                let networks = self.guard.allowed().iter().map(ToString::to_string);
                networks.collect::<Vec<_>>().join(",")
            }
            Name::HandlerCa => self.handler_ca.to_string(),
            Name::OutboundPerEmployee => self.outbound_per_employee.to_string(),
            Name::SecretOverlap => self.secret_overlap_hours.to_string(),
            Name::TimeZone => self.zone.iana_name().unwrap_or("UTC").to_owned(),
            Name::Language => self.language.code().to_owned(),
            Name::AlertAfter | Name::AlertUrl | Name::AlertFormat | Name::AlertMail => self.alerts.text(name),
            Name::SmtpHost
            | Name::SmtpPort
            | Name::SmtpTls
            | Name::SmtpUser
            | Name::SmtpPassword
            | Name::SmtpFrom => self.mail.text(name),
        }
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

    /// Sets one from its text.
    ///
    /// # Errors
    /// `ERROR_ARGUMENT` about the setting, for a text that means nothing.
    pub fn set(&mut self, name: Name, text: &str) -> std::result::Result<(), Fault> {
        let wrong = |words: &'static str| Fault::argument(words, name.code());
        let text = text.trim();
        match name {
            Name::BaseUrl => {
                self.base_url = base_url(text).ok_or_else(|| {
                    wrong("The base URL must have a scheme, a host and an optional port, without a path.")
                })?;
            }
            Name::Edition => {
                let found = Edition::ALL.into_iter().find(|edition| edition.code() == text);
                self.edition = found.ok_or_else(|| wrong("Unknown edition."))?;
            }
            Name::Licence => {
                let found = Licence::ALL.into_iter().find(|licence| licence.code() == text);
                self.licence = found.ok_or_else(|| wrong("Unknown licence state."))?;
            }
            Name::Limits => {
                self.limits = match text {
                    "off" => Limits::off(),
                    "bitrix24" => Limits::bitrix24(),
                    _ => return Err(wrong("Unknown limits.")),
                }
            }
            Name::RetentionDays => {
                let days = text.parse().ok().filter(|days| (1..=LONGEST_RETENTION).contains(days));
                self.retention_days =
                    days.ok_or_else(|| wrong("The number of days must be from 1 to 3650."))?;
            }
            Name::AllowHandlers => {
                let networks = networks(text).filter(|networks| networks.len() <= MAX_NETWORKS);
                let networks = networks.ok_or_else(|| {
                    wrong("A network must look like 10.0.0.0/8 or ::1. At most 100 are allowed.")
                })?;
                self.guard = Arc::new(Guard::new(networks));
            }
            Name::HandlerCa => {
                if text.len() > LONGEST_CA || (!text.is_empty() && !text.starts_with(BEGINS)) {
                    return Err(wrong("The certificates must be in PEM, at most 64 KB."));
                }
                self.handler_ca = Arc::from(text);
            }
            Name::OutboundPerEmployee => {
                let most = text.parse().ok().filter(|most| (0..=MAX_OUTBOUND).contains(most));
                self.outbound_per_employee =
                    most.ok_or_else(|| wrong("The number must be from 0 to 10000."))?;
            }
            Name::SecretOverlap => {
                let hours = text.parse().ok().filter(|hours| (0..=LONGEST_OVERLAP).contains(hours));
                self.secret_overlap_hours =
                    hours.ok_or_else(|| wrong("The number of hours must be from 0 to 168."))?;
            }
            Name::TimeZone => {
                self.zone = TimeZone::get(text).map_err(|_| wrong("Unknown time zone."))?;
            }
            Name::Language => {
                self.language = Language::parse(text).ok_or_else(|| wrong("Unknown language."))?;
            }
            Name::AlertUrl if !text.is_empty() => {
                let checked = self.guard.check(text);
                checked.map_err(|refusal| Fault::argument(refusal.to_string(), name.code()))?;
                self.alerts.set(name, text).map_err(wrong)?;
            }
            Name::AlertAfter | Name::AlertUrl | Name::AlertFormat | Name::AlertMail => {
                self.alerts.set(name, text).map_err(wrong)?;
            }
            Name::SmtpHost
            | Name::SmtpPort
            | Name::SmtpTls
            | Name::SmtpUser
            | Name::SmtpPassword
            | Name::SmtpFrom => self.mail.set(name, text).map_err(wrong)?,
        }
        Ok(())
    }
}

/// `scheme://host[:port]` without a slash at the end: clients put `/rest/` right behind it. `None` for anything
/// else.
pub fn base_url(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let bare = matches!(url.scheme(), "http" | "https")
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    bare.then(|| url.as_str().trim_end_matches('/').to_owned())
}

/// Networks, or single addresses, separated by commas.
fn networks(text: &str) -> Option<Vec<IpNet>> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| part.parse().ok().or_else(|| part.parse::<IpAddr>().ok().map(IpNet::from))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_says_its_value_and_takes_it_again() {
        let mut settings = Settings::new("https://crm.example.com:8443");
        settings.set(Name::AllowHandlers, "10.1.0.0/16, ::1").unwrap();
        settings.set(Name::TimeZone, "Europe/Berlin").unwrap();
        settings.set(Name::AlertMail, "a@example.com, b@example.com").unwrap();
        settings.set(Name::SmtpHost, "mail.example.com").unwrap();
        settings.set(Name::SmtpFrom, "CRM <crm@example.com>").unwrap();
        for name in Name::ALL {
            assert_eq!(Name::parse(name.code()), Some(name));
            let mut other = Settings::new("http://localhost");
            other.set(name, &settings.text(name)).unwrap();
            assert_eq!(other.text(name), settings.text(name));
            let may_be_empty = matches!(
                name,
                Name::AllowHandlers | Name::HandlerCa | Name::AlertMail | Name::AlertUrl | Name::AlertFormat
            ) || name.code().starts_with("smtp_") && name != Name::SmtpTls;
            assert!(may_be_empty || other.set(name, "").is_err(), "{name:?}");
            for choice in name.choices() {
                other.set(name, choice).unwrap();
                assert_eq!(other.text(name), choice);
            }
        }
    }

    #[test]
    fn a_base_url_is_a_scheme_and_a_host() {
        for (text, url) in [
            ("https://crm.example.com", "https://crm.example.com"),
            ("https://crm.example.com/", "https://crm.example.com"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            assert_eq!(base_url(text).as_deref(), Some(url));
        }
        for text in [
            "",
            "crm.example.com",
            "ftp://h",
            "https://h/crm/",
            "https://h?x",
            "https://u:p@h",
            "https://h#x",
        ] {
            assert_eq!(base_url(text), None, "{text}");
        }
    }

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
