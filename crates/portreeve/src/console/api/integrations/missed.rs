//! What a handler has missed: events that were held while it was off, and deliveries to be sent again since a moment.

use std::time::{Duration, Instant};

use axum::extract::State;
use axum::response::Response;
use portal::Moment;
use portal::integration;
use portal::outbound::log::{self, Missed};
use portal::outbound::manage::Actor;
use portal::outbound::queue::{Lane, held};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Tx;
use wire::Fault;

use super::super::ask::{Body, Caller, Id, Query, moment};
use super::super::ok;
use super::super::refusal::Refusal;
use crate::console::Console;
use crate::{clock, when};

/// What is sent again in one transaction, and how long one request may go on with it.
const STEP: usize = 500;
const TIME: Duration = Duration::from_secs(5);

/// `{"held", "since", "first", "last", "dropped", "waiting"}`: how many events are held, how many of them were raised since
/// the moment `since`, when the first and the last were, how many were dropped since it went off, and how much waits.
pub async fn held(
    State(console): State<Console>,
    who: Caller,
    Id(id): Id,
    query: Query,
) -> Result<Response, Refusal> {
    let since = since(query.text("since").as_deref(), &console)?;
    let job = move |tx: &mut Tx<'_>| {
        let outbound = told(tx, id, who.0)?;
        held::count(tx, outbound, since)
    };
    let count: portal::Result<held::Count> = console.portal.core().store.read(job).await;
    let (count, zone) = (count?, &console.portal.core().zone());
    let time = |at: Option<Moment>| at.map_or(Value::Null, |at| when::exact(zone, at).into());
    Ok(ok(&json!({
        "held": count.held,
        "since": count.since,
        "first": time(count.span.map(|span| span.0)),
        "last": time(count.span.map(|span| span.1)),
        "dropped": count.dropped,
        "waiting": count.waiting,
    })))
}

/// `{"count": n}`: how many deliveries have ended of what was raised since the moment `since`; with `failed=true` only
/// those that were given up.
pub async fn missed(
    State(console): State<Console>,
    who: Caller,
    Id(id): Id,
    query: Query,
) -> Result<Response, Refusal> {
    let since = since(query.text("since").as_deref(), &console)?;
    let (failed, ended) =
        (query.text("failed").as_deref() == Some("true"), clock::now(console.portal.core()));
    let job = move |tx: &mut Tx<'_>| {
        let missed = Missed { outbound_id: told(tx, id, who.0)?, failed, since, ended };
        log::count_missed(tx, &missed)
    };
    let count: portal::Result<i64> = console.portal.core().store.read(job).await;
    Ok(ok(&json!({"count": count?})))
}

/// What is to be sent again.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Again {
    /// Raised since that moment; everything where there is none.
    #[serde(default)]
    since: Option<String>,
    /// Only what was given up.
    #[serde(default)]
    failed: bool,
    /// Where the request before came to, and when it began.
    #[serde(default)]
    after: Option<i64>,
    #[serde(default)]
    ended: Option<i64>,
}

/// Sends what [`missed`] counts again, the oldest first: `{"replayed": n, "after": null, "ended": e}`. Where there is more,
/// the same request with that `after` and `ended` goes on.
pub async fn replay_missed(
    State(console): State<Console>,
    who: Caller,
    Id(id): Id,
    Body(again): Body<Again>,
) -> Result<Response, Refusal> {
    let since = since(again.since.as_deref(), &console)?;
    let ended = again.ended.map_or_else(|| clock::now(console.portal.core()), Moment);
    let (begun, mut replayed, mut after) = (Instant::now(), 0, Some(again.after.unwrap_or(0)));
    while let Some(last) = after.filter(|_| begun.elapsed() < TIME) {
        let (failed, actor, now) = (again.failed, who.0, clock::now(console.portal.core()));
        let job = move |tx: &mut Tx<'_>| {
            let missed = Missed { outbound_id: told(tx, id, actor)?, failed, since, ended };
            let step = log::replay_missed(tx, &missed, last, STEP, Some(actor.user_id), now)?;
            portal::Result::Ok((step, missed.outbound_id))
        };
        let (step, outbound) = console.portal.core().store.write(job).await?;
        console.courier.poke(Lane::Retry, &[outbound]);
        replayed += step.count;
        after = step.last;
    }
    tracing::info!(by = who.0.user_id, integration = id, replayed, "deliveries are sent again");
    Ok(ok(&json!({"replayed": replayed, "after": after, "ended": ended.0})))
}

/// The outbound webhook of an integration that the actor may see.
pub(super) fn told(tx: &mut Tx<'_>, id: i64, actor: Actor) -> portal::Result<i64> {
    let found = integration::reachable(tx, id, actor)?;
    let silent = || Fault::argument("The integration has no outbound webhook.", "id");
    Ok(found.outbound.ok_or_else(silent)?.id)
}

fn since(text: Option<&str>, console: &Console) -> Result<Moment, Fault> {
    text.map_or(Ok(Moment(0)), |text| moment(text, "since", &console.portal))
}
