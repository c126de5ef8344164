//! `/rest/upload.json?token=…`: files that come by themselves, to the links that calls without their content are answered
//! with. They go to the store of contents piece by piece and are never in memory as a whole.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{Stream, StreamExt, unfold};
use http_body_util::{BodyDataStream, Full};
use hyper::body::{Body, Incoming};
use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Request, Response};
use multer::{Constraints, Field, Multipart, SizeLimit};
use portal::files::ticket::FIELD;
use portal::files::{Blob, Blobs};
use tokio::task::yield_now;
use tokio::time::timeout;
use tracing::Span;
use wire::{Fault, Format, Limits, Map, Value, fault, form};

use super::record::Record;
use super::rest::{Rest, contained, failure};
use super::slow::Watch;
use super::{Origin, note_refused};
use crate::clock;
use crate::{logs, traces};

/// Bytes of a form before its file.
const BEFORE: usize = 256 * 1024;
/// How long one upload may take altogether. What is left of others is collected when it is a day old.
const LONGEST: Duration = Duration::from_secs(12 * 3600);

/// What a file may cost that comes by itself.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Bytes of one file.
    pub size: u64,
    /// How long the next piece may take to come.
    pub pause: Duration,
}

impl Rest {
    /// Takes a file and performs the call that it is for.
    pub async fn upload(&self, request: Request<Incoming>, origin: Origin) -> Response<Full<Bytes>> {
        let received = clock::machine();
        let (head, body) = request.into_parts();
        let mut record = Record::of_upload(&self.portal, origin.address, received);
        let outcome = match self.receive(&head, body, &origin, &mut record).await {
            Ok(done) => contained(|| self.success(done, received, Format::Json, false)).flatten(),
            Err(fault) => {
                note_refused(&fault, "upload", origin.address);
                Err(fault)
            }
        };
        if let Err(fault) = &outcome {
            traces::refused(&Span::current(), fault);
            record.iter_mut().for_each(|record| record.refused(fault));
        }
        let response = outcome.unwrap_or_else(|fault| {
            let mut response = failure(&fault, Format::Json);
            // What is left of the body is not worth reading.
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            response
        });
        if let Some(record) = record {
            record.answered(&self.portal, &response, clock::machine());
        }
        response
    }

    async fn receive(
        &self,
        head: &Parts,
        body: Incoming,
        origin: &Origin,
        record: &mut Option<Record>,
    ) -> Result<portal::Done, Fault> {
        if self.portal.core().settings().require_https && !origin.https {
            return Err(fault::INVALID_REQUEST.into());
        }
        let query = form::decode(head.uri.query().unwrap_or_default().as_bytes(), &Limits::default());
        let token = query.get("token").and_then(Value::as_str).unwrap_or_default();
        let seen = record.as_ref().map(Record::seen).unwrap_or_default();
        let opened = self.portal.ticket(token, (origin.address, clock::machine()), Arc::clone(&seen)).await;
        let ticket = opened.map_err(portal::Error::into_fault)?;
        match seen.webhook() {
            Some(_) => record.iter_mut().for_each(|record| record.for_method(&ticket.method)),
            // A person in the console, whose calls are not logged.
            None => *record = None,
        }
        let boundary = head.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let boundary = boundary.and_then(|kind| multer::parse_boundary(kind).ok()).ok_or_else(|| {
            Fault::new(
                400,
                "BAD_REQUEST",
                "The file has to come as multipart/form-data, in the field \"file\"",
            )
        })?;
        if body.size_hint().lower() > self.uploads.size.saturating_add(BEFORE as u64) {
            return Err(too_large());
        }
        let stored = store(self.uploads, &self.portal.core().blobs, boundary, body);
        let brought = timeout(LONGEST, stored).await.map_err(|_| too_slow())??;
        if let Some(record) = record {
            record.asked(&Map::from([(FIELD, Value::from(brought.0.clone()))]));
        }
        let watch = Watch::begin(logs::method(&ticket.method), &seen);
        let redeemed = self.portal.redeem(ticket, brought, (origin.address, clock::machine())).await;
        let redeemed = redeemed.map_err(portal::Error::into_fault);
        self.slow.ended(&watch, redeemed.as_ref().map_or_else(|fault| fault.status, |_| 200));
        let mut done = redeemed?;
        if let Some(record) = record {
            record.performed(&done);
        }
        self.courier.carry(std::mem::take(&mut done.raised));
        Ok(done)
    }
}

/// Stores the file of a form. Dropped in the middle, it leaves nothing.
async fn store(room: Room, blobs: &Blobs, boundary: String, body: Incoming) -> Result<(String, Blob), Fault> {
    let reached = Arc::new(AtomicBool::new(false));
    let limit = SizeLimit::new().per_field(room.size);
    let pieces = bounded(body, Arc::clone(&reached));
    let mut form = Multipart::with_constraints(pieces, boundary, Constraints::new().size_limit(limit));
    let mut field = file(&mut form, room.pause).await?;
    reached.store(true, Relaxed);
    let name = field.file_name().unwrap_or_default().to_owned();
    let mut upload = blobs.upload();
    while let Some(piece) = within(room.pause, field.chunk()).await? {
        upload.write(&piece).await.map_err(unstored)?;
    }
    drop(field);
    // Only the end of the form says that the file is whole.
    while within(room.pause, form.next_field()).await?.is_some() {}
    Ok((name, upload.finish().await.map_err(unstored)?))
}

/// The field with the file; what comes before it is passed over.
async fn file(form: &mut Multipart<'static>, pause: Duration) -> Result<Field<'static>, Fault> {
    while let Some(field) = within(pause, form.next_field()).await? {
        if field.name() == Some(FIELD) {
            return Ok(field);
        }
    }
    Err(Fault::new(400, "ERROR_COULD_NOT_SAVE_FILE", "Could not save file"))
}

/// The pieces of a body, one at a time and the end by itself: the form takes all that is there into memory, and mistakes an
/// end that comes with the first piece for one that comes too early. What comes before the file is bounded, since a form
/// keeps the head of a field until it is whole.
fn bounded(
    body: Incoming,
    reached: Arc<AtomicBool>,
) -> impl Stream<Item = Result<Bytes, Broken>> + Send + 'static {
    unfold(Some((BodyDataStream::new(body), 0)), move |state| {
        let reached = Arc::clone(&reached);
        async move {
            let (mut body, before) = state?;
            if before > 0 {
                yield_now().await;
            }
            let Ok(piece) = body.next().await? else {
                return Some((Err(Broken::Off), None));
            };
            let read = before + piece.len();
            if read > BEFORE && !reached.load(Relaxed) {
                return Some((Err(Broken::NoFile), None));
            }
            Some((Ok(piece), Some((body, read))))
        }
    })
}

/// Why a body is not read on.
#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error("the body broke off")]
    Off,
    #[error("no file comes")]
    NoFile,
}

/// The next part of a form, if it comes in time.
async fn within<T>(
    pause: Duration,
    part: impl Future<Output = Result<T, multer::Error>>,
) -> Result<T, Fault> {
    match timeout(pause, part).await {
        Err(_) => Err(too_slow()),
        Ok(Ok(part)) => Ok(part),
        Ok(Err(multer::Error::FieldSizeExceeded { .. })) => Err(too_large()),
        Ok(Err(error)) => {
            tracing::debug!(%error, "an upload broke off");
            Err(Fault::new(400, "BAD_REQUEST", "The upload broke off or is not a form with a file"))
        }
    }
}

fn unstored(error: portal::files::BlobError) -> Fault {
    portal::Error::from(error).into_fault()
}

fn too_large() -> Fault {
    Fault::new(413, "REQUEST_ENTITY_TOO_LARGE", "The file is too large")
}

fn too_slow() -> Fault {
    Fault::new(408, "REQUEST_TIMEOUT", "The file did not arrive in time")
}
