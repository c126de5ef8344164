//! A single handler that somebody looks on at: `portreeve listen --forward`.

use std::path::Path;

use anyhow::{Context, Result};
use hyper_rustls::HttpsConnector;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use portal::Moment;
use portal::guard::Guard;
use portal::keys::Keys;
use portal::outbound::queue::{Attempt, Leased};
use portal::outbound::{Auth, Secrets};

use super::connect::{self, Connector};
use super::options::SendOptions;
use super::resolve::Names;
use super::send::{Address, Sender};
use super::targets::Ready;
use super::trust::Trust;

/// Connects wherever it is told to, as the operator's own commands do.
pub type Anywhere = HttpsConnector<Connector>;

/// A connector that no guard holds back; certificates in this file are believed beside those of the system.
///
/// # Errors
/// When name resolution or TLS cannot be set up.
pub fn anywhere(authority: Option<&Path>) -> Result<Anywhere> {
    let connector = Connector::new(Names::new(&[])?, connect::fixed(open_guard()));
    connector.with_tls(Trust::of_system(authority)?)
}

/// A connector that reaches no private addresses, for where others lead.
///
/// # Errors
/// As [`anywhere`] has them.
pub fn outside(authority: Option<&Path>) -> Result<Anywhere> {
    let connector = Connector::new(Names::new(&[])?, connect::fixed(Guard::new(Vec::new())));
    connector.with_tls(Trust::of_system(authority)?)
}

fn open_guard() -> Guard {
    Guard::new(vec![IpNet::from(Ipv4Net::default()), IpNet::from(Ipv6Net::default())])
}

/// Connections that wait for the next event.
const IDLE: usize = 4;

/// Sends deliveries to a handler at any address, the developer's own machine above all.
pub struct Forwarder {
    sender: Sender,
    ready: Ready,
}

impl Forwarder {
    /// To the handler at `url`, as a webhook with these secrets.
    ///
    /// # Errors
    /// When the URL is none, and when name resolution or TLS cannot be set up.
    pub fn new(url: &str, secrets: Secrets, keys: &Keys, sending: &SendOptions) -> Result<Self> {
        let guard = open_guard();
        let address = Address::new(&guard, url)?;
        let guard = connect::fixed(guard);
        let ready = Ready::new(address, secrets, keys).context("the signing secret is none")?;
        let connector = Connector::new(Names::new(&sending.handler_dns)?, guard);
        let connector = connector.with_tls(Trust::of_system(sending.handler_ca.as_deref())?)?;
        let agent = sending.handler_agent.clone();
        Ok(Forwarder { sender: Sender::new(connector, agent, sending.timeout(), IDLE), ready })
    }

    /// Sends one delivery. What comes of it is for the log.
    pub async fn run(&self, leased: &Leased, auth: &Auth, now: Moment) -> Attempt {
        let parcel = self.ready.parcel(leased, auth, now);
        let outcome = self.sender.send(&self.ready.address, &parcel, now).await;
        outcome.attempt(&self.ready.secrets())
    }
}
