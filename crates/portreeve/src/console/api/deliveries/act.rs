//! Sending deliveries again, cancelling them, and sending one to another address.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::response::Response;
use portal::Moment;
use portal::outbound::forward;
use portal::outbound::log::{self, Cancelled, Filter, Replayed};
use portal::outbound::manage::Actor;
use portal::outbound::queue::Lane;
use serde::Deserialize;
use serde_json::{Value, json};
use store::Tx;
use wire::Fault;

use super::super::ask::{Body, Caller, Id};
use super::super::ok;
use super::super::refusal::Refusal;
use crate::api::deliveries::{Wanted, in_page};
use crate::clock;
use crate::console::Console;

/// What is changed in one transaction, and how long one request may go on with it.
const STEP: usize = 200;
const TIME: Duration = Duration::from_secs(5);

/// Sends one again: `{"replayed": 1}`.
pub async fn replay(State(console): State<Console>, who: Caller, Id(id): Id) -> Result<Response, Refusal> {
    let done = write(&console, vec![id], &who, replay_each).await?;
    if done.count == 0 {
        let text = "The delivery is being sent, or its webhook has been deleted.";
        return Err(Fault::new(409, "ERROR_NOT_REPLAYABLE", text).into());
    }
    console.courier.poke(Lane::Retry, &done.outbounds.into_iter().collect::<Vec<_>>());
    Ok(ok(&json!({"replayed": 1})))
}

/// Sends again what a filter finds, or the deliveries of these numbers: `{"replayed": n, "more": false, "before":
/// null}`. Where there is more, the same request with that `before` goes on. What is being sent is left out, and
/// what has no webhook any more.
pub async fn replay_many(
    State(console): State<Console>,
    who: Caller,
    Body(wanted): Body<Wanted>,
) -> Result<Response, Refusal> {
    let done = match checked(&wanted)? {
        Some(ids) => write(&console, ids, &who, replay_each).await?,
        None => step_by_step(&console, &wanted, &who, log::replay_found).await?,
    };
    console.courier.poke(Lane::Retry, &done.outbounds.iter().copied().collect::<Vec<_>>());
    tracing::info!(by = who.0.user_id, replayed = done.count, "deliveries are sent again");
    Ok(told("replayed", &done))
}

fn replay_each(tx: &mut Tx<'_>, ids: &[i64], actor: Actor, now: Moment) -> portal::Result<Replayed> {
    let mut done = Replayed::default();
    for id in ids {
        let (delivery, _) = log::reachable(tx, *id, actor)?;
        if log::replay(tx, *id, Some(actor.user_id), now)? {
            done.count += 1;
            done.outbounds.insert(delivery.outbound_id);
        }
    }
    Ok(done)
}

/// Cancels one that waits: `{"cancelled": 1}`.
pub async fn cancel(State(console): State<Console>, who: Caller, Id(id): Id) -> Result<Response, Refusal> {
    let done = write(&console, vec![id], &who, cancel_each).await?;
    if done.count == 0 {
        let text = "The delivery does not wait: it is being sent or has ended.";
        return Err(Fault::new(409, "ERROR_NOT_CANCELLABLE", text).into());
    }
    console.courier.poke(Lane::First, &done.outbounds.into_iter().collect::<Vec<_>>());
    Ok(ok(&json!({"cancelled": 1})))
}

/// Cancels what a filter finds and what waits of it, or the deliveries of these numbers: `{"cancelled": n, "more": false,
/// "before": null}`, to go on as with [`replay_many`]. What is held is cancelled where that is what the filter asks for.
pub async fn cancel_many(
    State(console): State<Console>,
    who: Caller,
    Body(wanted): Body<Wanted>,
) -> Result<Response, Refusal> {
    let done = match checked(&wanted)? {
        Some(ids) => write(&console, ids, &who, cancel_each).await?,
        None => step_by_step(&console, &wanted, &who, log::cancel_found).await?,
    };
    let outbounds: Vec<i64> = done.outbounds.iter().copied().collect();
    Lane::ALL.into_iter().for_each(|lane| console.courier.poke(lane, &outbounds));
    tracing::info!(by = who.0.user_id, cancelled = done.count, "deliveries were cancelled");
    Ok(told("cancelled", &done))
}

fn cancel_each(tx: &mut Tx<'_>, ids: &[i64], actor: Actor, now: Moment) -> portal::Result<Replayed> {
    for id in ids {
        log::reachable(tx, *id, actor)?;
    }
    let Cancelled { count, outbounds } = log::cancel(tx, ids, Some(actor.user_id), now)?;
    Ok(Replayed { count, outbounds, before: None })
}

/// The numbers that are wanted, if it is those.
fn checked(wanted: &Wanted) -> Result<Option<Vec<i64>>, Fault> {
    match &wanted.ids {
        Some(ids) if ids.len() > STEP => {
            Err(Fault::argument(format!("ids can have at most {STEP} values."), "ids"))
        }
        ids => Ok(ids.clone()),
    }
}

/// Something done to the deliveries of these numbers, all of which the actor must be allowed to see.
type Each = fn(&mut Tx<'_>, &[i64], Actor, Moment) -> portal::Result<Replayed>;

async fn write(console: &Console, ids: Vec<i64>, who: &Caller, each: Each) -> Result<Replayed, Refusal> {
    let (now, actor) = (clock::now(console.portal.core()), who.0);
    let job = move |tx: &mut Tx<'_>| each(tx, &ids, actor, now);
    Ok(console.portal.core().store.write(job).await?)
}

/// One step through what a filter finds: see [`log::replay_found`].
type Step = fn(&mut Tx<'_>, &Filter, usize, Option<i64>, Moment) -> portal::Result<Replayed>;

/// Takes steps until all is done or the time is over.
async fn step_by_step(
    console: &Console,
    wanted: &Wanted,
    who: &Caller,
    step: Step,
) -> Result<Replayed, Refusal> {
    let (now, begun, by) = (clock::now(console.portal.core()), Instant::now(), Some(who.0.user_id));
    let (mut filter, mut done) = (wanted.filter(who.sees(), &console.portal)?, Replayed::default());
    while begun.elapsed() < TIME {
        let asked = filter.clone();
        let job = move |tx: &mut Tx<'_>| step(tx, &asked, STEP, by, now);
        let mut found = console.portal.core().store.write(job).await?;
        console.courier.poke(Lane::Retry, &found.outbounds.iter().copied().collect::<Vec<_>>());
        done.count += found.count;
        done.outbounds.append(&mut found.outbounds);
        done.before = found.before;
        filter.before = found.before;
        if found.before.is_none() {
            break;
        }
    }
    Ok(done)
}

fn told(name: &str, done: &Replayed) -> Response {
    ok(&json!({name: done.count, "more": done.before.is_some(), "before": done.before}))
}

/// Where one is to be sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Elsewhere {
    url: String,
    /// Whether the webhook's own token, signature and headers go along.
    #[serde(default)]
    secrets: bool,
}

/// Sends one once to another address, and gives the answer as that of a try, with the `application_token` and the
/// `signing_secret` that were made for it, unless the webhook's own went along.
pub async fn forward(
    State(console): State<Console>,
    who: Caller,
    Id(id): Id,
    Body(Elsewhere { url, secrets }): Body<Elsewhere>,
) -> Result<Response, Refusal> {
    if !console.courier.sends() {
        let text = "The server was started with --no-deliveries and sends nothing.";
        return Err(Fault::new(409, "ERROR_NO_DELIVERIES", text).into());
    }
    let (core, now) = (Arc::clone(console.portal.core()), clock::now(console.portal.core()));
    let request = forward::Request { id, url: url.trim().to_owned(), with_secrets: secrets };
    let asked = request.clone();
    let job = move |tx: &mut Tx<'_>| forward::admit(tx, &core, &asked, (who.0, &who.by()), now);
    let admitted = console.portal.core().store.write(job).await?;
    let sent = console.courier.forward(console.portal.core(), &admitted, &request.url).await;
    let busy = || Fault::new(429, "ERROR_BUSY", "Too many deliveries are being sent to other addresses.");
    let sent = sent.ok_or_else(busy)?;
    let noted = log::Forwarded {
        host: admitted.host,
        with_secrets: secrets,
        status: sent.attempt.status,
        error: sent.attempt.error.clone(),
    };
    let (by, at) = (Some(who.0.user_id), sent.attempt.started);
    let job = move |tx: &mut Tx<'_>| log::note_forwarded(tx, id, &noted, by, at);
    console.portal.core().store.write(job).await?;
    let tried = log::Tried { number: 1, attempt: sent.attempt };
    let mut shape = in_page(&tried, &console.portal.core().zone(), who.1.language);
    shape["application_token"] =
        sent.secrets.as_ref().map_or(Value::Null, |own| own.application_token.as_str().into());
    shape["signing_secret"] =
        sent.secrets.as_ref().map_or(Value::Null, |own| own.signing_secret.as_str().into());
    Ok(ok(&shape))
}
