//! The log of deliveries, and sending again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use jiff::tz::TimeZone;
use portal::Moment;
use portal::outbound::headers::Extras;
use portal::outbound::log::{self, Answered, Delivery, Filter, Page, State as Stands, Tried};
use portal::outbound::manage::{self, Actor};
use portal::outbound::payload::{self, Payload};
use portal::outbound::queue::Lane;
use portal::outbound::{Auth, hop, sign, trial};
use portal::texts::Language;
use portal::usage::{self, Kind, Search};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Tx;
use wire::Fault;

use super::ask::{Body, Caller, Id, Query, moment};
use super::ok;
use super::refusal::{Refusal, in_words};
use crate::console::Console;
use crate::courier::Parcel;
use crate::logs::MASK;
use crate::outbound::json;
use crate::{clock, when};

/// Deliveries on a page, unless another number is asked for, and at most.
const PAGE_SIZE: i64 = 50;
const LONGEST_PAGE: i64 = 500;
/// What is sent again in one transaction, and how long one request may go on with it.
const STEP: usize = 200;
const TIME: Duration = Duration::from_secs(5);
/// Hours of the summary.
const HOURS: i64 = 24;

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
    before: Option<i64>,
    /// These alone: for sending again.
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
            before: query.number("before")?,
            ids: None,
        })
    }

    /// Of those that `owner` has; everybody's where there is none.
    pub fn filter(&self, owner: Option<i64>, console: &Console) -> Result<Filter, Fault> {
        let at =
            |text: &Option<String>, name| text.as_ref().map(|text| moment(text, name, console)).transpose();
        Ok(Filter {
            outbound_id: self.outbound,
            integration_id: self.integration,
            owner,
            event: self.event.as_ref().map(|event| event.to_ascii_uppercase()),
            object: self.object.clone(),
            state: self.state.as_deref().map(state).transpose()?,
            answered: self.status.as_deref().map(answered).transpose()?,
            since: at(&self.since, "since")?,
            until: at(&self.until, "until")?,
            before: self.before,
        })
    }
}

/// `{"deliveries": [..], "before": n}`, newest first, each with its last try. `before` is where the next page
/// begins, `null` on the last. A page may be short, or empty, and not the last: see [`log::search`].
pub async fn list(State(console): State<Console>, who: Caller, query: Query) -> Result<Response, Refusal> {
    let limit = limit(&query)?;
    let filter = Wanted::of(&query)?.filter(who.sees(), &console)?;
    Ok(ok(&page(&console, filter, limit, who.1.language).await?))
}

/// How many a query wants on a page.
pub fn limit(query: &Query) -> Result<usize, Fault> {
    let limit = query.number("limit")?.unwrap_or(PAGE_SIZE);
    let fits = usize::try_from(limit).ok().filter(|_| (1..=LONGEST_PAGE).contains(&limit));
    fits.ok_or_else(|| Fault::argument(format!("limit must be from 1 to {LONGEST_PAGE}."), "limit"))
}

/// A page of what [`list`] gives.
pub async fn page(
    console: &Console,
    filter: Filter,
    limit: usize,
    language: Language,
) -> Result<Value, Refusal> {
    let job = move |tx: &mut Tx<'_>| {
        let page = log::search(tx, &filter, limit)?;
        let searched = page.before.map(|before| log::raised(tx, before)).transpose()?.flatten();
        Ok::<_, portal::Error>((page, searched))
    };
    let (Page { deliveries, before }, searched) = console.portal.core().store.read(job).await?;
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

/// `{"hours": [{"hour", "delivered", "failed"}, ..], "waiting": n, "more": false}`: the last 24 hours, oldest first,
/// and what waits now; more of it than that when `more`.
pub async fn summary(State(console): State<Console>, who: Caller) -> Result<Response, Refusal> {
    let (owner, last) = (who.sees(), usage::hour(clock::now()));
    let hours = last - HOURS + 1..last + 1;
    let asked = Search { owner, integration_id: None, hours: hours.clone() };
    let job = move |tx: &mut Tx<'_>| {
        let series = usage::series(tx, &asked, Kind::Delivered, 0)?;
        Ok::<_, portal::Error>((series, log::count_open(tx, owner)?))
    };
    let (series, waiting) = console.portal.core().store.read(job).await?;
    let zone = &console.portal.core().zone();
    let hours: Value = hours
        .map(|hour| {
            let sums = series.first().and_then(|all| all.hours.get(&hour)).copied().unwrap_or_default();
            let at = portal::moment::print(zone, hour * 3600).into_string();
            json!({"hour": at, "delivered": sums.delivered, "failed": sums.failed})
        })
        .collect();
    Ok(ok(&json!({"hours": hours, "waiting": waiting, "more": waiting == log::MAX_COUNTED})))
}

/// One with all its tries, and the request as its handler gets it, without the token.
pub async fn one(State(console): State<Console>, who: Caller, Id(id): Id) -> Result<Response, Refusal> {
    let core = console.portal.core().clone();
    let job = move |tx: &mut Tx<'_>| {
        let found = reachable(tx, id, who.0)?;
        let extras = manage::find(tx, found.0.outbound_id)?.map(|webhook| webhook.extras).unwrap_or_default();
        Ok((found, extras, Auth::of(&core.current(tx)?)))
    };
    let read: portal::Result<_> = console.portal.core().store.read(job).await;
    let ((delivery, tries), extras, auth) = read?;
    let zone = &console.portal.core().zone();
    let request = request(&console, &delivery, tries.last(), (&auth, &extras));
    let tries = tries.iter().map(|tried| in_page(tried, zone, who.1.language)).collect();
    let mut shape = json::delivery(&delivery, ("tries", tries), zone);
    shape["request"] = request;
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
        hop: format!("{hop}.{MASK}"),
        is_test: delivery.object == trial::OBJECT,
        further: Arc::new(further),
    };
    let url = delivery.addressee.as_ref().map(|to| to.handler_url.as_str()).filter(|url| !url.is_empty());
    json!({"method": "POST", "url": url, "headers": console.courier.headers(&parcel), "body": body})
}

/// Sends one again: `{"replayed": 1}`.
pub async fn replay(State(console): State<Console>, who: Caller, Id(id): Id) -> Result<Response, Refusal> {
    let job = move |tx: &mut Tx<'_>| again(tx, id, who.0, clock::now());
    let outbound: Result<i64, portal::Error> = console.portal.core().store.write(job).await;
    console.courier.poke(Lane::Retry, &[outbound?]);
    Ok(ok(&json!({"replayed": 1})))
}

/// Sends one again that the actor may see; gives its webhook.
fn again(tx: &mut Tx<'_>, id: i64, actor: Actor, now: Moment) -> portal::Result<i64> {
    let (delivery, _) = reachable(tx, id, actor)?;
    let text = "The delivery is being sent, or its webhook has been deleted.";
    let refused = || Fault::new(409, "ERROR_NOT_REPLAYABLE", text).into();
    log::replay(tx, id, now)?.then_some(delivery.outbound_id).ok_or_else(refused)
}

/// Sends again what a filter finds, or the deliveries of these numbers: `{"replayed": n, "more": false, "before":
/// null}`. Where there is more, the same request with that `before` goes on. What is being sent is left out, and
/// what has no webhook any more.
pub async fn replay_many(
    State(console): State<Console>,
    who: Caller,
    Body(wanted): Body<Wanted>,
) -> Result<Response, Refusal> {
    if let Some(ids) = &wanted.ids {
        return replay_each(&console, who, ids).await;
    }
    let (now, begun, mut replayed) = (clock::now(), Instant::now(), 0);
    let mut filter = wanted.filter(who.sees(), &console)?;
    while begun.elapsed() < TIME {
        let asked = filter.clone();
        let job = move |tx: &mut Tx<'_>| log::replay_found(tx, &asked, STEP, now);
        let step = console.portal.core().store.write(job).await?;
        replayed += step.count;
        console.courier.poke(Lane::Retry, &step.outbounds.into_iter().collect::<Vec<_>>());
        filter.before = step.before;
        if step.before.is_none() {
            break;
        }
    }
    tracing::info!(by = who.0.user_id, replayed, "deliveries are sent again");
    Ok(ok(&json!({"replayed": replayed, "more": filter.before.is_some(), "before": filter.before})))
}

async fn replay_each(console: &Console, who: Caller, ids: &[i64]) -> Result<Response, Refusal> {
    if ids.len() > STEP {
        return Err(Fault::argument(format!("ids can have at most {STEP} values."), "ids").into());
    }
    let (ids, now) = (ids.to_vec(), clock::now());
    let job = move |tx: &mut Tx<'_>| {
        let mut outbounds = Vec::new();
        for id in &ids {
            let (delivery, _) = reachable(tx, *id, who.0)?;
            outbounds.extend(log::replay(tx, *id, now)?.then_some(delivery.outbound_id));
        }
        Ok::<_, portal::Error>(outbounds)
    };
    let outbounds = console.portal.core().store.write(job).await?;
    console.courier.poke(Lane::Retry, &outbounds);
    Ok(ok(&json!({"replayed": outbounds.len(), "more": false, "before": null})))
}

/// A delivery that the actor may see: of a webhook within reach, or any for an administrator.
fn reachable(tx: &mut Tx<'_>, id: i64, actor: Actor) -> portal::Result<(Delivery, Vec<Tried>)> {
    let found = log::show(tx, id)?.ok_or_else(|| Fault::not_found("The delivery does not exist."))?;
    if !actor.is_admin {
        manage::reachable(tx, found.0.outbound_id, actor)?;
    }
    Ok(found)
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
