//! Settings that hold for the portal wherever it is opened: `serve` has them, and so have the commands that
//! make and send what a server must not refuse later.

use std::net::IpAddr;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use ipnet::IpNet;
use jiff::tz::TimeZone;
use portal::outbound::guard::Guard;
use portal::settings;

/// What is allowed, and on which clocks times are read and printed.
#[derive(Args, Clone, Debug)]
pub struct Rules {
    /// Which product to play
    #[arg(long, global = true, env = "PORTREEVE_EDITION", value_enum, default_value_t = Edition::SelfHosted,
        help_heading = "Behaviour")]
    pub edition: Edition,
    /// The state of its licence
    #[arg(long, global = true, env = "PORTREEVE_LICENCE", value_enum, default_value_t = Licence::Active,
        help_heading = "Behaviour")]
    pub licence: Licence,
    /// Time zone of the server, as in the IANA database: Europe/Berlin
    #[arg(long, global = true, env = "PORTREEVE_TIME_ZONE", value_name = "NAME", default_value = "UTC",
        value_parser = time_zone, help_heading = "Behaviour")]
    pub time_zone: TimeZone,
    /// Networks that are not public, in which handlers of outbound webhooks may be all the same: 10.1.0.0/16,127.0.0.1
    #[arg(long, global = true, env = "PORTREEVE_ALLOW_HANDLERS", value_name = "CIDR,..", value_delimiter = ',',
        value_parser = network, help_heading = "Behaviour")]
    pub allow_handlers: Vec<IpNet>,
}

/// Which product is played.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Edition {
    /// Bitrix24 in the cloud, where REST needs a plan
    Cloud,
    /// Bitrix24 on one's own server
    SelfHosted,
}

/// The state of its licence.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Licence {
    /// Paid and valid
    Active,
    /// Was valid once
    Expired,
    /// A trial
    Demo,
}

impl Rules {
    /// The settings of a portal under these rules, at `base_url`.
    pub fn portal(&self, base_url: &str) -> settings::Settings {
        settings::Settings {
            edition: match self.edition {
                Edition::Cloud => settings::Edition::Cloud,
                Edition::SelfHosted => settings::Edition::SelfHosted,
            },
            licence: match self.licence {
                Licence::Active => settings::Licence::Active,
                Licence::Expired => settings::Licence::Expired,
                Licence::Demo => settings::Licence::Demo,
            },
            zone: self.time_zone.clone(),
            guard: Guard::new(self.allow_handlers.clone()),
            ..settings::Settings::new(base_url)
        }
    }
}

/// A network, or a single address.
pub fn network(text: &str) -> Result<IpNet> {
    let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    network.context("a network looks like 10.0.0.0/8 or ::1")
}

fn time_zone(name: &str) -> Result<TimeZone> {
    TimeZone::get(name).context("there is no such time zone")
}
