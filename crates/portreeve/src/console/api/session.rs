//! Signing in and out, and what a page needs to know first: who is there, and on which portal.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Response};
use portal::settings::Settings;
use portal::user::{User, session, welcome};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Tx;
use wire::Fault;

use super::ask::{Body, Caller, foreign};
use super::ok;
use super::refusal::{Refusal, too_many};
use crate::console::visit::{SESSION, SignedIn, VISITOR, Visit, page_token, user_of};
use crate::console::{Console, sign_in};
use crate::logs::Tally;

/// No address is longer; what is longer would only fill the memory of tries.
const EMAIL: usize = 254;

/// Sign-ins that failed: anybody can try any number of them.
static FAILED: Tally = Tally::new(1);
/// Those that were not even tried.
static THROTTLED: Tally = Tally::new(1);

/// Who wants in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    email: String,
    password: String,
    /// Whether the browser is to remember it when it is closed.
    #[serde(default)]
    remember: bool,
}

/// Who is there, for whoever asks: a browser that has neither a sign-in nor a visit gets the cookie of a visit.
pub async fn show(State(console): State<Console>, visit: Visit) -> Result<Response, Refusal> {
    let keys = &console.portal.core().keys;
    if let Some(token) = visit.session.clone()
        && let Some(SignedIn { user, .. }) = user_of(&console, token.clone()).await?
    {
        return Ok(ok(&shape(&console, &page_token(keys, &token), Some(&user)).await?));
    }
    let over = visit.session.is_some().then(|| (SET_COOKIE, visit.no_cookie(SESSION)));
    let (token, cookie) = match visit.visitor.clone() {
        Some(token) => (token, None),
        None => {
            let token = session::token();
            let cookie = visit.cookie(VISITOR, &token, Some(session::LIFETIME));
            (token, Some((SET_COOKIE, cookie)))
        }
    };
    let shape = shape(&console, &page_token(keys, &token), None).await?;
    Ok((AppendHeaders([over, cookie].into_iter().flatten()), ok(&shape)).into_response())
}

/// Checks a password and signs in.
pub async fn sign_in(
    State(console): State<Console>,
    visit: Visit,
    Body(entry): Body<Entry>,
) -> Result<Response, Refusal> {
    let keys = &console.portal.core().keys;
    if ![&visit.session, &visit.visitor].into_iter().any(|token| visit.carries(keys, token.as_ref())) {
        return Err(foreign());
    }
    let email: String = entry.email.trim().chars().take(EMAIL).collect();
    if !sign_in::may_try(&console, &visit, &email).await? {
        if THROTTLED.admits(|more| tracing::warn!(more, "too many tries to sign in within a minute")) {
            tracing::warn!(address = %visit.origin.address, "too many tries to sign in");
        }
        return Err(too_many());
    }
    let Some(user) = sign_in::check(&console, email, entry.password).await? else {
        if FAILED.admits(|more| tracing::warn!(more, "sign-ins failed within a minute")) {
            tracing::warn!(address = %visit.origin.address, "a sign-in failed");
        }
        let text = "The e-mail address or password is wrong.";
        return Err(Fault::new(422, "ERROR_SIGN_IN", text).into());
    };
    enter(&console, &visit, user, entry.remember).await
}

/// Begins a sign-in and shows it.
pub async fn enter(
    console: &Console,
    visit: &Visit,
    user_id: i64,
    remember: bool,
) -> Result<Response, Refusal> {
    let begun = sign_in::begin(console, visit, user_id, remember).await?;
    let user = user_of(console, begun.token.clone()).await?.map(|signed_in| signed_in.user);
    let shape = shape(console, &page_token(&console.portal.core().keys, &begun.token), user.as_ref()).await?;
    let cookies = begun.cookies.into_iter().chain([visit.no_cookie(VISITOR)]);
    Ok((AppendHeaders(cookies.map(|cookie| (SET_COOKIE, cookie))), ok(&shape)).into_response())
}

/// Signs out: 204.
pub async fn sign_out(
    State(console): State<Console>,
    visit: Visit,
    who: Caller,
) -> Result<Response, Refusal> {
    let Caller(actor, way) = who;
    let job = move |tx: &mut Tx<'_>| session::end(tx, actor.user_id, way.session.id);
    console.portal.core().store.write(job).await?;
    let cookie = AppendHeaders([(SET_COOKIE, visit.no_cookie(SESSION))]);
    Ok((StatusCode::NO_CONTENT, cookie).into_response())
}

/// `{token, setup, user, portal}`; who is not signed in is told little of the portal.
async fn shape(console: &Console, token: &str, user: Option<&User>) -> Result<Value, Refusal> {
    let setup = console.portal.core().store.read(welcome::is_setup).await?;
    let settings = &console.portal.core().settings();
    Ok(json!({
        "token": token,
        "setup": setup,
        "user": user.map(person),
        "portal": if user.is_some() { portal(console, settings) } else { stranger(console, settings) },
    }))
}

fn person(user: &User) -> Value {
    json!({
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "last_name": user.last_name,
        "is_admin": user.is_admin,
        "time_zone": user.time_zone,
    })
}

fn stranger(console: &Console, settings: &Settings) -> Value {
    json!({
        "base_url": settings.base_url,
        "version": env!("CARGO_PKG_VERSION"),
        // Whether there is a way back in for who forgot a password.
        "mail": console.sends_mail(),
    })
}

fn portal(console: &Console, settings: &Settings) -> Value {
    let mut shape = stranger(console, settings);
    shape["edition"] = settings.edition.code().into();
    shape["licence"] = settings.licence.code().into();
    shape["outbound_available"] = settings.outbound_available().into();
    shape["outbound_per_employee"] = settings.outbound_per_employee.into();
    shape["secret_overlap_hours"] = settings.secret_overlap_hours.into();
    shape["handler_rate"] = settings.handler_limits.rate.into();
    shape["handler_concurrency"] = settings.handler_limits.concurrency.into();
    shape["time_zone"] = settings.zone.iana_name().unwrap_or("UTC").into();
    shape["limits"] = settings.limits.code().into();
    shape
}
