//! Settings that hold for the portal wherever it is opened: `serve` has them, and so have the commands that
//! make and send what a server must not refuse later.

use std::net::IpAddr;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use ipnet::IpNet;
use jiff::tz::TimeZone;
use portal::guard::Guard;
use portal::settings::{self, HandlerLimits, Name};
use portal::{Portal, moment, state, texts};
use serde_json::{Value, json};
use store::Tx;

use crate::place::Place;

/// Rules of the portal: what is allowed, the time zone and the language.
#[derive(Args, Clone, Debug)]
pub struct Rules {
    /// Product to emulate [default: set in the console, initially self-hosted]
    #[arg(long, global = true, env = "PORTREEVE_EDITION", value_enum, help_heading = "Behaviour")]
    pub edition: Option<Edition>,
    /// Licence state [default: set in the console, initially active]
    #[arg(long, global = true, env = "PORTREEVE_LICENCE", value_enum, help_heading = "Behaviour")]
    pub licence: Option<Licence>,
    /// Time zone from the IANA database, for example Europe/Berlin [default: set in the console, initially UTC]
    #[arg(long, global = true, env = "PORTREEVE_TIME_ZONE", value_name = "NAME", value_parser = time_zone,
        help_heading = "Behaviour")]
    pub time_zone: Option<TimeZone>,
    /// Language of a new portal's contents and of texts in REST answers [default: set in the console, initially en]
    #[arg(long, global = true, env = "PORTREEVE_LANGUAGE", value_enum, help_heading = "Behaviour")]
    pub language: Option<Language>,
    /// How REST writes dates that are no part of the CRM [default: set in the console, initially as the language has it]
    #[arg(long, global = true, env = "PORTREEVE_DATE_FORMAT", value_enum, help_heading = "Behaviour")]
    pub date_format: Option<DateFormat>,
    /// Private networks in which handlers are allowed: 10.1.0.0/16,127.0.0.1 [default: set in the console,
    /// initially none]
    #[arg(long, global = true, env = "PORTREEVE_ALLOW_HANDLERS", value_name = "CIDR,..", value_delimiter = ',',
        value_parser = network, help_heading = "Behaviour")]
    pub allow_handlers: Option<Vec<IpNet>>,
    /// Hours for which the old secrets of an outbound webhook hold beside new ones, unless whoever replaces them says
    /// otherwise; unless it is given, as the console says, at first 24
    #[arg(long, global = true, env = "PORTREEVE_SECRET_OVERLAP", value_name = "HOURS",
        value_parser = clap::value_parser!(u16).range(0..=168), help_heading = "Behaviour")]
    pub secret_overlap: Option<u16>,
    /// What handlers get at most, as the server was told by flags of its own.
    #[arg(skip)]
    pub handler_limits: Option<HandlerLimits>,
}

/// The emulated product.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Edition {
    /// Bitrix24 in the cloud, where REST requires a paid plan
    Cloud,
    /// Self-hosted Bitrix24
    SelfHosted,
}

/// The language of the portal.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Language {
    /// English
    En,
    /// Russian
    Ru,
}

/// How dates are written that are no part of the CRM.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum DateFormat {
    /// As the language has it: English month-first, Russian day-first
    Language,
    /// 10/20/2025 11:58:42 am
    MonthFirst,
    /// 20.10.2025 11:58:42
    DayFirst,
}

/// The licence state.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Licence {
    /// Paid and valid
    Active,
    /// No longer valid
    Expired,
    /// A trial
    Demo,
}

/// The key in the portal's state of the rules with which it was last served.
pub const SERVED: &str = "served_rules";

impl Rules {
    /// Opens the portal for a command. Rules that are not given are those with which the server was last started, so that
    /// both refuse the same.
    ///
    /// # Errors
    /// As [`Place::open_existing`] has them.
    pub fn open_existing(&self, place: &Place) -> Result<Portal> {
        self.open_with(place, |_| Ok(()))
    }

    /// The same under further settings.
    ///
    /// # Errors
    /// Those of `give` as well.
    pub fn open_with(
        &self,
        place: &Place,
        give: impl Fn(&mut settings::Settings) -> Result<()>,
    ) -> Result<Portal> {
        let under = |rules: &Rules| {
            let mut settings = rules.portal("");
            give(&mut settings).map(|()| settings)
        };
        let portal = place.open_existing(under(self)?)?;
        let served = portal.core().store.read(|tx: &mut Tx<'_>| state::get(tx, SERVED)).wait()?;
        let served = served.and_then(|text| serde_json::from_str(text.as_str()).ok()).unwrap_or_default();
        let rules = self.clone().or(&served);
        if rules.note() == self.note() {
            return Ok(portal);
        }
        drop(portal);
        place.open_existing(under(&rules)?)
    }

    /// Stores the rules with which the portal is served.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn note_served(&self, portal: &Portal) -> Result<()> {
        let limits = Some(portal.core().settings().handler_limits);
        let note = Rules { handler_limits: limits, ..self.clone() }.note().to_string();
        Ok(portal.core().store.write(move |tx: &mut Tx<'_>| state::set(tx, SERVED, &note)).wait()?)
    }

    /// What decides about outbound webhooks, as far as it is given.
    fn note(&self) -> Value {
        let networks = self.allow_handlers.as_ref();
        json!({
            "edition": self.edition.as_ref().and_then(name),
            "licence": self.licence.as_ref().and_then(name),
            "secret_overlap": self.secret_overlap,
            "handler_rate": self.handler_limits.map(|limits| limits.rate),
            "handler_concurrency": self.handler_limits.map(|limits| limits.concurrency),
            "allow_handlers": networks.map(|all| all.iter().map(IpNet::to_string).collect::<Vec<_>>()),
        })
    }

    /// With what a [`note`](Rules::note) says, where nothing is given.
    fn or(self, note: &Value) -> Rules {
        let networks = || {
            let texts = note["allow_handlers"].as_array()?.iter().map(|one| one.as_str()?.parse().ok());
            texts.collect::<Option<Vec<IpNet>>>()
        };
        let number = |name: &str| note[name].as_u64()?.try_into().ok();
        let limits = || {
            let (rate, concurrency) = (number("handler_rate")?, number("handler_concurrency")?);
            Some(HandlerLimits { rate, concurrency })
        };
        Rules {
            handler_limits: self.handler_limits.or_else(limits),
            edition: self.edition.or_else(|| named(&note["edition"])),
            licence: self.licence.or_else(|| named(&note["licence"])),
            allow_handlers: self.allow_handlers.or_else(networks),
            secret_overlap: self.secret_overlap.or_else(|| note["secret_overlap"].as_u64()?.try_into().ok()),
            ..self
        }
    }

    /// The settings of a portal under these rules, at `base_url`. What is not given the console may decide.
    pub fn portal(&self, base_url: &str) -> settings::Settings {
        let mut settings = settings::Settings::new(base_url);
        if let Some(edition) = self.edition {
            settings.edition = match edition {
                Edition::Cloud => settings::Edition::Cloud,
                Edition::SelfHosted => settings::Edition::SelfHosted,
            };
            settings.given.push(Name::Edition);
        }
        if let Some(licence) = self.licence {
            settings.licence = match licence {
                Licence::Active => settings::Licence::Active,
                Licence::Expired => settings::Licence::Expired,
                Licence::Demo => settings::Licence::Demo,
            };
            settings.given.push(Name::Licence);
        }
        if let Some(zone) = &self.time_zone {
            settings.zone = zone.clone();
            settings.given.push(Name::TimeZone);
        }
        if let Some(language) = self.language {
            settings.language = match language {
                Language::En => texts::Language::English,
                Language::Ru => texts::Language::Russian,
            };
            settings.given.push(Name::Language);
        }
        if let Some(format) = self.date_format {
            settings.date_format = match format {
                DateFormat::Language => None,
                DateFormat::MonthFirst => Some(moment::DateFormat::MonthFirst),
                DateFormat::DayFirst => Some(moment::DateFormat::DayFirst),
            };
            settings.given.push(Name::DateFormat);
        }
        if let Some(networks) = &self.allow_handlers {
            settings.guard = Arc::new(Guard::new(networks.clone()));
            settings.given.push(Name::AllowHandlers);
        }
        if let Some(hours) = self.secret_overlap {
            settings.secret_overlap_hours = hours.into();
            settings.given.push(Name::SecretOverlap);
        }
        if let Some(limits) = self.handler_limits {
            settings.handler_limits = limits;
        }
        settings
    }
}

/// A choice as it is written.
fn name(choice: &impl ValueEnum) -> Option<String> {
    choice.to_possible_value().map(|value| value.get_name().to_owned())
}

/// The opposite of [`name`].
fn named<T: ValueEnum>(name: &Value) -> Option<T> {
    T::from_str(name.as_str()?, true).ok()
}

/// A network, or a single address.
pub fn network(text: &str) -> Result<IpNet> {
    let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    network.context("a network looks like 10.0.0.0/8 or ::1")
}

fn time_zone(name: &str) -> Result<TimeZone> {
    TimeZone::get(name).context("there is no such time zone")
}
