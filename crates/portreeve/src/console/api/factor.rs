//! A person's own second factor: where it stands, turning it on and off, and new recovery codes.

use std::fmt::Write;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use portal::audit::{self, Action};
use portal::user::factor::Step;
use portal::user::notice::{self, Notice};
use portal::user::people::object;
use portal::user::session::Found;
use portal::user::{self, factor, session};
use portal::{Core, Moment, moment};
use qrcodegen::{QrCode, QrCodeEcc};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Tx;
use url::Url;
use wire::Fault;

use super::account::prove;
use super::ask::{Body, Caller, Entrant};
use super::ok;
use super::refusal::{Refusal, too_many};
use super::session::unpassed;
use crate::clock;
use crate::console::Console;
use crate::console::sign_in::{Device, Second};
use crate::console::visit::{SESSION, Visit};

/// One's own password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Password {
    password: String,
}

/// A code of the app.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    code: String,
}

/// Both, which must be right: whoever finds an open browser, or a phone, has one of them at most.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Both {
    password: String,
    code: String,
}

/// `{"on", "since", "recovery", "required"}`: `recovery` is the number of codes that are left.
pub async fn show(
    State(console): State<Console>,
    Entrant { caller, .. }: Entrant,
) -> Result<Response, Refusal> {
    let actor = caller.0;
    let job = move |tx: &mut Tx<'_>| factor::standing(tx, actor.user_id);
    let standing = console.portal.core().store.read(job).await?;
    let zone = &console.portal.core().zone();
    Ok(ok(&json!({
        "on": standing.is_some(),
        "since": standing.map(|standing| moment::print(zone, standing.since).to_string()),
        "recovery": standing.map_or(0, |standing| standing.recovery),
        "required": console.portal.core().settings().require_totp.asks(actor.is_admin),
    })))
}

/// Makes a secret for who says the password again: `{"secret", "uri", "qr": {"size", "path"}}`. It is shown this once, and
/// holds when [`confirm`] has seen a code of it.
pub async fn begin(
    State(console): State<Console>,
    Entrant { caller, .. }: Entrant,
    Body(Password { password }): Body<Password>,
) -> Result<Response, Refusal> {
    prove(&console, &caller, password, "password").await?;
    let (core, secret, user_id) = (Arc::clone(console.portal.core()), factor::secret(), caller.0.user_id);
    let stored = secret.clone();
    let job = move |tx: &mut Tx<'_>| {
        factor::begin(tx, &core.keys, user_id, &stored)?;
        user::find(tx, user_id)
    };
    let user = console.portal.core().store.write(job).await?;
    let email = user.map(|user| user.email).unwrap_or_default();
    let uri = uri(&console.portal.core().settings().base_url, &email, &secret);
    Ok(ok(&json!({"secret": secret, "qr": picture(&uri), "uri": uri})))
}

/// Turns the second factor on: `{"codes": [..]}`, the recovery codes, which are shown this once. Sign-ins elsewhere end, and
/// this one goes on under a new token.
pub async fn confirm(
    State(console): State<Console>,
    visit: Visit,
    Entrant { caller, .. }: Entrant,
    Body(Code { code }): Body<Code>,
) -> Result<Response, Refusal> {
    let second = Second { user_id: caller.0.user_id, code: Some(code) };
    if !second.may_try(&console, &visit).await? {
        return Err(too_many());
    }
    let (codes, machine) = (factor::codes(), clock::machine());
    let stored = codes.clone();
    let job = move |tx: &mut Tx<'_>, core: &Core, here: Found, token: &str, now| {
        let code = second.code.as_deref().unwrap_or_default();
        factor::confirm(tx, &core.keys, here, (code, token), &stored, (machine, now))?;
        notice::tell(tx, core, here.user_id, Notice::FactorOn, now)?;
        audit::note(tx, &caller.by(), Action::FactorOn, object(here.user_id), "", now)
    };
    let cookies = renewed(&console, &visit, caller, job).await?;
    tracing::info!(user = caller.0.user_id, "two-factor sign-in was turned on");
    Ok((cookies, ok(&json!({"codes": codes}))).into_response())
}

/// Turns it off: 204. Sign-ins elsewhere end, as they do when it is turned on.
pub async fn end(
    State(console): State<Console>,
    visit: Visit,
    Entrant { caller, .. }: Entrant,
    Body(both): Body<Both>,
) -> Result<Response, Refusal> {
    prove_both(&console, &visit, &caller, both).await?;
    let job = move |tx: &mut Tx<'_>, core: &Core, here: Found, token: &str, now| {
        factor::turn_off(tx, &core.keys, here, token)?;
        notice::tell(tx, core, here.user_id, Notice::FactorOff, now)?;
        audit::note(tx, &caller.by(), Action::FactorOff, object(here.user_id), "", now)
    };
    let cookies = renewed(&console, &visit, caller, job).await?;
    tracing::info!(user = caller.0.user_id, "two-factor sign-in was turned off");
    Ok((StatusCode::NO_CONTENT, cookies).into_response())
}

/// Other recovery codes: `{"codes": [..]}`. Those of before are worth nothing any more.
pub async fn renew(
    State(console): State<Console>,
    visit: Visit,
    caller: Caller,
    Body(both): Body<Both>,
) -> Result<Response, Refusal> {
    prove_both(&console, &visit, &caller, both).await?;
    let (core, codes, now) =
        (Arc::clone(console.portal.core()), factor::codes(), clock::now(console.portal.core()));
    let (stored, user_id) = (codes.clone(), caller.0.user_id);
    let job = move |tx: &mut Tx<'_>| {
        factor::renew(tx, &core.keys, user_id, &stored)?;
        audit::note(tx, &caller.by(), Action::FactorRenewed, object(user_id), "", now)
    };
    console.portal.core().store.write(job).await?;
    Ok(ok(&json!({"codes": codes})))
}

/// Makes sure that the signed-in person has password and code; the code is used up.
async fn prove_both(console: &Console, visit: &Visit, caller: &Caller, both: Both) -> Result<(), Refusal> {
    prove(console, caller, both.password, "password").await?;
    let second = Second { user_id: caller.0.user_id, code: Some(both.code) };
    if !second.may_try(console, visit).await? {
        return Err(too_many());
    }
    let (core, by, time) =
        (Arc::clone(console.portal.core()), caller.by(), clock::both(console.portal.core()));
    let job = move |tx: &mut Tx<'_>| second.pass(tx, &core, &by, time);
    match console.portal.core().store.write(job).await? {
        Step::NotAsked => Err(Fault::new(409, "ERROR_NO_FACTOR", "Two-factor sign-in is off.").into()),
        step if step.is_passed() => Ok(()),
        step => Err(unpassed(step, visit).into()),
    }
}

type Cookies = AppendHeaders<[(axum::http::HeaderName, axum::http::HeaderValue); 2]>;

/// Does what gives a sign-in another token, and the cookies for that.
async fn renewed(
    console: &Console,
    visit: &Visit,
    Caller(actor, way): Caller,
    job: impl Fn(&mut Tx<'_>, &Core, Found, &str, Moment) -> portal::Result<()> + Send + 'static,
) -> Result<Cookies, Refusal> {
    let (core, now) = (Arc::clone(console.portal.core()), clock::now(console.portal.core()));
    let (token, device) = (session::token(), Device::of(visit));
    let (stored, known) = (token.clone(), device.clone());
    let job = move |tx: &mut Tx<'_>| {
        job(tx, &core, way.session, &stored, now)?;
        known.remember(tx, &core.keys, actor.user_id, now)
    };
    console.portal.core().store.write(job).await?;
    let lasts = way.session.expires.map(|expires| expires - now.seconds());
    let cookies = [visit.cookie(SESSION, &token, lasts), device.cookie(visit)];
    Ok(AppendHeaders(cookies.map(|cookie| (SET_COOKIE, cookie))))
}

/// What apps read from a QR code (Key Uri Format of Google Authenticator): the algorithm, digits and period are the usual
/// ones, which some apps take for granted.
fn uri(base_url: &str, email: &str, secret: &str) -> String {
    let host = Url::parse(base_url).ok().and_then(|url| url.host_str().map(str::to_owned));
    let issuer = format!("Portreeve {}", host.unwrap_or_default());
    let [issuer, email] = [issuer.trim(), email].map(|text| utf8_percent_encode(text, NON_ALPHANUMERIC));
    format!("otpauth://totp/{issuer}:{email}?secret={secret}&issuer={issuer}")
}

/// A QR code as a path of squares, one unit each: the page draws it without another picture's address.
fn picture(text: &str) -> Value {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else { return Value::Null };
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            write!(path, "M{x} {y}h1v1h-1z").expect("a string takes everything");
        }
    }
    json!({"size": code.size(), "path": path})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_is_told_whose_code_it_is() {
        let uri = uri("https://crm.example.com:8443", "a+b@example.com", "ABC");
        let issuer = "Portreeve%20crm%2Eexample%2Ecom";
        assert_eq!(uri, format!("otpauth://totp/{issuer}:a%2Bb%40example%2Ecom?secret=ABC&issuer={issuer}"));
        let picture = picture(&uri);
        let squares = picture["path"].as_str().unwrap().matches('M').count();
        assert!(squares > 300 && picture["size"].as_i64().unwrap() > 25, "{picture}");
        assert_eq!(super::picture(&"x".repeat(5_000)), Value::Null);
    }
}
