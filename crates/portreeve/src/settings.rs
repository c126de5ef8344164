//! The one table of settings: each is a flag of `serve`, a variable `PORTREEVE_*`, and a key of
//! `portreeve.toml` named like the flag.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use ipnet::IpNet;
use portal::settings::{CallLog, Name};
use portal::{limits, settings};

use crate::alerts;
use crate::courier;
use crate::operator::Token;
use crate::rules::{Rules, network};
use crate::traces;

/// How to serve.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub struct Settings {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, env = "PORTREEVE_LISTEN", value_name = "IP:PORT", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Base URL at which people and programs reach the portal [default: set in the console, initially the address it
    /// listens on]
    #[arg(long, env = "PORTREEVE_BASE_URL", value_name = "URL", value_parser = base_url)]
    pub base_url: Option<String>,

    /// How https is provided
    #[arg(long, env = "PORTREEVE_TLS", value_enum, default_value_t = Tls::Off, help_heading = "Encryption")]
    pub tls: Tls,
    /// Certificate chain in PEM, with --tls files
    #[arg(long, env = "PORTREEVE_TLS_CERT", value_name = "FILE", help_heading = "Encryption")]
    pub tls_cert: Option<PathBuf>,
    /// Private key in PEM, with --tls files
    #[arg(long, env = "PORTREEVE_TLS_KEY", value_name = "FILE", help_heading = "Encryption")]
    pub tls_key: Option<PathBuf>,
    /// Proxies whose X-Forwarded-For and X-Forwarded-Proto are trusted: 10.0.0.0/8,::1
    #[arg(long, env = "PORTREEVE_TRUSTED_PROXIES", value_name = "CIDR,..", value_delimiter = ',',
        value_parser = network, help_heading = "Encryption")]
    pub trusted_proxies: Vec<IpNet>,
    /// Refuse calls over plain http with INVALID_REQUEST [default: true with --tls or a trusted proxy]
    #[arg(long, env = "PORTREEVE_REQUIRE_HTTPS", value_name = "BOOL", help_heading = "Encryption")]
    pub require_https: Option<bool>,

    /// Rate limits [default: set in the console, initially off]
    #[arg(long, env = "PORTREEVE_LIMITS", value_enum, help_heading = "Behaviour")]
    pub limits: Option<Limits>,
    /// Settings shared with other commands
    #[command(flatten)]
    pub rules: Rules,
    /// Refuse unknown fields in the filter of a list, which Bitrix24 ignores
    #[arg(long, env = "PORTREEVE_STRICT_FILTERS", value_name = "BOOL", default_value_t = false, num_args = 0..=1,
        default_missing_value = "true", action = clap::ArgAction::Set, help_heading = "Behaviour")]
    pub strict_filters: bool,
    /// Refuse what Portreeve accepts and Bitrix24 does not, for tests; includes --strict-filters. See docs/quirks.md
    #[arg(long, env = "PORTREEVE_STRICT", value_name = "BOOL", default_value_t = false, num_args = 0..=1,
        default_missing_value = "true", action = clap::ArgAction::Set, help_heading = "Behaviour")]
    pub strict: bool,

    /// Who must sign in to the console with a second factor; without one they set it up first [default: set in the console,
    /// initially nobody]
    #[arg(long, env = "PORTREEVE_REQUIRE_TOTP", value_enum, help_heading = "Behaviour")]
    pub require_totp: Option<RequireTotp>,

    /// Maximum number of outbound webhooks per employee [default: set in the console, initially 50]
    #[arg(long, env = "PORTREEVE_OUTBOUND_PER_EMPLOYEE", value_name = "NUMBER",
        value_parser = clap::value_parser!(u32).range(0..=10_000), help_heading = "Limits")]
    pub outbound_per_employee: Option<u32>,
    /// Maximum size of a request body in MiB; larger ones answer 413
    #[arg(long, env = "PORTREEVE_MAX_BODY", value_name = "MIB", default_value_t = 64,
        value_parser = clap::value_parser!(u32).range(1..=2048), help_heading = "Limits")]
    pub max_body: u32,
    /// Maximum size of a file that is sent to an uploadUrl, in MiB; larger ones answer 413
    #[arg(long, env = "PORTREEVE_MAX_UPLOAD", value_name = "MIB", default_value_t = 10_240,
        value_parser = clap::value_parser!(u32).range(1..=65_536), help_heading = "Limits")]
    pub max_upload: u32,
    /// Maximum memory for all request bodies and large answers together, in MiB; calls beyond it answer 503
    #[arg(long, env = "PORTREEVE_BODY_MEMORY", value_name = "MIB", default_value_t = 256,
        value_parser = clap::value_parser!(u32).range(1..=65536), help_heading = "Limits")]
    pub body_memory: u32,
    /// Seconds within which a request body must arrive
    #[arg(long, env = "PORTREEVE_BODY_TIMEOUT", value_name = "SECONDS", default_value_t = 60,
        value_parser = clap::value_parser!(u32).range(1..=3600), help_heading = "Limits")]
    pub body_timeout: u32,
    /// Maximum number of concurrent connections; further ones wait
    #[arg(long, env = "PORTREEVE_MAX_CONNECTIONS", value_name = "NUMBER", default_value_t = 4096,
        value_parser = clap::value_parser!(u32).range(1..=1_000_000), help_heading = "Limits")]
    pub max_connections: u32,
    /// Seconds to finish accepted requests after SIGTERM
    #[arg(
        long,
        env = "PORTREEVE_STOP_TIMEOUT",
        value_name = "SECONDS",
        default_value_t = 30,
        help_heading = "Limits"
    )]
    pub stop_timeout: u32,

    /// How events are delivered
    #[command(flatten)]
    pub courier: courier::Options,

    /// Who is told when handlers fail, and how e-mail is sent
    #[command(flatten)]
    pub alerts: alerts::Telling,

    /// Address that serves metrics for Prometheus at /metrics [default: none]
    #[arg(long, env = "PORTREEVE_METRICS_LISTEN", value_name = "IP:PORT", help_heading = "Logs")]
    pub metrics_listen: Option<SocketAddr>,
    /// Milliseconds from which on a call is a warning in the log; 0 for none
    #[arg(long, env = "PORTREEVE_SLOW_CALL", value_name = "MS", default_value_t = 1000,
        value_parser = clap::value_parser!(u32).range(0..=3_600_000), help_heading = "Logs")]
    pub slow_call: u32,
    /// Number of calls to keep in the log of calls, which the console shows; 0 turns it off
    #[arg(long, env = "PORTREEVE_CALL_LOG", value_name = "NUMBER", default_value_t = 100_000,
        value_parser = clap::value_parser!(u32).range(0..=10_000_000), help_heading = "Logs")]
    pub call_log: u32,
    /// Days for which calls stay in the log of calls
    #[arg(long, env = "PORTREEVE_CALL_LOG_DAYS", value_name = "DAYS", default_value_t = 7,
        value_parser = clap::value_parser!(u32).range(1..=3650), help_heading = "Logs")]
    pub call_log_days: u32,
    /// Files of fixtures in YAML or JSON, each loaded once: users, webhooks with given secrets, records. See docs/sandbox.md
    #[arg(
        long,
        env = "PORTREEVE_FIXTURES",
        value_name = "FILE",
        value_delimiter = ',',
        help_heading = "Tests"
    )]
    pub fixtures: Vec<PathBuf>,
    /// Load files of fixtures that have changed since they were loaded, instead of refusing to start
    #[arg(long, env = "PORTREEVE_FIXTURES_AGAIN", value_name = "BOOL", default_value_t = false, num_args = 0..=1,
        default_missing_value = "true", action = clap::ArgAction::Set, help_heading = "Tests")]
    pub fixtures_again: bool,
    /// Address of the operator's API, by which tests and tools read the logs and bend the portal; see docs/sandbox.md
    /// [default: none]
    #[arg(
        long,
        env = "PORTREEVE_OPERATOR_LISTEN",
        value_name = "IP:PORT",
        requires = "operator_token",
        help_heading = "Sandbox"
    )]
    pub operator_listen: Option<SocketAddr>,
    /// Token that requests to the operator's API carry, better in the environment; at least 16 characters
    #[arg(
        long,
        env = "PORTREEVE_OPERATOR_TOKEN",
        value_name = "TEXT",
        hide_env_values = true,
        help_heading = "Sandbox"
    )]
    pub operator_token: Option<Token>,
    /// Log level
    #[arg(long, env = "PORTREEVE_LOG", value_enum, default_value_t = LogLevel::Info, help_heading = "Logs")]
    pub log: LogLevel,
    /// Format of the log on standard error
    #[arg(long, env = "PORTREEVE_LOG_FORMAT", value_enum, default_value_t = LogFormat::Human,
        help_heading = "Logs")]
    pub log_format: LogFormat,

    /// Where traces go
    #[command(flatten)]
    pub traces: traces::Tracing,
}

const HELP: &str = "\
The first start creates administrator 1 (admin@localhost) with the password in PORTREEVE_ADMIN_PASSWORD, or prints a link
to choose one. Settings of the console take effect at once unless they are given as a flag, in the environment or in the
file. The master key is PORTREEVE_KEY (64 hexadecimal digits) or the file DIR/portreeve.key.

Examples:
  portreeve serve --listen 0.0.0.0:80 --base-url http://crm.example.com
  portreeve serve --tls files --tls-cert chain.pem --tls-key key.pem --listen 0.0.0.0:443
  portreeve serve --trusted-proxies 127.0.0.1 --base-url https://crm.example.com     behind nginx or Caddy
  portreeve serve --limits bitrix24 --edition cloud --licence expired                test an integration";

/// How https is provided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Tls {
    /// No https
    Off,
    /// A local certificate authority for development and tests; clients trust DIR/tls/ca.pem
    Dev,
    /// --tls-cert and --tls-key; renewed files are picked up within ten minutes
    Files,
}

/// Rate limits.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Limits {
    /// None
    Off,
    /// 50 concurrent requests and 2 a second per address, 480 seconds of one method in ten minutes
    Bitrix24,
}

/// Who must sign in with a second factor.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum RequireTotp {
    /// Everybody decides for themselves
    Nobody,
    /// Administrators
    Admins,
    /// Everybody
    All,
}

/// Log level.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LogLevel {
    /// Errors of the program
    Error,
    /// Problems that need attention
    Warn,
    /// Starts, stops, sign-ins and changes to webhooks
    Info,
    /// Each request, without secrets
    Debug,
    /// Everything
    Trace,
}

/// Log format.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LogFormat {
    /// For people
    Human,
    /// One JSON object per line
    Json,
}

impl Settings {
    /// The settings of the portal itself.
    ///
    /// # Errors
    /// As [`alerts::Telling::give`] has them.
    pub fn portal(&self, base_url: &str) -> Result<settings::Settings> {
        let mut settings = self.rules.portal(base_url);
        if self.base_url.is_some() {
            settings.given.push(Name::BaseUrl);
        }
        if let Some(limits) = self.limits {
            settings.limits = match limits {
                Limits::Off => limits::Limits::off(),
                Limits::Bitrix24 => limits::Limits::bitrix24(),
            };
            settings.given.push(Name::Limits);
        }
        if let Some(whom) = self.require_totp {
            settings.require_totp = match whom {
                RequireTotp::Nobody => settings::RequireTotp::Nobody,
                RequireTotp::Admins => settings::RequireTotp::Admins,
                RequireTotp::All => settings::RequireTotp::All,
            };
            settings.given.push(Name::RequireTotp);
        }
        if let Some(days) = self.courier.delivery_retention {
            settings.retention_days = days.into();
            settings.given.push(Name::RetentionDays);
        }
        if let Some(most) = self.outbound_per_employee {
            settings.outbound_per_employee = most.into();
            settings.given.push(Name::OutboundPerEmployee);
        }
        let https = self.tls != Tls::Off || !self.trusted_proxies.is_empty();
        settings.require_https = self.require_https.unwrap_or(https);
        settings.strict_filters = self.strict_filters || self.strict;
        settings.strict = self.strict;
        settings.call_log = CallLog { calls: self.call_log.into(), days: self.call_log_days.into() };
        settings.disable_after = self.courier.patience();
        settings.handler_limits = self.courier.limits();
        settings.max_held = self.courier.held_events.into();
        self.alerts.give(&mut settings)?;
        Ok(settings)
    }

    /// The base URL when the portal listens on `bound`, without a trailing slash.
    pub fn base_url(&self, bound: SocketAddr) -> String {
        let own = || {
            let scheme = if self.tls == Tls::Off { "http" } else { "https" };
            match bound.ip() {
                ip if ip.is_unspecified() => format!("{scheme}://localhost:{}", bound.port()),
                _ => format!("{scheme}://{bound}"),
            }
        };
        self.base_url.clone().unwrap_or_else(own)
    }

    /// The longest time that a body may take to arrive.
    pub fn body_time(&self) -> Duration {
        Duration::from_secs(self.body_timeout.into())
    }

    /// The longest time between SIGTERM and the end.
    pub fn stop_time(&self) -> Duration {
        Duration::from_secs(self.stop_timeout.into())
    }
}

/// `scheme://host[:port]`: clients put `/rest/` right behind it.
fn base_url(text: &str) -> Result<String> {
    settings::base_url(text).context(
        "a base URL looks like https://crm.example.com or http://127.0.0.1:8080, without a path: webhooks live at \
         /rest/ of the host",
    )
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Served {
        #[command(flatten)]
        settings: Settings,
    }

    fn read(arguments: &[&str]) -> Settings {
        Served::parse_from(["serve"].iter().chain(arguments)).settings
    }

    #[test]
    fn without_a_base_url_it_is_where_we_listen() {
        let url = |arguments: &[&str], bound: &str| read(arguments).base_url(bound.parse().unwrap());
        assert_eq!(url(&[], "127.0.0.1:8080"), "http://127.0.0.1:8080");
        assert_eq!(url(&["--tls", "dev"], "[::1]:443"), "https://[::1]:443");
        assert_eq!(url(&[], "0.0.0.0:80"), "http://localhost:80");
        assert_eq!(url(&["--base-url", "https://crm.test"], "0.0.0.0:80"), "https://crm.test");
    }

    #[test]
    fn what_is_given_is_known_to_be() {
        let given = |arguments: &[&str]| read(arguments).portal("").unwrap().given;
        assert_eq!(given(&["--strict-filters", "true"]), []);
        let all = "--base-url http://h --limits off --delivery-retention 9 --edition cloud --licence demo \
                   --time-zone UTC --language ru --date-format day-first --allow-handlers ::1 --outbound-per-employee 3 \
                   --alert-after 5 --alert-url http://h/a --alert-format slack --alert-mail a@h,b@h --smtp-host h \
                   --smtp-port 25 --smtp-tls off --smtp-user u --smtp-password p --smtp-from a@h --secret-overlap 1 \
                   --require-totp admins";
        let all = given(&all.split_whitespace().collect::<Vec<_>>());
        // A file of certificates comes beside those of the console.
        let missing = Name::ALL.iter().filter(|name| !all.contains(name)).collect::<Vec<_>>();
        assert_eq!(missing, [&Name::HandlerCa]);
    }

    #[test]
    fn strict_is_more_than_strict_filters() {
        let strict = |arguments: &[&str]| {
            let settings = read(arguments).portal("").unwrap();
            (settings.strict_filters, settings.strict)
        };
        assert_eq!(strict(&[]), (false, false));
        assert_eq!(strict(&["--strict-filters"]), (true, false));
        assert_eq!(strict(&["--strict"]), (true, true));
        assert_eq!(strict(&["--strict", "false", "--strict-filters", "true"]), (true, false));
    }

    #[test]
    fn https_is_required_where_it_can_be_had() {
        let required = |arguments: &[&str]| read(arguments).portal("").unwrap().require_https;
        assert!(!required(&[]));
        assert!(required(&["--tls", "dev"]));
        assert!(required(&["--trusted-proxies", "127.0.0.1"]));
        assert!(!required(&["--tls", "dev", "--require-https", "false"]));
        assert!(required(&["--require-https", "true"]));
    }
}
