//! Handlers that fail, for their owners and for administrators; and whether alerts arrive.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use portal::audit::{self, Action};
use portal::moment;
use portal::outbound::alert::{self, Trouble};
use serde_json::{Value, json};
use store::Tx;
use wire::Fault;

use super::ask::Caller;
use super::ok;
use super::refusal::{Refusal, in_words};
use crate::clock;
use crate::console::Console;
use crate::courier::Tried;

/// `{"troubles": [..]}`: one's own, and everybody's for administrators; the longest first.
pub async fn list(State(console): State<Console>, who: Caller) -> Result<Response, Refusal> {
    let (core, owner, now) =
        (Arc::clone(console.portal.core()), who.sees(), clock::now(console.portal.core()));
    let job = move |tx: &mut Tx<'_>| alert::troubles(tx, &core, owner, now);
    let found = console.portal.core().store.read(job).await?;
    let zone = console.portal.core().zone();
    let time = |seconds: i64| moment::print(&zone, seconds).to_string();
    let shape = |one: &Trouble| {
        json!({
            "integration": one.integration_id,
            "title": one.name,
            "user": {"id": one.owner.0, "name": one.owner.1},
            "off": one.because.is_some(),
            "because": one.because.as_deref().map(|why| in_words(why, who.1.language)),
            "since": one.since.map(time),
            "reason": one.reason,
            "times": one.times,
            "waiting": one.waiting,
            "more_waiting": one.waiting >= alert::MAX_COUNTED,
        })
    };
    Ok(ok(&json!({"troubles": found.iter().map(shape).collect::<Value>()})))
}

/// Sends a test alert to everybody who is told: `{"tried": [{"to", "error"}]}`; `to` is null for the alert URL.
pub async fn test(State(console): State<Console>, who: Caller) -> Result<Response, Refusal> {
    who.administers()?;
    let idle = || {
        Fault::new(
            409,
            "ERROR_NO_DELIVERIES",
            "The server was started with --no-deliveries and sends nothing.",
        )
    };
    let alerts = console.courier.alerts().ok_or_else(idle)?;
    let tried = alerts.try_out(clock::now(console.portal.core())).await?;
    if tried.is_empty() {
        let text = "Nobody is told: set an alert URL or a mail server and save it first.";
        return Err(Fault::new(409, "ERROR_NO_CHANNEL", text).into());
    }
    let shape = |one: &Tried| json!({"to": one.to, "error": one.error});
    Ok(ok(&json!({"tried": tried.iter().map(shape).collect::<Value>()})))
}

/// With what alerts to the present URL are signed: `{"secret": "whsec_.."}`.
pub async fn secret(State(console): State<Console>, who: Caller) -> Result<Response, Refusal> {
    who.administers()?;
    let (core, now) = (Arc::clone(console.portal.core()), clock::now(console.portal.core()));
    let none = || Fault::new(409, "ERROR_NO_ALERT_URL", "There is no alert URL.");
    let url = core.settings().alerts.url.open(&core.keys).ok_or_else(none)?;
    let job = move |tx: &mut Tx<'_>| {
        audit::note(tx, &who.by(), Action::SecretShown, "setting:alert_url", "signing secret of alerts", now)
    };
    core.store.write(job).await?;
    Ok(ok(&json!({"secret": alert::secret(&core.keys, &url)})))
}
