//! The requested settings of an integration, as the console sends them.

use ipnet::IpNet;
use jiff::tz::TimeZone;
use portal::integration::{Input, Query, SaveOptions};
use portal::outbound::headers::{self, Extras};
use portal::outbound::limits::Limits;
use portal::outbound::manage as outbound;
use portal::outbound::only::Only;
use portal::outbound::overlap;
use portal::outbound::policy::Policy;
use portal::settings::Settings;
use portal::{hooks, moment};
use serde::Deserialize;
use wire::Fault;

/// The body of `POST` and `PUT`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Of no matter for `PUT`: an integration keeps the scenario that it was made from.
    #[serde(default)]
    scenario: String,
    title: String,
    #[serde(default)]
    comment: String,
    query: Option<Query>,
    inbound: Option<Inbound>,
    outbound: Option<Outbound>,
    #[serde(default)]
    renew_secret: bool,
    #[serde(default)]
    renew_token: bool,
    /// For how long the old token and signing secret hold beside new ones, `24h` or `0`; without it, as the settings say.
    overlap: Option<String>,
    #[serde(default)]
    take_over: bool,
    /// What was seen before it was changed; without it, the last one to save wins.
    version: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Inbound {
    #[serde(default)]
    scopes: Vec<String>,
    #[serde(default = "yes")]
    active: bool,
    /// A day or a moment.
    expires: Option<String>,
    /// `10.0.0.0/8`, or a bare address.
    #[serde(default)]
    networks: Vec<String>,
    #[serde(default)]
    read_only: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Outbound {
    #[serde(default)]
    handler_url: String,
    events: Vec<String>,
    /// As `--retries` takes it.
    #[serde(default)]
    retries: String,
    #[serde(default = "yes")]
    ordered: bool,
    #[serde(default = "yes")]
    active: bool,
    /// Further headers; one without a value keeps the stored one.
    #[serde(default)]
    headers: Vec<Header>,
    basic: Option<Basic>,
    /// Whether events are kept for `event.offline.get`.
    #[serde(default)]
    pickup: bool,
    /// Whether changes by the inbound part raise nothing for it.
    #[serde(default)]
    skip_own: bool,
    /// By event, the fields of which an update must change one.
    #[serde(default)]
    only_fields: Only,
    /// Whether data has the names of changed fields.
    #[serde(default)]
    tell_changed: bool,
    /// Requests within a second at most; without it, as the operator decides.
    rate: Option<i64>,
    /// Requests at once at most.
    concurrency: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    name: String,
    value: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Basic {
    user: String,
    /// Without it, the stored one.
    password: Option<String>,
}

/// A number that may be none; what is none is beyond every limit, either way.
fn whole(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}

fn yes() -> bool {
    true
}

impl Wanted {
    /// How it is to be saved in a portal with these settings.
    pub fn options(&self, settings: &Settings) -> Result<SaveOptions, Fault> {
        let usual = settings.secret_overlap_hours * 3600;
        Ok(SaveOptions {
            renew_secret: self.renew_secret,
            renew_token: self.renew_token,
            overlap: self.overlap.as_deref().map_or(Ok(usual), overlap::parse)?,
            take_over: self.take_over,
        })
    }

    /// The version that is to be changed.
    pub fn version(&mut self) -> Option<String> {
        self.version.take()
    }

    /// The input; times without an offset are on the clocks of `zone`.
    pub fn input(self, zone: &TimeZone) -> Result<Input, Fault> {
        Ok(Input {
            scenario: self.scenario,
            title: self.title,
            comment: self.comment,
            query: self.query,
            inbound: self.inbound.map(|inbound| inbound.input(zone)).transpose()?,
            outbound: self.outbound.map(Outbound::input).transpose()?,
        })
    }
}

impl Inbound {
    fn input(self, zone: &TimeZone) -> Result<hooks::Input, Fault> {
        let expires = self.expires.filter(|text| !text.trim().is_empty());
        let wrong =
            |text: &str| Fault::argument(format!("{text:?} is not a date like 2027-01-01."), "expires");
        let networks: Result<Vec<IpNet>, Fault> = self.networks.iter().map(|text| network(text)).collect();
        Ok(hooks::Input {
            scopes: self.scopes,
            active: self.active,
            expires: expires
                .map(|text| moment::parse(zone, &text).ok_or_else(|| wrong(&text)))
                .transpose()?,
            networks: networks?,
            read_only: self.read_only,
        })
    }
}

impl Outbound {
    fn input(self) -> Result<outbound::Input, Fault> {
        let retries = Policy::parse(&self.retries);
        let headers =
            self.headers.into_iter().map(|one| headers::Header { name: one.name, value: one.value });
        let basic = self.basic.map(|one| headers::Basic { user: one.user, password: one.password });
        let extras = Extras { headers: headers.collect(), basic };
        Ok(outbound::Input {
            handler_url: if self.pickup { String::new() } else { self.handler_url },
            events: self.events,
            retries: retries.map_err(|error| Fault::argument(error.to_string(), "retries"))?,
            ordered: self.ordered,
            active: self.active,
            extras,
            pickup: self.pickup,
            skip_own: self.skip_own,
            only: self.only_fields,
            tell_changed: self.tell_changed,
            limits: Limits { rate: self.rate.map(whole), concurrency: self.concurrency.map(whole) },
        })
    }
}

/// A network, or an address as the network that holds nothing else. `10.1.2.3/8` means `10.0.0.0/8`.
fn network(text: &str) -> Result<IpNet, Fault> {
    let text = text.trim();
    let parsed = text.parse().or_else(|_| text.parse().map(|address: std::net::IpAddr| IpNet::from(address)));
    let wrong = |_| {
        let text = format!("{text:?} is not a network like 203.0.113.7, 10.0.0.0/8 or 2001:db8::/32.");
        Fault::argument(text, "networks")
    };
    parsed.map(|network: IpNet| network.trunc()).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_read_as_people_write_them() {
        let read = |text: &str| network(text).map(|network| network.to_string());
        for (text, expected) in [
            (" 10.1.2.3/8 ", "10.0.0.0/8"),
            ("203.0.113.7", "203.0.113.7/32"),
            ("2001:db8::1", "2001:db8::1/128"),
            ("2001:db8::/32", "2001:db8::/32"),
        ] {
            assert_eq!(read(text).unwrap(), expected);
        }
        for text in ["", "10.0.0", "10.0.0.0/33", "office", "10.0.0.1-10.0.0.9"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_left_out_is_the_usual() {
        let body = r#"{"title": "t", "inbound": {}, "outbound": {"handler_url": "u", "events": []}}"#;
        let wanted: Wanted = serde_json::from_str(body).unwrap();
        let input = wanted.input(&TimeZone::UTC).unwrap();
        assert_eq!(input.inbound, Some(hooks::Input::default()));
        let told = input.outbound.unwrap();
        assert_eq!((told.active, told.ordered, told.retries), (true, true, Policy::default()));
        let expires = r#"{"title": "t", "inbound": {"expires": "1970-01-02"}}"#;
        let wanted: Wanted = serde_json::from_str(expires).unwrap();
        assert_eq!(wanted.input(&TimeZone::UTC).unwrap().inbound.unwrap().expires, Some(86_400));
    }
}
