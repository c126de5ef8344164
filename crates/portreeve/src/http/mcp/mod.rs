//! `/mcp/{user}/{secret}`: what a webhook may call, as tools for a language model (Model Context Protocol, streamable HTTP).
//!
//! There are no sessions: each request stands for itself, and has its credentials in its path like a call of REST. Those never
//! reach the SDK, which logs what it is given.

mod call;
mod tools;

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Either, Full};
use hyper::body::Incoming;
use hyper::header::{ACCEPT, ALLOW, CONNECTION, CONTENT_TYPE, HOST, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, StatusCode};
use portal::call::Caller;
use portal::hooks::Secret;
use portal::method;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use serde_json::json;
use tracing::Span;
use wire::{Fault, Format, Limits, Map, Text, Version, form};

use super::body::Arriving;
use super::record::Record;
use super::{Answer, Origin, Rest};
use crate::clock;
use tools::Tools;

/// What the log of calls says was called where a visitor was turned away at the door.
const CALLED: &str = "mcp";
/// The code of JSON-RPC for a refusal at the door.
const REFUSED: i64 = -32_001;

/// Serves `/mcp/`.
pub struct Mcp {
    rest: Arc<Rest>,
    service: StreamableHttpService<Tools, NeverSessionManager>,
}

/// Who asks for a tool, and how.
pub struct Visitor {
    credentials: (Text, Secret),
    caller: Caller,
    /// Whether only methods that change nothing are offered.
    only_reads: bool,
    origin: Origin,
    hop: u8,
    /// That of the request, which the SDK may leave.
    span: Span,
}

impl Visitor {
    /// Whether the visitor may call a method, and wants to be offered it.
    fn may(&self, method: &method::Method) -> bool {
        self.caller.may_call(method) && !(self.only_reads && method.writes)
    }

    /// Whether no method is offered that changes something.
    fn reads(&self) -> bool {
        self.only_reads || self.caller.read_only
    }
}

impl Mcp {
    /// Serves the methods that `rest` performs.
    pub fn new(rest: Arc<Rest>) -> Self {
        // Who is let in knows a secret, which a page that was rebound to us does not. The body was bounded before.
        let config = StreamableHttpServerConfig::default()
            .with_legacy_session_mode(false)
            .with_json_response(true)
            .disable_allowed_hosts()
            .with_max_request_body_bytes(usize::MAX);
        let tools = Tools::new(Arc::clone(&rest));
        let service = StreamableHttpService::new(move || Ok(tools.clone()), Arc::default(), config);
        Mcp { rest, service }
    }

    /// Answers a request.
    pub async fn answer(&self, request: Request<Incoming>, origin: Origin) -> Answer {
        let (head, body) = request.into_parts();
        let mut body = Arriving::from(body);
        let mut response = match head.method {
            Method::POST => match self.open(&head, &mut body, origin).await {
                Ok(request) => whole(self.service.handle(request).await).await,
                Err(fault) => refusal(&fault),
            },
            _ => not_allowed(),
        };
        if !body.is_over() {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response.map(Either::Left)
    }

    /// A request as the SDK gets it: without its path, and with who it comes from.
    async fn open(
        &self,
        head: &Parts,
        body: &mut Arriving,
        origin: Origin,
    ) -> Result<Request<Full<Bytes>>, Fault> {
        let ask = ask(head, &origin);
        let caller = match self.rest.portal().visitor(&ask).await {
            Ok(caller) => caller,
            Err(error) => return Err(self.turn_away(&ask, error.into_fault())),
        };
        let held = self.rest.read_of(body, caller.user_id).await?;
        let only_reads = form::decode(head.uri.query().unwrap_or_default().as_bytes(), &Limits::default())
            .get("readonly")
            .is_some_and(|value| value.text().is_none_or(|text| !["0", "N", "false"].contains(&&*text)));
        let credentials = ask.credentials.unwrap_or_else(|| (Text::default(), Secret::from("")));
        let visitor = Visitor {
            credentials,
            caller,
            only_reads,
            origin,
            hop: self.rest.hop(head),
            span: Span::current(),
        };
        let mut request = Request::new(Full::new(Bytes::from_owner(held)));
        *request.method_mut() = Method::POST;
        let known = |name: &str| name == CONTENT_TYPE.as_str() || name.starts_with("mcp-");
        let headers = head.headers.iter().filter(|(name, _)| known(name.as_str()));
        request.headers_mut().extend(headers.map(|(name, value)| (name.clone(), value.clone())));
        // Answers are never streamed, so that it does not matter what a client would take besides.
        let takes = HeaderValue::from_static("application/json, text/event-stream");
        request.headers_mut().insert(ACCEPT, takes);
        // It wants to know which host was asked, and every one will do.
        request.headers_mut().insert(HOST, HeaderValue::from_static("localhost"));
        request.extensions_mut().insert(Arc::new(visitor));
        Ok(request)
    }

    /// Logs a refusal at the door like one of REST.
    fn turn_away(&self, ask: &portal::Request, fault: Fault) -> Fault {
        if let Some(mut record) = Record::begin(self.rest.portal(), ask) {
            record.refused(&fault);
            record.end(self.rest.portal(), (fault.status, 0), clock::machine());
        }
        fault
    }
}

/// The request as one of REST whose method is not known yet.
fn ask(head: &Parts, origin: &Origin) -> portal::Request {
    let mut segments = head.uri.path().split('/').filter(|segment| !segment.is_empty()).skip(1);
    let credentials = match (segments.next(), segments.next(), segments.next()) {
        (Some(user), Some(secret), None) => Some((Text::new(user), Secret::from(secret))),
        _ => None,
    };
    portal::Request {
        credentials,
        version: Version::V2,
        method: CALLED.to_owned(),
        key: None,
        params: Map::new(),
        address: origin.address,
        https: origin.https,
        received: clock::machine(),
        hop: 0,
        seen: Arc::default(),
    }
}

/// An answer in memory, which those of tools are: nothing is streamed.
async fn whole(response: Response<BoxBody<Bytes, Infallible>>) -> Response<Full<Bytes>> {
    let (head, body) = response.into_parts();
    let Ok(body) = body.collect().await;
    Response::from_parts(head, Full::new(body.to_bytes()))
}

fn refusal(fault: &Fault) -> Response<Full<Bytes>> {
    let error = json!({"code": REFUSED, "message": format!("{}: {}", fault.code, fault.message)});
    let body = json!({"jsonrpc": "2.0", "id": null, "error": error}).to_string();
    let mut response = Response::new(Full::from(body));
    *response.status_mut() = StatusCode::from_u16(fault.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = HeaderValue::from_static(Format::Json.content_type());
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

fn not_allowed() -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
    response
}
