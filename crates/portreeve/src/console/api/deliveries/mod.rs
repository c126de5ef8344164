//! The log of deliveries.

mod act;
mod strip;

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use jiff::tz::TimeZone;
use portal::outbound::find;
use portal::outbound::headers::Extras;
use portal::outbound::log::{self, Answered, Delivery, Filter, Page, State as Stands, Tried};
use portal::outbound::payload::{self, Payload};
use portal::outbound::{Auth, hop, sign, trial};
use portal::texts::Language;
use serde::Deserialize;
use serde_json::{Value, json};
use store::Tx;
use wire::Fault;

use super::ask::{Caller, Id, Query, moment};
use super::ok;
use super::refusal::{Refusal, in_words};
use crate::console::Console;
use crate::courier::Parcel;
use crate::logs::MASK;
use crate::outbound::json;
use crate::when;

pub use act::{cancel, cancel_many, forward, replay, replay_many};
pub use strip::strip;

/// Rows on a page of a log, of deliveries or of calls, unless another number is asked for, and at most.
const PAGE_SIZE: i64 = 50;
const LONGEST_PAGE: i64 = 500;
/// How long one request goes on to look for words, which no index knows.
const TIME: Duration = Duration::from_secs(1);
/// Letters that are looked for at most.
const MAX_SEARCH: usize = 200;

/// Which deliveries are meant; what is missing does not matter.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Wanted {
    integration: Option<i64>,
    outbound: Option<i64>,
    event: Option<String>,
    state: Option<String>,
    since: Option<String>,
    until: Option<String>,
    status: Option<String>,
    object: Option<String>,
    search: Option<String>,
    before: Option<i64>,
    /// These alone: for sending again and cancelling.
    ids: Option<Vec<i64>>,
}

impl Wanted {
    /// As a query says it.
    pub fn of(query: &Query) -> Result<Self, Fault> {
        Ok(Wanted {
            integration: query.number("integration")?,
            outbound: query.number("outbound")?,
            event: query.text("event"),
            state: query.text("state"),
            since: query.text("since"),
            until: query.text("until"),
            status: query.text("status"),
            object: query.text("object"),
            search: query.text("search"),
            before: query.number("before")?,
            ids: None,
        })
    }

    /// Of those that `owner` has; everybody's where there is none.
    pub fn filter(&self, owner: Option<i64>, console: &Console) -> Result<Filter, Fault> {
        let at =
            |text: &Option<String>, name| text.as_ref().map(|text| moment(text, name, console)).transpose();
        if self.search.as_ref().is_some_and(|words| words.chars().count() > MAX_SEARCH) {
            let text = format!("search can have at most {MAX_SEARCH} characters.");
            return Err(Fault::argument(text, "search"));
        }
        Ok(Filter {
            outbound_id: self.outbound,
            integration_id: self.integration,
            owner,
            event: self.event.as_ref().map(|event| event.to_ascii_uppercase()),
            object: self.object.clone(),
            state: self.state.as_deref().map(state).transpose()?,
            words: self.search.clone(),
            answered: self.status.as_deref().map(answered).transpose()?,
            since: at(&self.since, "since")?,
            until: at(&self.until, "until")?,
            before: self.before,
        })
    }
}

/// `{"deliveries": [..], "before": n}`, newest first, each with its last try. `before` is where the next page
/// begins, `null` on the last. A page may be short, or empty, and not the last: see [`log::search`]; `searched` is the moment
/// down to which it looked. For words it goes on for a second.
pub async fn list(State(console): State<Console>, who: Caller, query: Query) -> Result<Response, Refusal> {
    let limit = limit(&query)?;
    let filter = Wanted::of(&query)?.filter(who.sees(), &console)?;
    let patience = if filter.words.is_some() { TIME } else { Duration::ZERO };
    Ok(ok(&page(&console, filter, (limit, patience), who.1.language).await?))
}

/// How many rows a query wants on a page of a log.
pub fn limit(query: &Query) -> Result<usize, Fault> {
    let limit = query.number("limit")?.unwrap_or(PAGE_SIZE);
    let fits = usize::try_from(limit).ok().filter(|_| (1..=LONGEST_PAGE).contains(&limit));
    fits.ok_or_else(|| Fault::argument(format!("limit must be from 1 to {LONGEST_PAGE}."), "limit"))
}

/// A page of what [`list`] gives, of at most so many, looked for step by step until it is full or so much time has passed.
pub async fn page(
    console: &Console,
    mut filter: Filter,
    (limit, patience): (usize, Duration),
    language: Language,
) -> Result<Value, Refusal> {
    let (begun, mut deliveries) = (Instant::now(), Vec::new());
    let (before, searched) = loop {
        let (asked, room) = (filter.clone(), limit - deliveries.len());
        let job = move |tx: &mut Tx<'_>| {
            let page = log::search(tx, &asked, room)?;
            let searched = page.before.map(|before| log::raised(tx, before)).transpose()?.flatten();
            Ok::<_, portal::Error>((page, searched))
        };
        let (Page { deliveries: mut found, before }, searched) =
            console.portal.core().store.read(job).await?;
        deliveries.append(&mut found);
        if before.is_none() || deliveries.len() >= limit || begun.elapsed() >= patience {
            break (before, searched);
        }
        filter.before = before;
    };
    let zone = &console.portal.core().zone();
    let shape = |(delivery, last): &(Delivery, Option<Tried>)| {
        let last = last.as_ref().map_or(Value::Null, |tried| in_page(tried, zone, language));
        json::delivery(delivery, ("last_try", last), zone)
    };
    Ok(json!({
        "deliveries": deliveries.iter().map(shape).collect::<Value>(),
        "before": before,
        "searched": searched.map(|at| when::exact(zone, at)),
    }))
}

/// One with all its tries, and the request as its handler gets it, without the token.
pub async fn one(State(console): State<Console>, who: Caller, Id(id): Id) -> Result<Response, Refusal> {
    let core = console.portal.core().clone();
    let job = move |tx: &mut Tx<'_>| {
        let found = log::reachable(tx, id, who.0)?;
        let webhook = find::find(tx, found.0.outbound_id)?;
        let may_send_secrets = webhook.as_ref().is_some_and(|webhook| webhook.user_id == who.0.user_id);
        let extras = webhook.map(|webhook| webhook.extras).unwrap_or_default();
        Ok((found, log::actions(tx, id)?, may_send_secrets, extras, Auth::of(&core.current(tx)?)))
    };
    let read: portal::Result<_> = console.portal.core().store.read(job).await;
    let ((delivery, tries), actions, may_send_secrets, extras, auth) = read?;
    let zone = &console.portal.core().zone();
    let request = request(&console, &delivery, tries.last(), (&auth, &extras));
    let tries = tries.iter().map(|tried| in_page(tried, zone, who.1.language)).collect();
    let mut shape = json::delivery(&delivery, ("tries", tries), zone);
    shape["request"] = request;
    shape["actions"] = actions.iter().map(|action| json::action(action, zone)).collect();
    shape["may_send_secrets"] = may_send_secrets.into();
    Ok(ok(&shape))
}

/// A try, in the language of the page.
fn in_page(tried: &Tried, zone: &TimeZone, language: Language) -> Value {
    let mut shape = json::tried(tried, zone);
    if let Some(error) = &tried.attempt.error {
        shape["error"] = in_words(error, language).into();
    }
    shape
}

/// The request of the last try, or of the first one to come: `{"url", "headers": [[name, value], ..], "body"}`. The
/// token, the signature, the proof of the hop and the values of further headers stand under asterisks; `url` is `null` for a listener, and without a webhook.
fn request(
    console: &Console,
    delivery: &Delivery,
    last: Option<&Tried>,
    (auth, extras): (&Auth, &Extras),
) -> Value {
    let letter = Payload {
        event: &delivery.event,
        event_handler_id: delivery.event_handler_id,
        data: &delivery.data,
        ts: delivery.raised.seconds(),
    };
    let body = payload::body(letter, auth, MASK);
    let mask = HeaderValue::from_static(MASK);
    let names = extras.lines().into_iter().filter_map(|(name, _)| name.parse::<HeaderName>().ok());
    let further: HeaderMap = names.map(|name| (name, mask.clone())).collect();
    let timestamp = last.map_or(delivery.due, |tried| tried.attempt.started).seconds();
    let hop = hop::count(delivery.hop.saturating_add(1), delivery.id, timestamp);
    let parcel = Parcel {
        body: body.clone().into(),
        message_id: sign::message_id(&auth.member_id, delivery.id, delivery.raised),
        timestamp,
        signature: format!("v1,{MASK}"),
        hop: Some(format!("{hop}.{MASK}")),
        is_test: delivery.object == trial::OBJECT,
        further: Arc::new(further),
    };
    let url = delivery.addressee.as_ref().map(|to| to.handler_url.as_str()).filter(|url| !url.is_empty());
    json!({"method": "POST", "url": url, "headers": console.courier.headers(&parcel), "body": body})
}

fn state(name: &str) -> Result<Stands, Fault> {
    let names = || Stands::ALL.map(Stands::name).join(", ");
    Stands::parse(name)
        .ok_or_else(|| Fault::argument(format!("The state must be one of {}.", names()), "state"))
}

fn answered(name: &str) -> Result<Answered, Fault> {
    let wrong = || Fault::argument("The status must be one of 2xx, 3xx, 4xx, 5xx, none.", "status");
    Answered::parse(name).ok_or_else(wrong)
}
