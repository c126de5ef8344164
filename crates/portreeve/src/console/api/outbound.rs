//! Outbound webhooks: one's own, and everybody's for administrators (protocol 8).

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use portal::outbound::manage::{self, Outbound, Wish};
use portal::outbound::policy::Policy;
use portal::outbound::queue::Lane;
use portal::outbound::{Secrets, trial};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Tx;
use wire::{Fault, fault};

use super::ask::{Body, Caller, Id};
use super::refusal::Refusal;
use super::{answer, ok};
use crate::clock;
use crate::console::Console;
use crate::logs::MASK;
use crate::outbound::json;

/// A webhook as it is wanted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    title: String,
    #[serde(default)]
    comment: String,
    handler_url: String,
    events: Vec<String>,
    /// As `--retries` takes it.
    #[serde(default)]
    retries: String,
    #[serde(default)]
    ordered: bool,
}

impl Wanted {
    fn wish(self) -> Result<Wish, Fault> {
        let retries = Policy::parse(&self.retries);
        Ok(Wish {
            title: self.title,
            comment: self.comment,
            handler_url: self.handler_url,
            events: self.events,
            retries: retries.map_err(|error| Fault::argument(error.to_string(), "retries"))?,
            ordered: self.ordered,
        })
    }
}

/// Which event to send as a test.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    event: String,
}

/// `{"outbound": [..]}`, oldest first.
pub async fn list(State(console): State<Console>, who: Caller) -> Result<Response, Refusal> {
    let owner = who.sees();
    let found = console.portal.core().store.read(move |tx: &mut Tx<'_>| manage::list(tx, owner)).await?;
    Ok(ok(&json!({"outbound": found.iter().map(|one| shape(&console, one)).collect::<Value>()})))
}

/// One of them.
pub async fn one(State(console): State<Console>, who: Caller, Id(id): Id) -> Result<Response, Refusal> {
    Ok(ok(&shape(&console, &read(&console, who, id).await?)))
}

/// Makes one of the caller's own: 201, with the webhook as it became.
pub async fn create(
    State(console): State<Console>,
    who: Caller,
    Body(wanted): Body<Wanted>,
) -> Result<Response, Refusal> {
    let (core, owner, wish) = (Arc::clone(console.portal.core()), who.0.user_id, wanted.wish()?);
    let (secrets, now) = (Secrets::random(), clock::now());
    let job = move |tx: &mut Tx<'_>| manage::create(tx, &core, owner, &wish, &secrets, now);
    let id = console.portal.core().store.write(job).await?;
    tracing::info!(outbound = id, owner, "an outbound webhook was made");
    let made = shape(&console, &read(&console, who, id).await?);
    let location = [(LOCATION, format!("/api/outbound/{id}"))];
    Ok((location, answer(StatusCode::CREATED, &made)).into_response())
}

/// Changes one; what is not given becomes the usual. An administrator who changes another's becomes its owner.
pub async fn update(
    State(console): State<Console>,
    who: Caller,
    Id(id): Id,
    Body(wanted): Body<Wanted>,
) -> Result<Response, Refusal> {
    let (core, actor, wish) = (Arc::clone(console.portal.core()), who.0, wanted.wish()?);
    let job = move |tx: &mut Tx<'_>| manage::update(tx, &core, id, &wish, actor);
    console.portal.core().store.write(job).await?;
    tracing::info!(outbound = id, by = actor.user_id, "an outbound webhook was changed");
    wake(&console, id);
    Ok(ok(&shape(&console, &read(&console, who, id).await?)))
}

/// Deletes one: 204.
pub async fn delete(State(console): State<Console>, who: Caller, Id(id): Id) -> Result<Response, Refusal> {
    let actor = who.0;
    console.portal.core().store.write(move |tx: &mut Tx<'_>| manage::delete(tx, id, actor)).await?;
    tracing::info!(outbound = id, by = actor.user_id, "an outbound webhook was deleted");
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Lets one work again; what waited for it is sent.
pub async fn enable(State(console): State<Console>, who: Caller, Id(id): Id) -> Result<Response, Refusal> {
    set_active(&console, who, id, true).await
}

/// Pauses one.
pub async fn disable(State(console): State<Console>, who: Caller, Id(id): Id) -> Result<Response, Refusal> {
    set_active(&console, who, id, false).await
}

async fn set_active(console: &Console, who: Caller, id: i64, active: bool) -> Result<Response, Refusal> {
    let (core, actor) = (Arc::clone(console.portal.core()), who.0);
    let job = move |tx: &mut Tx<'_>| manage::set_active(tx, &core, id, active, actor);
    console.portal.core().store.write(job).await?;
    tracing::info!(outbound = id, by = actor.user_id, active, "an outbound webhook was switched");
    wake(console, id);
    Ok(ok(&shape(console, &read(console, who, id).await?)))
}

/// What waited for a webhook may go on.
fn wake(console: &Console, id: i64) {
    Lane::ALL.into_iter().for_each(|lane| console.courier.poke(lane, &[id]));
}

/// Sends the example of an event: 202, with the number under which the log tells what came of it.
pub async fn test(
    State(console): State<Console>,
    who: Caller,
    Id(id): Id,
    Body(Trial { event }): Body<Trial>,
) -> Result<Response, Refusal> {
    let (core, actor, now) = (Arc::clone(console.portal.core()), who.0, clock::now());
    let job = move |tx: &mut Tx<'_>| trial::send(tx, &core, id, &event, actor, now);
    let delivery = console.portal.core().store.write(job).await?;
    console.courier.poke(Lane::First, &[id]);
    Ok(answer(StatusCode::ACCEPTED, &json!({"delivery": delivery})))
}

/// Its secrets, for its owner alone; not even for administrators. POST, as on the page of an inbound webhook,
/// so that no link and no other site can ask for them.
pub async fn secrets(State(console): State<Console>, who: Caller, Id(id): Id) -> Result<Response, Refusal> {
    let (core, owner) = (Arc::clone(console.portal.core()), who.0.user_id);
    if read(&console, who, id).await?.user_id != owner {
        return Err(Fault::from(fault::ACCESS_DENIED).into());
    }
    let job = move |tx: &mut Tx<'_>| manage::reveal(tx, &core.keys, id, owner);
    let secrets = console.portal.core().store.read(job).await?;
    let secrets =
        secrets.ok_or_else(|| Fault::core("The secrets cannot be opened: the portal's key is another."))?;
    Ok(ok(&json!({
        "application_token": secrets.application_token,
        "signing_secret": secrets.signing_secret,
    })))
}

/// One that the caller may see.
async fn read(console: &Console, who: Caller, id: i64) -> Result<Outbound, Refusal> {
    let Caller(actor) = who;
    Ok(console.portal.core().store.read(move |tx: &mut Tx<'_>| manage::reachable(tx, id, actor)).await?)
}

/// A webhook, its secrets under asterisks.
fn shape(console: &Console, outbound: &Outbound) -> Value {
    let mut shape = json::outbound(outbound, &console.portal.core().settings.zone);
    shape["application_token"] = MASK.into();
    shape["signing_secret"] = MASK.into();
    shape
}
