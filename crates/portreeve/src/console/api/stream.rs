//! What a page shows as it changes: server-sent events. The page is read again and again, and sent when it differs from what
//! was sent last, so nothing has to be kept between two looks, and changes of other nodes are seen as well.

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http_body_util::BodyExt;
use http_body_util::channel::{Channel, Sender};
use parking_lot::Mutex;
use portal::texts::Language;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};
use wire::Fault;

use super::ask::{Caller, Query, mine};
use super::refusal::Refusal;
use crate::api::deliveries::{self, Wanted};
use crate::console::Console;
use crate::console::visit::{SignedIn, Visit, user_of};

/// Streams of one user at once: browsers give six connections to a server, and there may be two of them.
const MAX: usize = 12;
/// The list is read no oftener than this.
const PAUSE: Duration = Duration::from_millis(334);
/// As often something is sent, if only to learn that nobody is there any more.
const SIGN: Duration = Duration::from_secs(15);
/// A browser that takes nothing for so long is gone.
const PATIENCE: Duration = Duration::from_secs(30);
/// Tells a proxy not to buffer the stream.
const NO_GATHERING: (HeaderName, &str) = (HeaderName::from_static("x-accel-buffering"), "no");

/// How many streams every user has.
#[derive(Clone, Default)]
pub struct Streams(Arc<Mutex<HashMap<i64, usize>>>);

/// One of a user's streams, for as long as it is kept.
struct Seat {
    streams: Streams,
    user_id: i64,
}

impl Streams {
    fn take(&self, user_id: i64) -> Option<Seat> {
        let mut taken = self.0.lock();
        let count = taken.entry(user_id).or_default();
        if *count >= MAX {
            return None;
        }
        *count += 1;
        Some(Seat { streams: self.clone(), user_id })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.streams.0.lock();
        if let Some(count) = taken.get_mut(&self.user_id) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.user_id);
            }
        }
    }
}

/// What a stream shows.
pub trait Look: Send + Sync + 'static {
    /// The name of its events.
    const EVENT: &'static str;
    /// It is read as often without a sign, for other nodes change it, too.
    const TICK: Duration;

    /// It as it is now, for whom the sign-in is now; `None` when it cannot be read.
    fn page(&self, console: &Console, who: SignedIn) -> impl Future<Output = Option<String>> + Send;
}

/// Shows something at once and whenever it has changed; until the sign-in ends.
pub fn open<L: Look>(console: Console, user_id: i64, visit: Visit, look: L) -> Result<Response, Refusal> {
    let full = || Fault::new(429, "ERROR_TOO_MANY_STREAMS", "Too many pages are showing live changes.");
    let seat = console.streams.take(user_id).ok_or_else(full)?;
    let (sender, body) = Channel::<Bytes, Infallible>::new(1);
    let (there, left) = oneshot::channel::<Infallible>();
    let feed = Feed { console, token: visit.session.unwrap_or_default(), look };
    tokio::spawn(async move {
        // A page that was left gives up its seat at once: whoever looks at one after the other needs it for the next.
        tokio::select! {
            () = feed.run(sender) => {}
            _ = left => {}
        }
        drop(seat);
    });
    let body = body.map_frame(move |frame| {
        let _held = &there;
        frame
    });
    Ok(([(CONTENT_TYPE, "text/event-stream")], [NO_GATHERING], Body::new(body)).into_response())
}

/// What a stream is fed from. Between two looks it keeps nothing open.
struct Feed<L> {
    console: Console,
    /// The sign-in.
    token: String,
    look: L,
}

impl<L: Look> Feed<L> {
    async fn run(self, mut to: Sender<Bytes>) {
        let mut observer = self.console.courier.look_on();
        let (mut shown, mut sent) = (String::new(), Instant::now());
        // Nothing to show: the sign-in is over, or the store failed; the browser asks again and is told.
        while let Some(page) = self.page().await {
            let news = (page != shown).then(|| format!("event: {}\ndata: {page}\n\n", L::EVENT));
            let sign = || (sent.elapsed() >= SIGN).then(|| ":\n\n".to_owned());
            if let Some(text) = news.or_else(sign) {
                if !matches!(timeout(PATIENCE, to.send_data(text.into())).await, Ok(Ok(()))) {
                    return;
                }
                (shown, sent) = (page, Instant::now());
            }
            sleep(PAUSE).await;
            if !observer.wait(L::TICK).await {
                return;
            }
        }
    }

    async fn page(&self) -> Option<String> {
        let signed_in = user_of(&self.console, self.token.clone()).await.ok()??;
        if signed_in.lacks_factor {
            return None;
        }
        self.look.page(&self.console, signed_in).await
    }
}

/// `event: deliveries` with the first page of what [`deliveries::list`] gives for the same query.
pub async fn deliveries(
    State(console): State<Console>,
    who: Caller,
    visit: Visit,
    query: Query,
) -> Result<Response, Refusal> {
    let (limit, mine, wanted) = (query.limit()?, mine(&query)?, Wanted::of(&query)?);
    wanted.filter(who.sees(), &console.portal)?;
    let look = Deliveries { wanted, mine, limit, language: who.1.language };
    open(console, who.0.user_id, visit, look)
}

struct Deliveries {
    wanted: Wanted,
    mine: bool,
    limit: usize,
    language: Language,
}

impl Look for Deliveries {
    const EVENT: &'static str = "deliveries";
    const TICK: Duration = Duration::from_secs(2);

    async fn page(&self, console: &Console, who: SignedIn) -> Option<String> {
        let owner = (self.mine || !who.user.is_admin).then_some(who.user.id);
        let filter = self.wanted.filter(owner, &console.portal).ok()?;
        let page = deliveries::page(&console.portal, filter, (self.limit, Duration::ZERO), self.language)
            .await
            .ok()?;
        Some(page.to_string())
    }
}
