//! The values of settings as text, the way they are given, kept and shown.

use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;
use jiff::tz::TimeZone;
use url::Url;
use wire::Fault;

use super::chosen::AS_LANGUAGE;
use super::chosen::{BEGINS, LONGEST_OVERLAP, Name};
use super::{Edition, Licence, RequireTotp, Settings};
use crate::guard::Guard;
use crate::limits::Limits;
use crate::moment::DateFormat;
use crate::texts::Language;

/// The longest that the log of deliveries is kept, in days.
const LONGEST_RETENTION: i64 = 3650;
/// The most outbound webhooks that employees can be allowed each.
const MAX_OUTBOUND: i64 = 10_000;
/// The most bytes of certificates in PEM.
const LONGEST_CA: usize = 64 * 1024;
/// The most networks that can be allowed.
const MAX_NETWORKS: usize = 100;

impl Settings {
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
            Name::RequireTotp => self.require_totp.code().to_owned(),
            Name::TimeZone => self.zone.iana_name().unwrap_or("UTC").to_owned(),
            Name::Language => self.language.code().to_owned(),
            Name::DateFormat => self.date_format.map_or(AS_LANGUAGE, DateFormat::code).to_owned(),
            Name::AlertAfter | Name::AlertUrl | Name::AlertFormat | Name::AlertMail => self.alerts.text(name),
            Name::SmtpHost
            | Name::SmtpPort
            | Name::SmtpTls
            | Name::SmtpUser
            | Name::SmtpPassword
            | Name::SmtpFrom => self.mail.text(name),
        }
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
            Name::RequireTotp => {
                let found = RequireTotp::ALL.into_iter().find(|whom| whom.code() == text);
                self.require_totp = found.ok_or_else(|| wrong("The value must be nobody, admins or all."))?;
            }
            Name::TimeZone => {
                self.zone = TimeZone::get(text).map_err(|_| wrong("Unknown time zone."))?;
            }
            Name::Language => {
                self.language = Language::parse(text).ok_or_else(|| wrong("Unknown language."))?;
            }
            Name::DateFormat => {
                let named = |format: &DateFormat| format.code() == text;
                self.date_format = match text {
                    AS_LANGUAGE => None,
                    _ => {
                        let found = DateFormat::ALL.into_iter().find(named);
                        Some(found.ok_or_else(|| wrong("Unknown date format."))?)
                    }
                };
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
}
