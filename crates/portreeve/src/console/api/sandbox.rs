//! What administrators bend the portal with: its clock, and fault rules.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use portal::clock::Turn;
use portal::faults::{Faults, Rule};
use serde::Serialize;
use serde_json::{Value, json};
use store::Tx;
use wire::fault;

use super::ask::Caller;
use crate::api::ask::{Body, Id};
use crate::api::clock::{self as api_clock, Clock, Turned};
use crate::api::faults::{self, Rules};
use crate::api::refusal::Refusal;
use crate::clock;
use crate::console::Console;

/// What the banners of every page say.
#[derive(Serialize)]
pub struct Bent {
    clock: Clock,
    /// How many fault rules hold.
    faults: usize,
}

/// What is bent at this moment.
pub async fn show(State(console): State<Console>, who: Caller) -> Result<Json<Bent>, Refusal> {
    who.administers()?;
    let core = console.portal.core().clone();
    let shared = console.portal.core().store.read(move |tx: &mut Tx<'_>| core.current(tx)).await?;
    let clock = Clock::of(&console.portal, shared.meta.clock);
    Ok(Json(Bent { clock, faults: Faults::of(&shared.meta).rules.len() }))
}

/// Moves, freezes or thaws the clock.
pub async fn turn(
    State(console): State<Console>,
    who: Caller,
    Body(wanted): Body<Turned>,
) -> Result<Json<Clock>, Refusal> {
    who.administers()?;
    let turn = wanted.turn(&console.portal)?;
    Ok(Json(api_clock::turn(&console.portal, turn, who.by()).await?))
}

/// Sets the clock to the machine's time.
pub async fn reset(State(console): State<Console>, who: Caller) -> Result<Json<Clock>, Refusal> {
    who.administers()?;
    Ok(Json(api_clock::turn(&console.portal, Turn::RESET, who.by()).await?))
}

/// The rules that hold.
pub async fn list(State(console): State<Console>, who: Caller) -> Result<Json<Rules>, Refusal> {
    who.administers()?;
    Ok(Json(faults::list(&console.portal).await?))
}

/// The protocol's table of errors: code, status and words.
pub async fn codes(who: Caller) -> Result<Json<Vec<Value>>, Refusal> {
    who.administers()?;
    let row = |one: &fault::System| json!({"code": one.code, "status": one.status, "message": one.message});
    Ok(Json(fault::SYSTEM.iter().map(row).collect()))
}

/// Adds a rule.
pub async fn add(
    State(console): State<Console>,
    who: Caller,
    Body(rule): Body<Rule>,
) -> Result<Json<Rule>, Refusal> {
    who.administers()?;
    Ok(Json(console.portal.add_fault(rule, who.by(), clock::now(console.portal.core())).await?))
}

/// Removes all rules.
pub async fn clear(State(console): State<Console>, who: Caller) -> Result<StatusCode, Refusal> {
    who.administers()?;
    console.portal.clear_faults(who.by(), clock::now(console.portal.core())).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes a rule.
pub async fn remove(State(console): State<Console>, who: Caller, Id(id): Id) -> Result<StatusCode, Refusal> {
    who.administers()?;
    Ok(faults::remove(&console.portal, id, who.by()).await?)
}
