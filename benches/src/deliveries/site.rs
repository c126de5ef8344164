//! A portal with outbound webhooks, and the handlers they go to.

use super::arrivals::Arrivals;
use it::crowd::{Berth, Crowd};
use it::{Portal, Server};
use std::net::Ipv4Addr;
use std::path::Path;

/// Where the handlers are; the operator must allow it.
const HERE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
/// The courier's requests at once to one handler, unless the operator decides otherwise, and to all.
const TO_ONE: usize = 64;
const IN_ALL: usize = 1024;

pub(crate) struct Site {
    portal: Option<Portal>,
    outbounds: Vec<i64>,
    pub(crate) arrivals: Arrivals,
    pub(crate) urls: Vec<String>,
    _crowd: Crowd,
}

impl Site {
    /// With so many outbound webhooks, each with a handler of its own that listens to new leads.
    pub(crate) fn new(program: &Path, handlers: usize) -> Result<Site, String> {
        let allowed = format!("{HERE}/32");
        let portal =
            Portal::of(program.to_owned()).with("--allow-handlers", &allowed).with("--handler-rate", "0");
        let server = portal.start();
        let arrivals = Arrivals::default();
        let (mut outbounds, mut urls, mut open) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..handlers {
            let berth = Berth::new(HERE);
            outbounds.push(server.portal().outbound(&berth.url(), "ONCRMLEADADD", &[]));
            urls.push(berth.url());
            open.push((berth, arrivals.handler()));
        }
        let portal = Some(server.stop());
        Ok(Site { portal, outbounds, arrivals, urls, _crowd: Crowd::start(open) })
    }

    /// The portal, while it is not served.
    pub(crate) fn portal(&self) -> &Portal {
        self.portal.as_ref().expect("it is stopped")
    }

    pub(crate) fn outbounds(&self) -> &[i64] {
        &self.outbounds
    }

    /// Requests that the courier has on their way at once.
    pub(crate) fn at_once(&self) -> usize {
        IN_ALL.min(TO_ONE * self.outbounds.len())
    }

    /// Serves it.
    pub(crate) fn start(&mut self) -> Server {
        self.portal.take().expect("it is stopped").start()
    }

    /// Ends that.
    pub(crate) fn stop(&mut self, server: Server) {
        self.portal = Some(server.stop());
    }
}
