//! Whether a handler can be reached: its name, the rules of the network, the connection and TLS. It is sent nothing.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use hyper::Uri;
use hyper_rustls::HttpsConnector;
use portal::settings::Settings;
use tokio::time::timeout;
use tower_service::Service;

use super::connect::{Connector, Guards};
use super::failure::Failure;
use super::options::SendOptions;
use super::resolve::Names;
use super::trust::Trust;

/// Tries connections as the courier of a portal makes them.
#[derive(Clone)]
pub struct Reach {
    connector: HttpsConnector<Connector>,
    patience: Duration,
}

impl Reach {
    /// As a portal with these settings does it.
    ///
    /// # Errors
    /// When name resolution or TLS cannot be set up.
    pub fn new(settings: &Settings, sending: &SendOptions) -> Result<Self> {
        let (guard, chosen) = (Arc::clone(&settings.guard), Arc::clone(&settings.handler_ca));
        let guards: Guards = Arc::new(move || Arc::clone(&guard));
        let trust = Trust::of_system(sending.handler_ca.as_deref())?;
        let trust = trust.with(Arc::new(move || Arc::clone(&chosen)));
        let names = Names::new(&sending.handler_dns)?;
        let connector = Connector::new(names, guards).through(sending.proxies()?).with_tls(trust)?;
        Ok(Reach { connector, patience: sending.timeout() })
    }

    /// Connects to where a handler is, and hangs up.
    ///
    /// # Errors
    /// Why a delivery would not get there.
    pub async fn knock(mut self, handler: &str) -> Result<(), Failure> {
        let uri = handler.parse::<Uri>().map_err(|error| Failure::Other(error.to_string()))?;
        let connected = timeout(self.patience, self.connector.call(uri)).await;
        let connected = connected.map_err(|_| Failure::TimedOut)?;
        connected.map(drop).map_err(|error| Failure::beneath(&*error))
    }
}
