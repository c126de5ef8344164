//! Signing in and out, and what a page needs to know first: who is there, and on which portal.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Response};
use portal::Moment;
use portal::audit::By;
use portal::settings::Settings;
use portal::user::factor::{self, Step};
use portal::user::{session, welcome};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Tx;
use wire::Fault;

use super::ask::{Body, Caller, Entrant, foreign};
use super::ok;
use super::refusal::{Refusal, too_many};
use crate::console::Console;
use crate::console::sign_in::{self, Second};
use crate::console::visit::{SESSION, SignedIn, VISITOR, Visit, page_token, user_of};
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
    /// A code of the second factor, where the account has one.
    code: Option<String>,
    /// Whether the browser is to remember it when it is closed.
    #[serde(default)]
    remember: bool,
}

/// Who is there, for whoever asks: a browser that has neither a sign-in nor a visit gets the cookie of a visit.
pub async fn show(State(console): State<Console>, visit: Visit) -> Result<Response, Refusal> {
    let keys = &console.portal.core().keys;
    if let Some(token) = visit.session.clone()
        && let Some(signed_in) = user_of(&console, token.clone()).await?
    {
        return Ok(ok(&shape(&console, &page_token(keys, &token), Some(&signed_in)).await?));
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
    enter(&console, &visit, Second { user_id: user, code: entry.code }, entry.remember, |_, _, _| Ok(()))
        .await
}

/// Begins a sign-in, with what belongs to it, and shows it.
///
/// # Errors
/// 422 `ERROR_CODE_NEEDED` where the account has a second factor and there is no code, 422 `ERROR_CODE` where that is wrong;
/// 429 `ERROR_TOO_MANY_TRIES`.
pub async fn enter(
    console: &Console,
    visit: &Visit,
    second: Second,
    remember: bool,
    also: impl Fn(&mut Tx<'_>, &By, Moment) -> portal::Result<()> + Send + 'static,
) -> Result<Response, Refusal> {
    if !second.may_try(console, visit).await? {
        return Err(too_many());
    }
    let begun = sign_in::begin(console, visit, second, remember, also).await?;
    let begun = begun.map_err(|step| unpassed(step, visit))?;
    let signed_in = user_of(console, begun.token.clone()).await?;
    let shape =
        shape(console, &page_token(&console.portal.core().keys, &begun.token), signed_in.as_ref()).await?;
    let cookies = begun.cookies.into_iter().chain([visit.no_cookie(VISITOR)]);
    Ok((AppendHeaders(cookies.map(|cookie| (SET_COOKIE, cookie))), ok(&shape)).into_response())
}

/// Why somebody with the password is not let in.
pub fn unpassed(step: Step, visit: &Visit) -> Fault {
    if step == Step::Missing {
        let text = "The account has two-factor sign-in. Enter a code.";
        return Fault::new(422, "ERROR_CODE_NEEDED", text).with("argument", "code");
    }
    if FAILED.admits(|more| tracing::warn!(more, "sign-ins failed within a minute")) {
        tracing::warn!(address = %visit.origin.address, "a code of a second factor was wrong");
    }
    factor::wrong()
}

/// Signs out: 204.
pub async fn sign_out(
    State(console): State<Console>,
    visit: Visit,
    Entrant { caller: Caller(actor, way), .. }: Entrant,
) -> Result<Response, Refusal> {
    let job = move |tx: &mut Tx<'_>| session::end(tx, actor.user_id, way.session.id);
    console.portal.core().store.write(job).await?;
    let cookie = AppendHeaders([(SET_COOKIE, visit.no_cookie(SESSION))]);
    Ok((StatusCode::NO_CONTENT, cookie).into_response())
}

/// `{token, setup, user, portal}`; who is not signed in is told little of the portal.
async fn shape(console: &Console, token: &str, who: Option<&SignedIn>) -> Result<Value, Refusal> {
    let setup = console.portal.core().store.read(welcome::is_setup).await?;
    let settings = &console.portal.core().settings();
    Ok(json!({
        "token": token,
        "setup": setup,
        "user": who.map(person),
        "portal": if who.is_some_and(|who| !who.lacks_factor) { portal(console, settings) } else { stranger(console, settings) },
    }))
}

fn person(SignedIn { user, lacks_factor, .. }: &SignedIn) -> Value {
    json!({
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "last_name": user.last_name,
        "is_admin": user.is_admin,
        "time_zone": user.time_zone,
        "lacks_factor": lacks_factor,
    })
}

fn stranger(console: &Console, settings: &Settings) -> Value {
    json!({
        "base_url": settings.base_url,
        // Whether there is a way back in for who forgot a password.
        "mail": console.sends_mail(),
    })
}

fn portal(console: &Console, settings: &Settings) -> Value {
    let mut shape = stranger(console, settings);
    shape["version"] = env!("CARGO_PKG_VERSION").into();
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
