//! People's own sign-ins: changing the password, listing sign-ins and ending them.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Response};
use portal::audit::{self, Action};
use portal::moment;
use portal::user::notice::{self, Notice};
use portal::user::people::object;
use portal::user::{self, Hashed, device, session};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Tx;
use wire::Fault;

use super::ask::{Body, Caller, Id};
use super::ok;
use super::refusal::{Refusal, too_many};
use crate::clock;
use crate::console::Console;
use crate::console::sign_in::{self, Device};
use crate::console::visit::{SESSION, Visit};

/// Another password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passwords {
    current: String,
    new: String,
}

/// Changes one's password: 204. Sign-ins elsewhere end, and this one goes on under a new token.
pub async fn password(
    State(console): State<Console>,
    visit: Visit,
    who: Caller,
    Body(passwords): Body<Passwords>,
) -> Result<Response, Refusal> {
    let (Caller(actor, way), now) = (who, clock::now(console.portal.core()));
    prove(&console, &who, passwords.current, "current").await?;
    let user_id = actor.user_id;
    let own = console.portal.core().store.read(move |tx: &mut Tx<'_>| user::find(tx, user_id)).await?;
    let about = own.map(|own| vec![own.email, own.name, own.last_name]).unwrap_or_default();
    let hashed = hashed(&console, passwords.new, "new", about).await?;
    let (core, token, device) = (Arc::clone(console.portal.core()), session::token(), Device::of(&visit));
    let (renewed, known) = (token.clone(), device.clone());
    let job = move |tx: &mut Tx<'_>| {
        user::change_password(tx, &core.keys, &hashed, way.session, &renewed)?;
        known.remember(tx, &core.keys, actor.user_id, now)?;
        notice::tell(tx, &core, actor.user_id, Notice::Password, now)?;
        audit::note(tx, &who.by(), Action::PasswordSet, object(actor.user_id), "", now)
    };
    console.portal.core().store.write(job).await?;
    let lasts = way.session.expires.map(|expires| expires - now.seconds());
    let cookies = [visit.cookie(SESSION, &token, lasts), device.cookie(&visit)];
    Ok((StatusCode::NO_CONTENT, AppendHeaders(cookies.map(|cookie| (SET_COOKIE, cookie)))).into_response())
}

/// Makes sure that it is the signed-in person who asks, and not somebody who found an open browser: by the password.
///
/// # Errors
/// 422 `ERROR_SIGN_IN` about `field`; 429 `ERROR_TOO_MANY_TRIES`.
pub async fn prove(console: &Console, who: &Caller, password: String, field: &str) -> Result<(), Refusal> {
    let user_id = who.0.user_id;
    let (core, account) = (console.portal.core(), format!("user {user_id}"));
    if !console.guard.admit(core, who.1.address, &account, clock::both(core).machine).await? {
        return Err(too_many());
    }
    let credentials = move |tx: &mut Tx<'_>| user::credentials_of(tx, user_id);
    let credentials = console.portal.core().store.read(credentials).await?;
    if sign_in::compare(console, credentials, password).await.is_none() {
        let text = "The current password is wrong.";
        return Err(Fault::new(422, "ERROR_SIGN_IN", text).with("argument", field.to_owned()).into());
    }
    Ok(())
}

/// A password that somebody chose of whom that is known, as it is stored.
///
/// # Errors
/// `ERROR_ARGUMENT` about `field` when it is too short, too long, or guessed too easily.
pub async fn hashed(
    console: &Console,
    password: String,
    field: &str,
    about: Vec<String>,
) -> Result<Hashed, Refusal> {
    if password.chars().count() < user::SHORTEST {
        let text = format!("The password must have at least {} characters.", user::SHORTEST);
        return Err(Fault::argument(text, field).into());
    }
    if password.chars().count() > user::LONGEST {
        let text = format!("The password must have at most {} characters.", user::LONGEST);
        return Err(Fault::argument(text, field).into());
    }
    let hash = move || (!user::is_guessed(&password, &about)).then(|| Hashed::new(&password));
    let hashed = console.guard.in_turn(hash).await;
    let hashed =
        hashed.ok_or_else(|| Fault::new(500, "INTERNAL_SERVER_ERROR", "The password could not be saved."))?;
    let text = "The password is guessed too easily: take several words that nobody expects together, or have it made up.";
    Ok(hashed.ok_or_else(|| Fault::argument(text, field))?)
}

/// `{"sessions": [..]}`: one's own, the newest first.
pub async fn sessions(State(console): State<Console>, who: Caller) -> Result<Response, Refusal> {
    let (Caller(actor, way), now) = (who, clock::now(console.portal.core()));
    let job = move |tx: &mut Tx<'_>| session::list(tx, actor.user_id, now);
    let found = console.portal.core().store.read(job).await?;
    let zone = &console.portal.core().zone();
    let shape = |one: &session::Session| {
        json!({
            "id": one.id,
            "created": moment::print(zone, one.created).to_string(),
            "seen": moment::print(zone, one.seen).to_string(),
            "address": one.address,
            "agent": one.agent,
            "current": one.id == way.session.id,
        })
    };
    Ok(ok(&json!({"sessions": found.iter().map(shape).collect::<Value>()})))
}

/// Ends one of one's own sign-ins: 204.
pub async fn end(State(console): State<Console>, who: Caller, Id(id): Id) -> Result<Response, Refusal> {
    let (Caller(actor, _), now) = (who, clock::now(console.portal.core()));
    let job = move |tx: &mut Tx<'_>| {
        if !session::end(tx, actor.user_id, id)? {
            return Err(Fault::not_found("The session does not exist.").into());
        }
        audit::note(tx, &who.by(), Action::SignedOut, object(actor.user_id), "one sign-in", now)
    };
    console.portal.core().store.write(job).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Ends all of them, this one included: 204. No browser is known any more.
pub async fn end_all(State(console): State<Console>, visit: Visit, who: Caller) -> Result<Response, Refusal> {
    let (Caller(actor, _), now) = (who, clock::now(console.portal.core()));
    let job = move |tx: &mut Tx<'_>| {
        session::end_all(tx, actor.user_id)?;
        device::forget_all(tx, actor.user_id)?;
        audit::note(tx, &who.by(), Action::SignedOut, object(actor.user_id), "everywhere", now)
    };
    console.portal.core().store.write(job).await?;
    let cookie = AppendHeaders([(SET_COOKIE, visit.no_cookie(SESSION))]);
    Ok((StatusCode::NO_CONTENT, cookie).into_response())
}
