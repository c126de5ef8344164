//! The courier's settings, as flags of `serve`.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;
use hyper::header::HeaderValue;
use portal::settings::HandlerLimits;

use super::proxy::Proxies;

/// How events are delivered to outbound webhooks.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Outbound webhooks")]
pub struct Options {
    /// How requests are made
    #[command(flatten)]
    pub sending: SendOptions,
    /// Maximum number of concurrent requests to one handler, and as many for retries
    #[arg(long, env = "PORTREEVE_HANDLER_CONCURRENCY", value_name = "NUMBER", default_value_t = 64,
        value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub handler_concurrency: u32,
    /// Maximum number of requests per second to one handler; 0 for no limit
    #[arg(long, env = "PORTREEVE_HANDLER_RATE", value_name = "NUMBER", default_value_t = 500)]
    pub handler_rate: u32,
    /// Seconds after which another node takes over deliveries of a node that stopped; at least twice the timeout
    #[arg(long, env = "PORTREEVE_HANDLER_LEASE", value_name = "SECONDS", default_value_t = 60,
        value_parser = clap::value_parser!(u32).range(2..=3600))]
    pub handler_lease: u32,
    /// Days to keep finished deliveries in the log [default: set in the console, initially 30]
    #[arg(long, env = "PORTREEVE_DELIVERY_RETENTION", value_name = "DAYS",
        value_parser = clap::value_parser!(u32).range(1..=3650))]
    pub delivery_retention: Option<u32>,
    /// Days without a success after which an outbound webhook is disabled
    #[arg(long, env = "PORTREEVE_DISABLE_AFTER", value_name = "DAYS", default_value_t = 3,
        value_parser = clap::value_parser!(u32).range(1..=365))]
    pub disable_after: u32,
    /// Events to keep for each outbound webhook while it is off; when there are more, the oldest are dropped
    #[arg(long, env = "PORTREEVE_HELD_EVENTS", value_name = "NUMBER", default_value_t = 100_000)]
    pub held_events: u32,
    /// Send no deliveries, so that events wait; for a restored copy of a portal
    #[arg(long, env = "PORTREEVE_NO_DELIVERIES", value_name = "BOOL", default_value_t = false, num_args = 0..=1,
        default_missing_value = "true", action = clap::ArgAction::Set)]
    pub no_deliveries: bool,
}

/// How requests to handlers are made.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Outbound webhooks")]
pub struct SendOptions {
    /// Timeout of a delivery in seconds, from resolving the host's name to the end of the answer
    #[arg(long, env = "PORTREEVE_HANDLER_TIMEOUT", value_name = "SECONDS", default_value_t = 10,
        value_parser = clap::value_parser!(u32).range(1..=300))]
    pub handler_timeout: u32,
    /// User-Agent of deliveries
    #[arg(
        long,
        env = "PORTREEVE_HANDLER_AGENT",
        value_name = "TEXT",
        default_value = "Bitrix24 Webhook Engine"
    )]
    pub handler_agent: HeaderValue,
    /// Name servers that resolve handlers [default: those of the system]
    #[arg(long, env = "PORTREEVE_HANDLER_DNS", value_name = "IP[:PORT],..", value_delimiter = ',',
        value_parser = name_server)]
    pub handler_dns: Vec<SocketAddr>,
    /// Certificates in PEM to trust in addition to those of the system: a private authority, or self-signed handlers
    #[arg(long, env = "PORTREEVE_HANDLER_CA", value_name = "FILE")]
    pub handler_ca: Option<PathBuf>,
    /// Proxy through which handlers are reached, by CONNECT: http://user:password@proxy.example.com:3128. Unless it is given,
    /// that in HTTPS_PROXY, HTTP_PROXY or ALL_PROXY; empty for none
    #[arg(long, env = "PORTREEVE_HANDLER_PROXY", value_name = "URL", hide_env_values = true)]
    pub handler_proxy: Option<String>,
    /// Handlers that are reached without it: hosts with everything below them, addresses, networks. Unless it is given, those
    /// in NO_PROXY
    #[arg(long, env = "PORTREEVE_HANDLER_NO_PROXY", value_name = "HOST,CIDR,..")]
    pub handler_no_proxy: Option<String>,
}

const DAY: u32 = 86_400;

impl Options {
    /// The limits of each handler.
    pub fn limits(&self) -> HandlerLimits {
        HandlerLimits { rate: self.handler_rate, concurrency: self.handler_concurrency }
    }

    /// How long a delivery stays leased to this process.
    pub fn lease(&self) -> Duration {
        Duration::from_secs(self.handler_lease.into()).max(self.sending.timeout() * 2)
    }

    /// Seconds without a success after which an outbound webhook is disabled.
    pub fn patience(&self) -> i64 {
        i64::from(self.disable_after) * i64::from(DAY)
    }
}

impl SendOptions {
    /// The proxies on the way to handlers.
    ///
    /// # Errors
    /// When what is given is none.
    pub fn proxies(&self) -> Result<Proxies> {
        Proxies::new(self.handler_proxy.as_deref(), self.handler_no_proxy.as_deref())
    }

    /// The timeout of a delivery.
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.handler_timeout.into())
    }
}

/// Reads an address with an optional port.
fn name_server(text: &str) -> Result<SocketAddr> {
    /// The port of DNS.
    const USUAL: u16 = 53;
    let bare = || text.parse::<IpAddr>().map(|address| SocketAddr::new(address, USUAL));
    text.parse().or_else(|_| bare()).context("a name server looks like 9.9.9.9, 127.0.0.1:5353 or [::1]:53")
}
