//! HTTP: which part of the program answers a request.

mod accept;
mod body;
pub mod chunks;
mod download;
pub mod head;
mod health;
mod mcp;
mod pack;
mod page;
mod parts;
pub mod proxy;
pub mod range;
mod record;
mod rest;
mod sabotage;
mod seats;
mod slow;
mod stream;
mod upload;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::header::{HeaderValue, STRICT_TRANSPORT_SECURITY};
use hyper::service::Service;
use hyper::{Method, Request, Response};
use hyper_util::service::TowerToHyperService;
use tracing::{Instrument, Span};
use wire::Fault;

pub use accept::NO_ROOM;
pub use health::Health;
pub use mcp::Mcp;
pub use parts::Parts;
pub use proxy::{Origin, Proxies, network};
pub use rest::Rest;

use crate::logs::{self, Tally};
use crate::tls::Tls;
use crate::traces;

/// Everything that answers requests.
pub struct Server {
    /// For `/rest/`.
    pub rest: Arc<Rest>,
    /// For `/mcp/`.
    pub mcp: Mcp,
    /// For the console, and for paths that lead nowhere.
    pub pages: TowerToHyperService<axum::Router>,
    /// For `/health`.
    pub health: Health,
    /// Proxies trusted for the origin of a request.
    pub proxies: Proxies,
    /// How connections are encrypted, if they are.
    pub tls: Option<Tls>,
    /// Whether browsers that came by https are told to come by nothing else from now on.
    pub only_https: bool,
}

const FOR_A_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// An answer: of REST, whole, or of the pages and files, in parts.
pub type Answer = Response<Either<Full<Bytes>, axum::body::Body>>;

impl Server {
    async fn answer(&self, request: Request<Incoming>, peer: SocketAddr, encrypted: bool) -> Answer {
        let origin = self.proxies.origin(peer.ip(), encrypted, request.headers());
        let area = area(request.uri().path());
        let span = match area {
            Area::Health => Span::none(),
            _ => traces::request(&request, || area.name(request.uri().path())),
        };
        let mut answer = self.of_area(&area, request, origin).instrument(span.clone()).await;
        traces::answered(&span, answer.status().as_u16());
        if origin.https && self.only_https {
            answer.headers_mut().insert(STRICT_TRANSPORT_SECURITY, FOR_A_YEAR);
        }
        answer
    }

    async fn of_area(&self, area: &Area, mut request: Request<Incoming>, origin: Origin) -> Answer {
        match area {
            Area::Download if request.method() != Method::OPTIONS => {
                download::answer(self.rest.portal(), &request).await
            }
            Area::Page if request.method() != Method::OPTIONS => {
                page::answer(self.rest.portal(), &request).await
            }
            Area::Upload if request.method() == Method::POST => {
                self.rest.upload(request, origin).await.map(Either::Left)
            }
            Area::Rest | Area::Download | Area::Page | Area::Upload => {
                self.rest.answer(request, origin).await.map(Either::Left)
            }
            Area::Mcp => self.mcp.answer(request, origin).await,
            Area::Health => self.health.answer(self.rest.portal()).await.map(Either::Left),
            Area::Pages => {
                request.extensions_mut().insert(origin);
                let Ok(answer) = self.pages.call(request).await;
                answer.map(Either::Right)
            }
        }
    }
}

/// Notes that a request was refused before it was whole. Anybody can cause that, so there is a bound.
fn note_refused(fault: &Fault, called: &str, address: IpAddr) {
    static REFUSED: Tally = Tally::new(100);
    if REFUSED
        .admits(|more| tracing::info!(more, "requests were refused within a minute before they were whole"))
    {
        let (status, reason, method) = (fault.status, &*fault.message, logs::method(called));
        tracing::info!(status, reason, method, %address, "a request was refused before it was whole");
    }
}

/// The parts of the address space.
#[derive(Debug, PartialEq)]
enum Area {
    Rest,
    Download,
    Page,
    Upload,
    Mcp,
    Health,
    Pages,
}

impl Area {
    /// What a request to a path of it is called in traces: as its method, where there is one of that name.
    fn name(&self, path: &str) -> &'static str {
        match self {
            Area::Rest => match logs::method(&wire::path::parse(path).method) {
                "" => "unknown method",
                method => method,
            },
            Area::Download => "download",
            Area::Page => "page",
            Area::Upload => "upload",
            Area::Mcp => "mcp",
            Area::Health => "health",
            Area::Pages => "console",
        }
    }
}

/// Clients put several slashes where one is meant (protocol 1.1).
fn area(path: &str) -> Area {
    let path = path.trim_start_matches('/');
    match path.strip_prefix("rest") {
        Some(rest) if rest.starts_with('/') && rest.trim_matches('/') == "download" => Area::Download,
        Some(rest) if rest.starts_with('/') && rest.trim_matches('/') == "upload.json" => Area::Upload,
        Some(rest) if rest.starts_with('/') && rest.trim_matches('/') == "page" => Area::Page,
        Some(rest) if rest.is_empty() || rest.starts_with('/') => Area::Rest,
        _ if path == "mcp" || path.starts_with("mcp/") => Area::Mcp,
        _ if path == "health" => Area::Health,
        _ => Area::Pages,
    }
}

#[cfg(test)]
mod tests {
    use super::{Area, area};

    #[test]
    fn the_first_segment_says_who_answers() {
        for path in ["/rest", "/rest/", "//rest/1/x/profile", "/rest//1"] {
            assert_eq!(area(path), Area::Rest, "{path}");
        }
        assert_eq!(area("/rest/download/"), Area::Download);
        assert_eq!(area("/rest/page/"), Area::Page);
        assert_eq!(area("/rest/upload.json"), Area::Upload);
        assert_eq!(area("/rest/1/x/download"), Area::Rest);
        assert_eq!(area("/mcp/1/x"), Area::Mcp);
        assert_eq!(area("/health"), Area::Health);
        for path in ["/", "", "/restore", "/REST/1", "/mcps", "/devops/"] {
            assert_eq!(area(path), Area::Pages, "{path}");
        }
    }
}
