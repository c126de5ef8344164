//! The log of deliveries, and sending again.

use axum::extract::State;
use axum::response::Response;
use portal::Moment;
use portal::outbound::log::{self, Answered, Delivery, Filter, Page, State as Stands, Tried};
use portal::outbound::manage::{self, Actor};
use portal::outbound::queue::Lane;
use serde::Deserialize;
use serde_json::{Value, json};
use store::Tx;
use wire::Fault;

use super::ask::{Body, Caller, Id, Query, moment};
use super::ok;
use super::refusal::Refusal;
use crate::clock;
use crate::console::Console;
use crate::outbound::json;

/// Deliveries on a page, unless another number is asked for, and at most.
const PAGE_SIZE: i64 = 50;
const LONGEST_PAGE: i64 = 500;
/// What is sent again in one transaction, and how many of these one request may take.
const STEP: usize = 1000;
const STEPS: usize = 100;

/// What to send again.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Again {
    /// Only what was raised since then.
    #[serde(default)]
    since: Option<String>,
}

/// `{"deliveries": [..], "before": n}`, newest first, each with its last try. `before` is where the next page
/// begins, `null` on the last. A page may be short, or empty, and not the last: see [`log::search`].
pub async fn list(State(console): State<Console>, who: Caller, query: Query) -> Result<Response, Refusal> {
    let limit = query.number("limit")?.unwrap_or(PAGE_SIZE);
    if !(1..=LONGEST_PAGE).contains(&limit) {
        return Err(Fault::argument(format!("limit is 1 to {LONGEST_PAGE}."), "limit").into());
    }
    let limit = usize::try_from(limit).expect("it was just checked to be small and positive");
    let filter = filter(&query, &who, &console)?;
    let job = move |tx: &mut Tx<'_>| log::search(tx, &filter, limit);
    let Page { deliveries, before } = console.portal.core().store.read(job).await?;
    let zone = &console.portal.core().settings.zone;
    let shape = |(delivery, last): &(Delivery, Option<Tried>)| {
        let last = last.as_ref().map_or(Value::Null, |tried| json::tried(tried, zone));
        json::delivery(delivery, ("last_try", last), zone)
    };
    Ok(ok(&json!({"deliveries": deliveries.iter().map(shape).collect::<Value>(), "before": before})))
}

/// Which deliveries a query means, of those that the caller may see.
fn filter(query: &Query, who: &Caller, console: &Console) -> Result<Filter, Fault> {
    Ok(Filter {
        outbound_id: query.number("outbound")?,
        integration_id: query.number("integration")?,
        owner: who.sees(),
        event: query.text("event").map(|event| event.to_ascii_uppercase()),
        object: query.text("object"),
        state: query.text("state").map(|name| state(&name)).transpose()?,
        answered: query.text("status").map(|name| answered(&name)).transpose()?,
        since: query.moment("since", console)?,
        until: query.moment("until", console)?,
        before: query.number("before")?,
    })
}

/// One with all its tries.
pub async fn one(State(console): State<Console>, who: Caller, Id(id): Id) -> Result<Response, Refusal> {
    let job = move |tx: &mut Tx<'_>| reachable(tx, id, who.0);
    let (delivery, tries) = console.portal.core().store.read(job).await?;
    let zone = &console.portal.core().settings.zone;
    let tries = tries.iter().map(|tried| json::tried(tried, zone)).collect();
    Ok(ok(&json::delivery(&delivery, ("tries", tries), zone)))
}

/// Sends one again: `{"replayed": 1}`.
pub async fn replay(State(console): State<Console>, who: Caller, Id(id): Id) -> Result<Response, Refusal> {
    let now = clock::now();
    let job = move |tx: &mut Tx<'_>| {
        let (delivery, _) = reachable(tx, id, who.0)?;
        let text = "It is being sent, or its webhook is gone.";
        let refused = || Fault::new(409, "ERROR_NOT_REPLAYABLE", text).into();
        log::replay(tx, id, now)?.then_some(delivery.outbound_id).ok_or_else(refused)
    };
    let outbound: Result<i64, portal::Error> = console.portal.core().store.write(job).await;
    console.courier.poke(Lane::Retry, &[outbound?]);
    Ok(ok(&json!({"replayed": 1})))
}

/// Sends again what a webhook's handler failed to take: `{"replayed": n, "more": false}`. When there is more,
/// the same request again goes on.
pub async fn replay_failed(
    State(console): State<Console>,
    who: Caller,
    Id(id): Id,
    Body(again): Body<Again>,
) -> Result<Response, Refusal> {
    let (actor, now) = (who.0, clock::now());
    let since = again.since.map(|text| moment(&text, "since", &console)).transpose()?;
    let since = since.unwrap_or(Moment(i64::MIN));
    let (mut replayed, mut more) = (0, true);
    for _ in 0..STEPS {
        let job = move |tx: &mut Tx<'_>| {
            manage::reachable(tx, id, actor)?;
            log::replay_failed(tx, id, since, STEP, now)
        };
        let step = console.portal.core().store.write(job).await?;
        replayed += step;
        more = step == STEP as u64;
        if !more {
            break;
        }
    }
    console.courier.poke(Lane::Retry, &[id]);
    Ok(ok(&json!({"replayed": replayed, "more": more})))
}

/// A delivery that the actor may see: of a webhook within reach, or any for an administrator.
fn reachable(tx: &mut Tx<'_>, id: i64, actor: Actor) -> portal::Result<(Delivery, Vec<Tried>)> {
    let found = log::show(tx, id)?.ok_or_else(|| Fault::not_found("There is no such delivery."))?;
    if !actor.is_admin {
        manage::reachable(tx, found.0.outbound_id, actor)?;
    }
    Ok(found)
}

fn state(name: &str) -> Result<Stands, Fault> {
    let names = || Stands::ALL.map(Stands::name).join(", ");
    Stands::parse(name).ok_or_else(|| Fault::argument(format!("The states are {}.", names()), "state"))
}

fn answered(name: &str) -> Result<Answered, Fault> {
    let wrong = || Fault::argument("The statuses are 2xx, 3xx, 4xx, 5xx, none.", "status");
    Answered::parse(name).ok_or_else(wrong)
}
