//! What a fault rule does to an answer on its way out, and to its connection.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::{Body, Frame, SizeHint};
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use portal::faults::{Effect, Hit};
use tokio::time::sleep;
use wire::{Fault, Format};

use super::pack::Packable;
use super::rest::respond;

/// The header that says which rule hit.
const RULE: HeaderName = HeaderName::from_static("x-portreeve-fault");

/// How the connection of an answer breaks: an extension of the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// Before the answer.
    Before,
    /// Half-way.
    HalfWay,
}

/// A connection was closed because a rule wants it.
#[derive(Debug)]
pub struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fault rule closed the connection")
    }
}

impl std::error::Error for Broken {}

type Outcome = Result<Response<Full<Bytes>>, Fault>;

/// What becomes of a call that was performed, or refused by the rule.
pub async fn late(hit: &Hit, outcome: Outcome) -> Outcome {
    if hit.after && !hit.pause.is_zero() {
        sleep(hit.pause).await;
    }
    let words = match &hit.effect {
        Some(Effect::Drop) => "The connection was closed without an answer.",
        Some(Effect::Half) => "The connection was closed when half of the answer was sent.",
        Some(Effect::Status { .. }) => "The answer was replaced.",
        _ => return hit.fault().filter(|_| hit.after).map_or(outcome, Err),
    };
    match hit.effect {
        Some(Effect::Half) => outcome,
        // What was refused by itself keeps its words in the log.
        _ => Err(outcome.err().filter(|_| hit.after).unwrap_or_else(|| Fault::new(500, "", words))),
    }
}

/// Says on an answer which rule hit.
pub fn mark(response: &mut Response<Full<Bytes>>, rule: i64) {
    response.headers_mut().insert(RULE, HeaderValue::from(rule));
}

/// Replaces an answer, or has its connection break.
pub fn spoil(hit: &Hit, mut response: Response<Full<Bytes>>) -> Response<Full<Bytes>> {
    match &hit.effect {
        Some(Effect::Drop) => drop(response.extensions_mut().insert(Break::Before)),
        Some(Effect::Half) => {
            // What is packed has no length that it could fall short of.
            response.extensions_mut().remove::<Packable>();
            response.extensions_mut().insert(Break::HalfWay);
        }
        Some(Effect::Status { status, body }) => response = page(*status, body),
        _ => {}
    }
    response
}

/// The status of an answer for the log; 0 for none.
pub fn status(response: &Response<Full<Bytes>>) -> u16 {
    match response.extensions().get() {
        Some(Break::Before) => 0,
        _ => response.status().as_u16(),
    }
}

fn page(status: u16, body: &str) -> Response<Full<Bytes>> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = respond(status, Format::Json, body.to_owned());
    if !body.trim_start().starts_with(['{', '[']) {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    }
    response
}

/// The first half of a body that promises all of it, and then an error.
pub struct Half<B> {
    body: B,
    left: u64,
    whole: SizeHint,
    is_sent: bool,
}

impl<B: Body> Half<B> {
    /// Of that body.
    pub fn of(body: B) -> Self {
        let whole = body.size_hint();
        Half { left: whole.exact().unwrap_or(0) / 2, whole, body, is_sent: false }
    }
}

impl<B> Body for Half<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.left == 0 {
            if self.is_sent {
                return Poll::Ready(Some(Err(Box::new(Broken))));
            }
            // Hyper sends what it has before it asks again.
            self.is_sent = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let frame = match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => frame,
            Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error.into()))),
            Poll::Ready(None) => return Poll::Ready(None),
            Poll::Pending => return Poll::Pending,
        };
        let Ok(mut data) = frame.into_data() else { return Poll::Ready(None) };
        data.truncate(usize::try_from(self.left).unwrap_or(usize::MAX));
        self.left -= data.len() as u64;
        Poll::Ready(Some(Ok(Frame::data(data))))
    }

    fn size_hint(&self) -> SizeHint {
        self.whole
    }
}
